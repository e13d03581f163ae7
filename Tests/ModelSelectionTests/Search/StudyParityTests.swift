import Classifiers
import Foundation
import TestData
import Testing

@testable import ModelSelection

/// The whole study beside scikit-learn's, `Tests/Fixtures/reference`: the preset `paper` on the folds that both were measured on.
@Suite("The study's 279 candidates beside scikit-learn's", .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
struct StudyParityTests {
    private struct File: Decodable {
        let results: [Result]

        struct Result: Decodable {
            let classifier: ClassifierName
            let params: [String: ParameterValue]
            /// Of one seed.
            let meanAccuracy: Double?
            /// Over ten seeds.
            let mean: Double?
            let standardDeviation: Double?

            enum CodingKeys: String, CodingKey {
                case classifier, params, mean
                case meanAccuracy = "mean_accuracy"
                case standardDeviation = "standard_deviation"
            }

            func candidate() throws -> Candidate { try Candidate(classifier: classifier, values: ParameterValues(params)) }

            /// The same with `auto` as `sqrt`, of which it is another name.
            func seededCandidate() throws -> Candidate {
                var params = params
                if params["max_features"] == .text("auto") { params["max_features"] = .text("sqrt") }
                return try Candidate(classifier: classifier, values: ParameterValues(params))
            }
        }
    }

    private static func results(_ file: String) throws -> [File.Result] {
        try JSONDecoder().decode(File.self, from: Data(TestData.fixture("reference/\(file).json"))).results
    }

    /// How far a candidate may be from the reference, in accuracy.
    private static func bound(_ reference: File.Result, ofTenSeeds: File.Result?) -> Double {
        // Half a digit for means of folds of unequal size.
        func digits(_ count: Double) -> Double { (count + 0.5) / 1593 }
        return switch reference.classifier {
        case .kNearestNeighbors: digits(5)
        case .adaboost: 0.015
        case .randomForest, .decisionTree: 4 * (ofTenSeeds?.standardDeviation ?? 0)
        default: digits(2)
        }
    }

    @Test("every candidate is as near as the design says; each difference is printed")
    func everyCandidate() async throws {
        let semeion = try TestData.semeion()
        let search = try GridSearch(
            space: SearchPreset.paper.space(), dataset: semeion, folds: TestData.referenceFolds(), seed: 0)
        let result = SearchResult(search: search, trials: try await search.run(jobCount: 2))
        let seeds = try Dictionary(uniqueKeysWithValues: Self.results("sklearn-seeds").map { (try $0.candidate(), $0) })
        let reference = try Self.results("sklearn-grid")
        #expect(reference.count == 279 && search.space.rows.count == 279)
        for expected in reference {
            let candidate = try expected.candidate()
            let index = try #require(search.space.rows.firstIndex { $0.candidate == candidate }, "\(candidate.values)")
            let found = try #require(result.candidates[index].meanAccuracy)
            let ofTenSeeds = seeds[try expected.seededCandidate()]
            let wanted = try #require(ofTenSeeds?.mean ?? expected.meanAccuracy)
            let row = search.space.rows[index]
            print("\(expected.classifier.rawValue) \(row.params): \(found), scikit-learn \(wanted), difference \(found - wanted)")
            #expect(abs(found - wanted) <= Self.bound(expected, ofTenSeeds: ofTenSeeds), "\(expected.classifier.rawValue) \(row.params)")
        }
    }
}
