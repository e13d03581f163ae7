import ArgumentParser
import ModelFiles

/// Microseconds a prediction by each model of a folder.
struct PredictionTimingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "predict", abstract: "Time one prediction by each model of a folder.")

    @Argument(help: "The folder.")
    var models = "Models"

    func run() throws {
        let benchmark = PredictionBenchmark(bitmapCount: 10_000, roundCount: 15)
        print("one prediction in process, microseconds over 10,000 different digits, 15 rounds: median (minimum to maximum)")
        for loaded in try ModelSet(folder: models).models {
            let timing = benchmark.run(loaded.model)
            print("\(loaded.name.rawValue): \(text(timing.median)) (\(text(timing.minimum)) to \(text(timing.maximum)))")
        }
    }

    /// Two decimals.
    private func text(_ microseconds: Double) -> String {
        let hundredths = Int((microseconds * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
