import Digits
import Foundation
import Testing

@testable import Classifiers

struct NeighborWeightsTests {
    private func inked(_ count: Int) -> Bitmap {
        (0..<count).reduce(into: Bitmap.blank) { $0[$1] = true }
    }

    private func model(p: Double, neighborCount: Int) throws -> KNearestNeighborsModel {
        // Seen from the blank bitmap at distances 1, 4, 4 and 16.
        let dataset = try DigitDataset(name: "by hand", bitmaps: [inked(1), inked(4), inked(4), inked(16)], labels: [3, 8, 8, 8])
        return try KNearestNeighborsParameters(neighborCount: neighborCount, p: p, weights: .distance)
            .fit(dataset, rows: [0, 1, 2, 3], seed: 0)
    }

    @Test("a vote counts the inverse of the Minkowski distance")
    func inverse() throws {
        // p 1: 1 against 1/4 + 1/4 + 1/16. p 2: 1 against 1/2 + 1/2 + 1/4.
        let first = try model(p: 1, neighborCount: 4).prediction(for: .blank)
        #expect(first.digit == 3)
        #expect(abs(first.confidence - 1 / 1.5625) < 1e-15)
        let second = try model(p: 2, neighborCount: 4).prediction(for: .blank)
        #expect(second.digit == 8)
        #expect(abs(second.confidence - 1.25 / 2.25) < 1e-15)
        // 1 against 1/2 + 1/2: the lower digit of equal votes.
        #expect(try model(p: 2, neighborCount: 3).prediction(for: .blank).digit == 3)
    }

    @Test("where neighbours are equal to the bitmap, they alone vote")
    func equalNeighbors() throws {
        let dataset = try DigitDataset(name: "by hand", bitmaps: [.blank, inked(1), inked(1), .blank], labels: [6, 2, 2, 1])
        let model = try KNearestNeighborsParameters(neighborCount: 4, weights: .distance).fit(dataset, rows: [0, 1, 2, 3], seed: 0)
        #expect(model.scores(for: .blank).values == [0, 0.5, 0, 0, 0, 0, 0.5, 0, 0, 0])
        #expect(model.digit(for: .blank) == 1)
    }
}
