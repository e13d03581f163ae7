import Digits
import Testing

@testable import Classifiers

struct NeighborScanTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 301, seed: 31)
    private static let unseen = SyntheticDigits.dataset(rowCount: 60, seed: 32)

    /// A bitmap with the first pixels set.
    private func inked(_ count: Int) -> Bitmap {
        var bitmap = Bitmap.blank
        for pixel in 0..<count { bitmap[pixel] = true }
        return bitmap
    }

    @Test("votes are those of sorting all rows", arguments: [1, 2, 8, 31, 32, 33, 64, 301], [1, 2, 5, 17, 64, 301])
    func votes(rowCount: Int, neighborCount: Int) {
        guard neighborCount <= rowCount else { return }
        // Every fourth row once more further behind: equal distances are frequent.
        let rows = (0..<rowCount).map { $0 % 4 == 3 ? $0 / 4 : $0 }
        let bitmaps = rows.map { NeighborScanTests.digits.bitmaps[$0] }
        let labels = (0..<rowCount).map { UInt8($0 % 10) }
        let scan = NeighborScan(bitmaps: bitmaps, labels: labels)
        for query in NeighborScanTests.unseen.bitmaps + [.blank, inked(256), bitmaps[0]] {
            let expected = NaiveNeighbors.shares(bitmaps, labels, from: query, neighborCount: neighborCount)
            let found = scan.votes(for: query, neighborCount: neighborCount)
            #expect(found.values.map { $0 / Double(neighborCount) } == expected)
        }
    }

    @Test("every distance from 0 to 256 is told from the next")
    func distances() {
        let labels = (0...256).map { UInt8($0 % 10) }
        let scan = NeighborScan(bitmaps: (0...256).map(inked), labels: labels)
        for neighborCount in 1...257 {
            let nearestToBlank = scan.votes(for: .blank, neighborCount: neighborCount)
            #expect(nearestToBlank.values == (0..<10).map { digit in Double((0..<neighborCount).count { $0 % 10 == digit }) })
            let nearestToFull = scan.votes(for: inked(256), neighborCount: neighborCount)
            #expect(nearestToFull.values == (0..<10).map { digit in Double((257 - neighborCount..<257).count { $0 % 10 == digit }) })
        }
    }

    @Test("the nearest of few are the first of many")
    func severalCounts() {
        let scan = NeighborScan(bitmaps: NeighborScanTests.digits.bitmaps, labels: NeighborScanTests.digits.labels)
        let counts = [1, 3, 4, 50, 301]
        for query in NeighborScanTests.unseen.bitmaps {
            #expect(scan.votes(for: query, neighborCounts: counts) == counts.map { scan.votes(for: query, neighborCount: $0) })
        }
        #expect(scan.votes(for: .blank, neighborCounts: []) == [])
    }

    @Test("of rows equally far away the lower ones vote")
    func tiesAtTheLastNeighbor() {
        let scan = NeighborScan(bitmaps: [inked(3), inked(1), inked(1), inked(1)], labels: [1, 9, 5, 7])
        #expect(scan.votes(for: .blank, neighborCount: 2)[9] == 1)
        #expect(scan.votes(for: .blank, neighborCount: 2)[5] == 1)
        #expect(scan.votes(for: .blank, neighborCount: 2)[7] == 0)
        #expect(scan.votes(for: inked(2), neighborCount: 1)[1] == 1)
    }
}
