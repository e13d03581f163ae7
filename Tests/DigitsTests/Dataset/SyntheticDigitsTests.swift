import TestData
import Testing

@testable import Digits

@Suite struct SyntheticDigitsTests {
    @Test("row i is the digit i % 10 and depends on the seed and on i alone")
    func rows() {
        let short = SyntheticDigits.dataset(rowCount: 25, seed: 3)
        let long = SyntheticDigits.dataset(rowCount: 60, seed: 3)
        #expect(short.name == "synthetic")
        #expect(short.labels == (0..<25).map { UInt8($0 % 10) })
        #expect(short.bitmaps == Array(long.bitmaps.prefix(25)))
        #expect(SyntheticDigits.bitmap(row: 57, seed: 3) == long.bitmaps[57])
        #expect(zip(long.bitmaps, SyntheticDigits.dataset(rowCount: 60, seed: 4).bitmaps).allSatisfy { $0 != $1 })
    }

    @Test("the digits of a seed stay what they are")
    func fixedDigest() {
        #expect(
            SyntheticDigits.dataset(rowCount: 200, seed: 0).sha256 == "a12ce12ee7b2087574d2dc1b8faa039b711a5917092a972d227e306b5399dec4")
    }

    @Test("digits have about as much ink as Semeion's, nearly all reach all four sides, and hardly any comes twice")
    func appearance() {
        let bitmaps = SyntheticDigits.dataset(rowCount: 1000, seed: 5).bitmaps
        // Semeion: 32.9 % ink.
        #expect((0.30...0.36).contains(Double(bitmaps.reduce(0) { $0 + $1.inkCount }) / 256_000))
        let cropped = bitmaps.count { bitmap in
            let sides: [(Int) -> Bool] = [
                { bitmap[row: 0, column: $0] }, { bitmap[row: 15, column: $0] }, { bitmap[row: $0, column: 0] },
                { bitmap[row: $0, column: 15] },
            ]
            return sides.allSatisfy { (0..<16).contains(where: $0) }
        }
        #expect(cropped > 950)
        #expect(Set(bitmaps).count > 990)
    }

    /// The share of digits whose nearest other digit has another label.
    private func nearestNeighbourErrorRate(_ dataset: DigitDataset) -> Double {
        var products = [UInt16](repeating: 0, count: dataset.count)
        let ink = dataset.bitmaps.map(\.inkCount)
        var errorCount = 0
        for row in 0..<dataset.count {
            products.withUnsafeMutableBufferPointer { dataset.bitmaps[row].dotProducts(with: dataset.bitmaps, into: $0) }
            let distances = (0..<dataset.count).lazy.map { $0 == row ? Int.max : ink[$0] - 2 * Int(products[$0]) }
            let nearest = distances.indices.min { distances[$0] < distances[$1] }!
            if dataset.labels[nearest] != dataset.labels[row] { errorCount += 1 }
        }
        return Double(errorCount) / Double(dataset.count)
    }

    @Test(
        "the nearest neighbour is wrong about as often as on Semeion",
        .enabled(if: TestData.semeionIsAvailable, "needs Semeion: run scripts/fetch-semeion"))
    func hardness() throws {
        let semeion = nearestNeighbourErrorRate(try TestData.semeion())
        let synthetic = nearestNeighbourErrorRate(SyntheticDigits.dataset(rowCount: 1593, seed: 1))
        #expect(abs(synthetic - semeion) < 0.03, "synthetic \(synthetic), Semeion \(semeion)")
    }
}
