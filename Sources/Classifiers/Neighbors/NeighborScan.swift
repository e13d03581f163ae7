import CBitKernels
import Digits

/// Labelled bitmaps laid out to find those nearest to another.
///
/// All distances are computed, and the rows sorted by them as far as they are wanted: 256 bits leave 257 distances, so that counting sorts
/// them, and popcounts of eight rows at a time are faster than any tree would find its way. A row that is as far away as the last one that
/// is wanted comes in by its number, the lower first. scikit-learn leaves that choice to the order in which its algorithms meet the rows.
struct NeighborScan: Sendable {
    let bitmaps: [Bitmap]
    /// The digit of each of `bitmaps`.
    let labels: [UInt8]
    private let blocks: BitmapBlocks

    /// - Precondition: one label a bitmap, at least one of both.
    init(bitmaps: [Bitmap], labels: [UInt8]) {
        precondition(bitmaps.count == labels.count && !bitmaps.isEmpty)
        self.bitmaps = bitmaps
        self.labels = labels
        blocks = BitmapBlocks(bitmaps)
    }

    /// How many of the nearest rows show each digit, or the sum of their weights.
    ///
    /// - Precondition: `neighborCount` is in 1...rows.
    func votes(for bitmap: Bitmap, neighborCount: Int, weights: NeighborWeights = .uniform) -> DigitScores {
        withNearestRows(to: bitmap, count: neighborCount) { nearest in
            nearest.indices.reduce(into: DigitScores.zero) { votes, place in
                votes[Int(labels[Int(nearest[place])])] += weight(of: place, among: nearest, to: bitmap, weights)
            }
        }
    }

    /// The same for several numbers of neighbours: the nearest of few are the first of many.
    ///
    /// - Precondition: `neighborCounts` is ascending and in 1...rows.
    func votes(for bitmap: Bitmap, neighborCounts: [Int], weights: NeighborWeights = .uniform) -> [DigitScores] {
        guard let largest = neighborCounts.last else { return [] }
        return withNearestRows(to: bitmap, count: largest) { nearest in
            var votes = DigitScores.zero
            var votedCount = 0
            return neighborCounts.map { count in
                while votedCount < count {
                    votes[Int(labels[Int(nearest[votedCount])])] += weight(of: votedCount, among: nearest, to: bitmap, weights)
                    votedCount += 1
                }
                return votes
            }
        }
    }

    /// - Parameter place: of a row among the nearest ones.
    @inline(__always)
    private func weight(of place: Int, among nearest: UnsafeBufferPointer<UInt32>, to bitmap: Bitmap, _ weights: NeighborWeights) -> Double
    {
        weights.weight(
            nearest: bitmap.squaredDistance(bitmaps[Int(nearest[0])]), distance: bitmap.squaredDistance(bitmaps[Int(nearest[place])]))
    }

    private func withNearestRows<Result>(to bitmap: Bitmap, count: Int, _ body: (UnsafeBufferPointer<UInt32>) -> Result) -> Result {
        precondition((1...labels.count).contains(count))
        let abreast = Int(BK_DISTANCES_ABREAST)
        let scratchCount = (labels.count + abreast - 1) / abreast * abreast
        return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: scratchCount) { scratch in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: count) { nearest in
                withUnsafeBytes(of: bitmap.words) { query in
                    blocks.words.withUnsafeBufferPointer { words in
                        guard let query = query.baseAddress?.assumingMemoryBound(to: UInt64.self), let words = words.baseAddress,
                            let scratch = scratch.baseAddress, let nearest = nearest.baseAddress
                        else { return }
                        // Writes all `count` elements of `nearest`, since there are as many rows.
                        bk_nearest_rows(query, words, labels.count, count, scratch, nearest)
                    }
                }
                return body(UnsafeBufferPointer(nearest))
            }
        }
    }
}
