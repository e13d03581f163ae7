import ArgumentParser
import Classifiers
import Digits
import Files
import ModelSelection

/// Seconds and memory of one fit on all rows of a file, as JSON.
struct FitTimingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit", abstract: "Time one fit on all rows of a data set, as a search fits: for a digit, without probabilities.")

    @Argument(help: "The classifier.")
    var classifier: String

    @Argument(help: "The data set.")
    var data: String

    @Option(help: "A hyperparameter, NAME=VALUE; may be repeated.")
    var param: [String] = []

    func run() throws {
        guard let name = ClassifierName(rawValue: classifier) else { throw ValidationError("unknown classifier \(classifier)") }
        let parameters = try Candidate(classifier: name, values: values()).parameters
        let dataset = try DigitDataset(contentsOfFile: data)
        let start = ContinuousClock.now
        try fit(parameters, dataset)
        let elapsed = ContinuousClock.now - start
        print("{\"seconds\":\(elapsed / .seconds(1)),\"peakBytes\":\(FitTimingCommand.peakResidentBytes)}")
    }

    private func values() throws -> ParameterValues {
        var values = ParameterValues()
        for pair in param {
            guard let equals = pair.firstIndex(of: "=") else { throw ValidationError("--param \(pair): expected NAME=VALUE") }
            let text = String(pair[pair.index(after: equals)...])
            values[String(pair[..<equals])] =
                Int(text).map(ParameterValue.integer) ?? Double(text).map(ParameterValue.number) ?? .text(text)
        }
        return values
    }

    private func fit<Parameters: ClassifierParameters>(_ parameters: Parameters, _ dataset: DigitDataset) throws {
        let split = TrainTestSplit(trainingRows: Array(0..<dataset.count), testRows: [], seed: 0)
        for outcome in Parameters.evaluate([parameters], in: EvaluationContext(dataset: dataset), split: split) {
            _ = try outcome.predictions.get()
        }
    }

    /// The most memory that this program has had, as the kernel reports it in kibibytes. `getrusage` would count the process that it was started
    /// from as well.
    private static var peakResidentBytes: Int {
        guard let status = try? FileBytes.read("/proc/self/status"),
            let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kibibytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) })
        else { return 0 }
        return kibibytes * 1024
    }
}
