import Classifiers
import Digits
import Files
import Foundation
import ModelFiles
import ModelSelection
import Testing

struct ModelSnapshotTests {
    private static let dataset: DigitDataset = SyntheticDigits.dataset(rowCount: 60, seed: 8)

    private static func document<Parameters: ClassifierParameters>(_ parameters: Parameters, accuracy: Double) throws -> ModelDocument {
        let model: any ClassifierModel = try parameters.fit(dataset, rows: Array(0..<dataset.count), seed: 0)
        return ModelDocument(
            model: model,
            training: TrainingProvenance(
                dataset: SearchReport.Dataset(dataset), seed: 0,
                crossValidation: TrainingProvenance.CrossValidation(folds: 2, accuracyMean: accuracy, accuracyStandardDeviation: 0)))
    }

    private func withModels(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "digitd-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let forest = try RandomForestParameters(values: ParameterValues(["n_estimators": .integer(3)]))
        try ModelSnapshotTests.document(SVMParameters(values: ParameterValues()), accuracy: 0.90).write(to: "\(folder)/svm.json")
        try ModelSnapshotTests.document(forest, accuracy: 0.95).write(to: "\(folder)/random-forest.json")
        try body(folder)
    }

    @Test("a folder's models are loaded by name, and the most accurate is the default")
    func load() throws {
        try withModels { folder in
            let snapshot = try ModelSnapshot(folder: folder)
            #expect(snapshot.models.map(\.name) == [.randomForest, .svm])
            #expect(snapshot.models.map(\.version) == [1, 1])
            #expect(snapshot.defaultModel.name == .randomForest)
            #expect(snapshot[.svm]?.training.crossValidation.accuracyMean == 0.90)
            #expect(snapshot.trainingReport == nil)
        }
    }

    @Test("the report beside the models is kept as it is")
    func report() throws {
        try withModels { folder in
            try DurableFile.replace("\(folder)/training-report.json", with: Array("{}".utf8))
            #expect(try ModelSnapshot(folder: folder).trainingReport == Array("{}".utf8))
        }
    }

    @Test("a file that holds another classifier than its name says is refused")
    func misnamed() throws {
        try withModels { folder in
            try FileManager.default.removeItem(atPath: "\(folder)/svm.json")
            try FileManager.default.moveItem(atPath: "\(folder)/random-forest.json", toPath: "\(folder)/svm.json")
            #expect(
                throws: ModelFileError.invalidContent(
                    file: "\(folder)/svm.json", field: "classifier", reason: "it holds a random-forest; expected svm")
            ) { try ModelSnapshot(folder: folder) }
        }
    }

    @Test("one bad file among good ones refuses the whole folder, by the file's name")
    func oneBad() throws {
        try withModels { folder in
            try DurableFile.replace("\(folder)/svm.json", with: Array("{".utf8))
            let error = #expect(throws: ModelFileError.self) { try ModelSnapshot(folder: folder) }
            #expect(error?.description.hasPrefix("\(folder)/svm.json: not a whole model document") == true)
        }
    }

    @Test("a folder without models is refused")
    func empty() {
        #expect(throws: ModelFileError.noModels(folder: "/nowhere")) { try ModelSnapshot(folder: "/nowhere") }
    }
}
