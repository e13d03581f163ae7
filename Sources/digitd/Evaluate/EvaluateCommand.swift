import ArgumentParser
import Classifiers
import Digits
import JSONText
import ModelFiles
import ModelSelection

/// Measures a model on a labelled data set.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a model on a data set: accuracy, confusion matrix, precision and recall of every digit.",
        discussion: """
            Measured on the rows it was trained on, a model looks better than it is: the cross-validated accuracy stands in its document.

            Example:
              digitd evaluate --model Models/svm.json --data synthetic
            """)

    @Option(help: "The model document; '-' is standard input.", completion: .file())
    var model: String

    @Option(help: "The data set: \(DatasetSource.help).", completion: .file())
    var data: String

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func run() throws {
        let document = try ModelDocument(bytes: InputFile.read(model), file: model)
        let dataset = try DatasetSource.read(data)
        let answers = dataset.bitmaps.map { document.model.digit(for: $0) }
        let evaluation = Evaluation(
            classifier: document.classifier, dataset: dataset, matrix: ConfusionMatrix(truth: dataset.labels, answers: answers),
            isTrainingSet: document.training.dataset.sha256 == dataset.sha256)
        StandardOutput.write(json ? try JSONWriter.text(of: evaluation, .indented) + "\n" : evaluation.text(width: StandardOutput.width))
    }
}
