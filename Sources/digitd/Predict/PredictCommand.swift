import ArgumentParser
import Classifiers
import Digits
import JSONText
import ModelFiles
import ModelSelection

/// Classifies digits from files or standard input, without a server.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Classify digits from files or standard input.",
        discussion: """
            Every input is 64 hexadecimal digits, 256 zeros and ones, a Semeion row, JSON, packed bytes (32 a digit) or a portable \
            bitmap (P1, P4); which one is seen from its content. A text may hold many digits, one a line. A line an answer: the digit and \
            its probability.

            Example:
              digitd predict --model Models/svm.json digit.pbm
            """)

    @Option(help: "The model document; '-' is standard input.", completion: .file())
    var model: String

    @Flag(help: "Print a JSON object a line, with all ten probabilities.")
    var json = false

    @Argument(help: "Files to read; '-', or none at all, is standard input.", completion: .file())
    var inputs: [String] = []

    func run() throws {
        let document = try ModelDocument(bytes: InputFile.read(model), file: model)
        let sources = inputs.isEmpty ? [InputFile.standardInput] : inputs
        for source in sources {
            let items: [PredictInput.Item]
            do {
                items = try PredictInput(try InputFile.read(source), name: source).items
            } catch let error as DigitsError {
                throw DigitsError.inFile(InputFile.title(of: source), error)
            }
            for item in items {
                let answer = Answer(input: item.name, document.model.prediction(for: item.bitmap))
                let isNamed = sources.count + items.count > 2
                StandardOutput.write(json ? try JSONWriter.text(of: answer) + "\n" : answer.line(isNamed: isNamed))
            }
        }
    }

    /// One prediction as it is printed.
    private struct Answer: Encodable {
        let input: String
        let digit: UInt8
        let confidence: Double
        let probabilities: [Double]

        init(input: String, _ prediction: Prediction) {
            self.input = input
            digit = prediction.digit
            confidence = prediction.confidence
            probabilities = prediction.probabilities.values
        }

        func line(isNamed: Bool) -> String {
            (isNamed ? "\(input.printable): " : "") + "\(digit)  \(confidence.percent)\n"
        }
    }
}
