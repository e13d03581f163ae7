import Digits
import Foundation
import Testing

@testable import Classifiers

struct KNearestNeighborsTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 300, seed: 41)
    private static let unseen = SyntheticDigits.dataset(rowCount: 100, seed: 42)

    @Test("scores are the shares of the votes of the training rows")
    func scores() throws {
        let rows = Array(stride(from: 0, to: 300, by: 2)) + [7, 7, 7]
        let bitmaps = rows.sorted().map { KNearestNeighborsTests.digits.bitmaps[$0] }
        let labels = rows.sorted().map { KNearestNeighborsTests.digits.labels[$0] }
        for neighborCount in [1, 5, 20] {
            let model = try KNearestNeighborsParameters(neighborCount: neighborCount).fit(
                KNearestNeighborsTests.digits, rows: rows, seed: 0)
            for bitmap in KNearestNeighborsTests.unseen.bitmaps {
                let expected = NaiveNeighbors.shares(bitmaps, labels, from: bitmap, neighborCount: neighborCount)
                #expect(model.scores(for: bitmap).values == expected)
                #expect(Int(model.digit(for: bitmap)) == expected.firstIndex(of: expected.max() ?? 0))
            }
        }
    }

    @Test("a vote that ends even goes to the lower digit")
    func evenVote() throws {
        let dataset = try DigitDataset(name: "even", bitmaps: Array(repeating: .blank, count: 4), labels: [8, 3, 3, 8])
        let model = try KNearestNeighborsParameters(neighborCount: 4).fit(dataset, rows: [0, 1, 2, 3], seed: 0)
        #expect(model.digit(for: .blank) == 3)
        #expect(model.scores(for: .blank)[8] == 0.5)
    }

    @Test("ties at the last neighbour go to the lower row of the data set, in whatever order the rows are given")
    func rowOrder() throws {
        let dataset = try DigitDataset(name: "tied", bitmaps: Array(repeating: .blank, count: 3), labels: [6, 2, 4])
        let model = try KNearestNeighborsParameters(neighborCount: 1).fit(dataset, rows: [2, 1, 0], seed: 0)
        #expect(model.digit(for: .blank) == 6)
    }

    @Test("every p and every algorithm answers the same", arguments: [0.5, 1, 2, 3], KNearestNeighborsParameters.Algorithm.allCases)
    func metrics(p: Double, algorithm: KNearestNeighborsParameters.Algorithm) throws {
        let rows = Array(0..<300)
        let parameters = KNearestNeighborsParameters(neighborCount: 7, p: p, algorithm: algorithm)
        let model = try parameters.fit(KNearestNeighborsTests.digits, rows: rows, seed: 0)
        let usual = try KNearestNeighborsParameters(neighborCount: 7).fit(KNearestNeighborsTests.digits, rows: rows, seed: 1)
        #expect(parameters.sharingKey == usual.parameters.sharingKey)
        for bitmap in KNearestNeighborsTests.unseen.bitmaps { #expect(model.scores(for: bitmap) == usual.scores(for: bitmap)) }
    }

    @Test("more neighbours than rows are refused by name, alone and in a group whose others are answered")
    func tooManyNeighbors() throws {
        let refusal = TrainingError.invalidParameter(
            name: "n_neighbors", found: .integer(13), expected: "at most 12, the number of training rows")
        #expect(throws: refusal) {
            try KNearestNeighborsParameters(neighborCount: 13).fit(KNearestNeighborsTests.digits, rows: Array(0..<12), seed: 0)
        }
        let group = [13, 12, 1].map { KNearestNeighborsParameters(neighborCount: $0) }
        let split = TrainTestSplit(trainingRows: Array(0..<12), testRows: Array(12..<20), seed: 0)
        let outcomes = SeparateFits.expectEqual(toSharedEvaluationOf: group, on: KNearestNeighborsTests.digits, split: split)
        #expect(outcomes[0] == .failure(refusal))
        for outcome in outcomes.dropFirst() { _ = try outcome.get() }
    }

    @Test("parameters are read by scikit-learn's names and written the same")
    func parameters() throws {
        let values = ParameterValues([
            "algorithm": .text("kd_tree"), "n_neighbors": .integer(9), "p": .number(1.5), "weights": .text("uniform"),
        ])
        let parameters = try KNearestNeighborsParameters(values: values)
        #expect(parameters == KNearestNeighborsParameters(neighborCount: 9, p: 1.5, algorithm: .kdTree))
        #expect(parameters.values == values)
        #expect(try KNearestNeighborsParameters(values: ParameterValues()) == KNearestNeighborsParameters())
    }

    @Test(
        "parameters out of range are refused by name",
        arguments: [
            ("n_neighbors", ParameterValue.integer(0)), ("n_neighbors", .number(2.5)), ("p", .integer(0)), ("p", .number(-1)),
            ("algorithm", .text("octree")), ("weights", .text("squared")),
        ])
    func refusedParameters(name: String, value: ParameterValue) {
        let error = #expect(throws: TrainingError.self) { try KNearestNeighborsParameters(values: ParameterValues([name: value])) }
        guard case .invalidParameter(name, value, _)? = error else {
            Issue.record("\(name)=\(value) was refused as \(String(describing: error))")
            return
        }
    }

    @Test(
        "a payload that does not fit is refused by its field",
        arguments: [
            (["00", "01", "02"], [3, 4, 3], nil), (["00", "01", "02"], [3, 4], "labels"), (["00"], [3], "bitmaps"),
            (["00", "01", "02"], [3, 4, 5], "labels[2]"), (["00", "01", "02"], [3, 3, 3], "labels"),
            (["00", "0g", "02"], [3, 4, 3], "bitmaps[1]"), (["00", "01", "2"], [3, 4, 3], "bitmaps[2]"),
        ] as [([String], [Int], String?)])
    func payload(endings: [String], labels: [Int], field: String?) throws {
        let bitmaps = endings.map { "\"" + String(repeating: "0", count: 62) + $0 + "\"" }.joined(separator: ",")
        let json = #"{"bitmaps":[\#(bitmaps)],"labels":\#(labels)}"#
        let payload = try JSONDecoder().decode(KNearestNeighborsPayload.self, from: Data(json.utf8))
        do throws(TrainingError) {
            let model = try KNearestNeighborsModel(
                parameters: KNearestNeighborsParameters(neighborCount: 2), classes: [3, 4], trainingReport: TrainingReport(),
                payload: payload)
            #expect(field == nil)
            #expect(model.scores(for: .blank)[3] == 0.5)
        } catch {
            guard case .invalidModel(let found, _, _) = error else { throw error }
            #expect(found == field)
        }
    }
}
