import ModelFiles

/// Measurements inside one process, for `scripts/bench predict`: the models of a folder, microseconds a prediction.
@main
struct DigitdBench {
    static func main() throws {
        let folder = CommandLine.arguments.dropFirst().first ?? "Models"
        let benchmark = PredictionBenchmark(bitmapCount: 10_000, roundCount: 15)
        print("one prediction in process, microseconds over 10,000 different digits, 15 rounds: median (minimum to maximum)")
        for served in try ModelSnapshot(folder: folder).models {
            let timing = benchmark.run(served.model)
            print("\(served.name.rawValue): \(text(timing.median)) (\(text(timing.minimum)) to \(text(timing.maximum)))")
        }
    }

    /// Two decimals.
    private static func text(_ microseconds: Double) -> String {
        let hundredths = Int((microseconds * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
