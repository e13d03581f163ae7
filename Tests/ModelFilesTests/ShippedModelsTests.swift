import Classifiers
import Digits
import Foundation
import ModelFiles
import ModelSelection
import TestData
import Testing

/// The models in `Models/` are what the trainer makes of Semeion: these tests make them again.
@Suite(.enabled(if: TestData.semeionIsAvailable, "needs Semeion: run scripts/fetch-semeion"))
struct ShippedModelsTests {
    private static let folder = TestData.packageRoot + "/Models"

    private func retrained(_ shipped: LoadedModel, jobCount: Int) async throws -> ModelDocument {
        func search<Model: ClassifierModel>(_ model: Model) throws -> GridSearch {
            let values = model.parameters.values
            let grid = Dictionary(uniqueKeysWithValues: values.names.map { ($0, [values[$0] ?? .null]) })
            return try GridSearch(
                space: SearchSpace(entries: [SearchSpace.Entry(classifier: shipped.name, grid: grid)]),
                dataset: TestData.semeion(), folds: TestData.referenceFolds(), seed: shipped.training.seed)
        }
        let search = try search(shipped.model)
        let result = SearchResult(search: search, trials: try await search.run(jobCount: jobCount))
        return try ModelDocument(refitting: #require(result.best()), of: result, foldKind: .stratified)
    }

    @Test(
        "retraining a winner gives its accuracy, and the same predictions on all of Semeion",
        arguments: [ClassifierName.svm, .randomForest])
    func predictions(name: ClassifierName) async throws {
        let shipped = try #require(ModelSet(folder: ShippedModelsTests.folder)[name])
        let again = try await retrained(shipped, jobCount: 2)
        #expect(again.training.dataset == shipped.training.dataset)
        #expect(abs(again.training.crossValidation.accuracyMean - shipped.training.crossValidation.accuracyMean) < 1e-12)
        for bitmap in try TestData.semeion().bitmaps {
            #expect(again.model.digit(for: bitmap) == shipped.model.digit(for: bitmap))
        }
    }

    @Test("retraining with one job and with two gives the same bytes", arguments: [ClassifierName.svm, .randomForest])
    func bytes(name: ClassifierName) async throws {
        let shipped = try #require(ModelSet(folder: ShippedModelsTests.folder)[name])
        let one = try await retrained(shipped, jobCount: 1).encoded(file: "one")
        let two = try await retrained(shipped, jobCount: 2).encoded(file: "two")
        #expect(one == two)
    }

    @Test("retraining the SVM gives decision values within 1e-2")
    func decisionValues() async throws {
        let served = try #require(ModelSet(folder: ShippedModelsTests.folder)[.svm])
        let shipped = try #require(served.model as? SVMModel)
        let document = try await retrained(served, jobCount: 1)
        let again = try #require(document.model as? SVMModel)
        for bitmap in try TestData.semeion().bitmaps {
            for (left, right) in zip(shipped.decisionValues(for: bitmap), again.decisionValues(for: bitmap)) {
                #expect(abs(left - right) < 1e-2)
            }
        }
    }

    @Test("the report beside the models names their accuracy and the study's 72 candidates")
    func report() throws {
        let models = try ModelSet(folder: ShippedModelsTests.folder)
        let report = try JSONDecoder().decode(SearchReport.self, from: Data(#require(models.trainingReport)))
        #expect(report.complete)
        #expect(report.cvResults.params.count == 72)
        #expect(report.dataset.sha256 == (try TestData.semeion().sha256))
        for best in report.best {
            #expect(models[best.classifier]?.training.crossValidation.accuracyMean == best.meanTestScore)
        }
        #expect(report.best.map(\.classifier) == [.svm, .randomForest])
    }
}
