import Classifiers
import Digits
import Files
import Foundation
import ModelFiles
import ModelSelection
import Testing

struct ModelSetTests {
    private static let dataset: DigitDataset = SyntheticDigits.dataset(rowCount: 60, seed: 8)

    private static func document<Parameters: ClassifierParameters>(
        _ parameters: Parameters, accuracy: Double, on dataset: DigitDataset = dataset, folds: Int = 2,
        foldKind: SearchReport.Folds.Kind = .stratified, foldsSHA256: String? = nil, seed: UInt64 = 0
    ) throws -> ModelDocument {
        let model: any ClassifierModel = try parameters.fit(dataset, rows: Array(0..<dataset.count), seed: 0)
        return ModelDocument(
            model: model,
            training: TrainingProvenance(
                dataset: SearchReport.Dataset(dataset), seed: seed,
                crossValidation: TrainingProvenance.CrossValidation(
                    folds: folds, accuracyMean: accuracy, accuracyStandardDeviation: 0, foldKind: foldKind, foldsSHA256: foldsSHA256)))
    }

    private func withModels(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "digitd-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let forest = try RandomForestParameters(values: ParameterValues(["n_estimators": .integer(3)]))
        try ModelSetTests.document(SVMParameters(values: ParameterValues()), accuracy: 0.90).write(to: "\(folder)/svm.json")
        try ModelSetTests.document(forest, accuracy: 0.95).write(to: "\(folder)/random-forest.json")
        try body(folder)
    }

    @Test("a folder's models are loaded by name, and the most accurate is the default")
    func load() throws {
        try withModels { folder in
            let models = try ModelSet(folder: folder)
            #expect(models.models.map(\.name) == [.randomForest, .svm])
            #expect(models.models.map(\.version.number) == [1, 1])
            #expect(models.defaultModel.name == .randomForest)
            #expect(models[.svm]?.training.crossValidation.accuracyMean == 0.90)
            #expect(models.trainingReport == nil)
        }
    }

    @Test(
        "another version takes the place of a shipped one, and a classifier that is not shipped can be withdrawn; the set itself stays as it is"
    )
    func changes() throws {
        try withModels { folder in
            let shipped = try ModelSet(folder: folder)
            let origin = ModelVersion.Origin(experiment: "01", created: Date(timeIntervalSince1970: 1))
            let better = LoadedModel(
                try ModelSetTests.document(SVMParameters(values: ParameterValues()), accuracy: 0.97), number: 2, origin: origin)
            let bayes = LoadedModel(
                try ModelSetTests.document(MultinomialNaiveBayesParameters(), accuracy: 0.5), number: 4, origin: origin)
            let both = shipped.listing([bayes.version, better.version]).serving([better, bayes])
            #expect(both.models.map(\.name) == [.multinomialNaiveBayes, .randomForest, .svm])
            #expect(both.models.map(\.version.number) == [4, 1, 2])
            #expect(both.defaultModel.name == .svm)
            #expect(both.versionNumbers(of: .svm) == [1, 2])
            #expect(try both.loaded(both.version("1", of: "svm"))?.training.crossValidation.accuracyMean == 0.90)
            let withdrawn = both.withdrawing(.multinomialNaiveBayes)
            #expect(withdrawn.models.map(\.name) == [.randomForest, .svm])
            #expect(withdrawn.versionNumbers(of: .multinomialNaiveBayes) == [4])
            #expect(shipped.models.map(\.version.number) == [1, 1])
        }
    }

    @Test("the default changes only to a model measured on the same data and the same folds")
    func comparableDefault() throws {
        try withModels { folder in
            let shipped = try ModelSet(folder: folder)
            #expect(shipped.defaultChoice.classifier == .randomForest)
            func serving(_ document: ModelDocument) -> DefaultChoice {
                shipped.serving([LoadedModel(document, number: 2)]).defaultChoice
            }
            let bayes = MultinomialNaiveBayesParameters()
            let others = SyntheticDigits.dataset(rowCount: 60, seed: 9)
            // Right about all of something else.
            #expect(try serving(ModelSetTests.document(bayes, accuracy: 1, on: others)).classifier == .randomForest)
            #expect(try serving(ModelSetTests.document(bayes, accuracy: 1, folds: 3)).classifier == .randomForest)
            #expect(try serving(ModelSetTests.document(bayes, accuracy: 1, foldKind: .blocks)).classifier == .randomForest)
            #expect(try serving(ModelSetTests.document(bayes, accuracy: 0.95)).classifier == .randomForest)
            let better = try serving(ModelSetTests.document(bayes, accuracy: 0.96))
            #expect(better.classifier == .multinomialNaiveBayes)
            #expect(!better.isPinned)
            #expect(
                better.reason
                    == "of the models measured on the data and folds of multinomial-naive-bayes 2 none is more accurate")
        }
    }

    @Test("accuracies on folds that a file gave are compared where the folds are the same, whatever the seed")
    func defaultOfGivenFolds() throws {
        try withModels { folder in
            func svm(_ accuracy: Double, folds: String?) throws -> LoadedModel {
                LoadedModel(
                    try ModelSetTests.document(
                        SVMParameters(values: ParameterValues()), accuracy: accuracy, foldKind: .file, foldsSHA256: folds, seed: 1),
                    number: 2)
            }
            let forest = LoadedModel(
                try ModelSetTests.document(
                    RandomForestParameters(values: ParameterValues(["n_estimators": .integer(3)])), accuracy: 0.95, foldKind: .file,
                    foldsSHA256: "a0"),
                number: 2)
            let forests = try ModelSet(folder: folder).serving([forest])
            #expect(forests.serving([try svm(0.96, folds: "a0")]).defaultChoice.classifier == .svm)
            #expect(forests.serving([try svm(0.96, folds: "a1")]).defaultChoice.classifier == .randomForest)
            #expect(forests.serving([try svm(0.96, folds: nil)]).defaultChoice.classifier == .randomForest)
        }
    }

    @Test("a pinned default stays whatever is measured, and without the pin accuracies decide again")
    func pinnedDefault() throws {
        try withModels { folder in
            let pinned = try ModelSet(folder: folder).defaulting(to: .pinned(.svm, reason: "by hand"))
            #expect(pinned.defaultModel.name == .svm)
            let better = LoadedModel(try ModelSetTests.document(MultinomialNaiveBayesParameters(), accuracy: 0.99), number: 2)
            #expect(pinned.serving([better]).defaultChoice == .pinned(.svm, reason: "by hand"))
            #expect(pinned.serving([better]).unpinned().defaultChoice.classifier == .multinomialNaiveBayes)
            #expect(pinned.unpinned().defaultChoice.classifier == .randomForest)
            // What does not serve cannot answer.
            let absent = try ModelSet(folder: folder).defaulting(to: .pinned(.adaboost, reason: "by hand"))
            #expect(absent.defaultChoice.classifier == .randomForest)
            #expect(!absent.defaultChoice.isPinned)
        }
    }

    @Test("where the default serves no more, one that comes with digitd takes its place, and none that is right about all of other data")
    func withdrawnDefault() throws {
        try withModels { folder in
            let others = SyntheticDigits.dataset(rowCount: 60, seed: 9)
            let best = LoadedModel(try ModelSetTests.document(MultinomialNaiveBayesParameters(), accuracy: 0.99), number: 2)
            let foreign = LoadedModel(try ModelSetTests.document(GaussianNaiveBayesParameters(), accuracy: 1, on: others), number: 2)
            let models = try ModelSet(folder: folder).serving([best, foreign])
            #expect(models.defaultChoice.classifier == .multinomialNaiveBayes)
            #expect(models.withdrawing(.multinomialNaiveBayes).defaultChoice.classifier == .randomForest)
            // As at a start at which its version cannot be read.
            let without = try ModelSet(folder: folder).serving([foreign]).defaulting(to: .following(.multinomialNaiveBayes))
            #expect(without.defaultChoice.classifier == .randomForest)
        }
    }

    @Test("a version is found by its classifier's name and its number, spelled as it is told, and what is not there is named")
    func lookup() throws {
        try withModels { folder in
            let trained = ModelVersion(classifier: .svm, number: 12, origin: ModelVersion.Origin(experiment: "01", created: .distantPast))
            let models = try ModelSet(folder: folder).listing([trained])
            #expect(try models.version("12", of: "svm") == trained)
            #expect(models.loaded(trained)?.name == nil)
            for number in ["2", "012", "+12", "", "latest"] {
                #expect(throws: ModelLookupError.unknownVersion(model: .svm, found: number, known: [1, 12])) {
                    try models.version(number, of: "svm")
                }
            }
            #expect(throws: ModelLookupError.unknownModel(found: "SVM", known: [.randomForest, .svm])) {
                try models.version("1", of: "SVM")
            }
        }
    }

    @Test("the report beside the models is kept as it is")
    func report() throws {
        try withModels { folder in
            try DurableFile.replace("\(folder)/training-report.json", with: Array("{}".utf8))
            #expect(try ModelSet(folder: folder).trainingReport == Array("{}".utf8))
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
            ) { try ModelSet(folder: folder) }
        }
    }

    @Test("one bad file among good ones refuses the whole folder, by the file's name")
    func oneBad() throws {
        try withModels { folder in
            try DurableFile.replace("\(folder)/svm.json", with: Array("{".utf8))
            let error = #expect(throws: ModelFileError.self) { try ModelSet(folder: folder) }
            #expect(error?.description.hasPrefix("\(folder)/svm.json: not a whole model document") == true)
        }
    }

    @Test("a folder without models is refused")
    func empty() {
        #expect(throws: ModelFileError.noModels(folder: "/nowhere")) { try ModelSet(folder: "/nowhere") }
    }
}
