import Digits
import TestData
import Testing

@testable import Classifiers

/// Accuracy beside scikit-learn's on the same folds.
///
/// Distances on bits are whole numbers, and ties frequent. scikit-learn's three algorithms themselves differ by up to four digits here, since each
/// takes the tied neighbours that it meets first.
@Suite("k-nearest-neighbours parity with scikit-learn", .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
struct KNearestNeighborsParityTests {
    @Test("all 36 candidates are within 5 of 1593 digits, and every difference is one of ties")
    func accuracy() throws {
        let comparisons = try GridParity<KNearestNeighborsParameters>.comparisons()
        #expect(comparisons.count == 36)
        let ranges = try Dictionary(uniqueKeysWithValues: [3, 5, 7].map { ($0, try correctRanges(neighborCount: $0)) })
        for comparison in comparisons {
            print(comparison)
            #expect(abs(comparison.difference) <= 5, "\(comparison)")
            // Where nothing was tied, scikit-learn's number of correct digits would have to be ours.
            let ranges = try #require(ranges[comparison.parameters.neighborCount])
            for (range, expected) in zip(ranges, comparison.expected) { #expect(range.contains(expected), "\(comparison)") }
        }
    }

    @Test("votes weighed by distance are within 5 of 1593 digits")
    func weighed() throws {
        let comparisons = try GridParity<KNearestNeighborsParameters>.comparisons(in: "sklearn-beyond.json")
        #expect(comparisons.count == 6)
        for comparison in comparisons { #expect(abs(comparison.difference) <= 5, "\(comparison)") }
    }

    /// The fewest and the most correct digits of each fold, whichever tied neighbours vote.
    private func correctRanges(neighborCount: Int) throws -> [ClosedRange<Int>] {
        let semeion = try TestData.semeion()
        let folds = try TestData.referenceFolds()
        return (0..<folds.foldCount).map { fold in
            let rows = folds.trainingRows(fold: fold)
            let bitmaps = rows.map { semeion.bitmaps[$0] }
            let labels = rows.map { semeion.labels[$0] }
            var fewest = 0
            var most = 0
            for row in folds.testRows(fold: fold) {
                let digits = NaiveNeighbors.possibleDigits(bitmaps, labels, from: semeion.bitmaps[row], neighborCount: neighborCount)
                if digits.contains(Int(semeion.labels[row])) {
                    most += 1
                    if digits.count == 1 { fewest += 1 }
                }
            }
            return fewest...most
        }
    }
}
