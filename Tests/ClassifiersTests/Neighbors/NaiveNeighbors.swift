import Digits

/// Nearest neighbours by sorting all rows.
enum NaiveNeighbors {
    /// Rows by distance, the lower first of equally distant ones.
    static func order(of bitmaps: [Bitmap], from query: Bitmap) -> [Int] {
        bitmaps.indices.sorted { (query.squaredDistance(bitmaps[$0]), $0) < (query.squaredDistance(bitmaps[$1]), $1) }
    }

    static func shares(_ bitmaps: [Bitmap], _ labels: [UInt8], from query: Bitmap, neighborCount: Int) -> [Double] {
        let voters = order(of: bitmaps, from: query).prefix(neighborCount)
        return (0..<10).map { digit in Double(voters.count { labels[$0] == digit }) / Double(neighborCount) }
    }

    /// The digits that the vote can come to, whichever of the rows that are as far away as the last voter are among the voters.
    static func possibleDigits(_ bitmaps: [Bitmap], _ labels: [UInt8], from query: Bitmap, neighborCount: Int) -> Set<Int> {
        let order = order(of: bitmaps, from: query)
        let farthest = query.squaredDistance(bitmaps[order[neighborCount - 1]])
        var votes = [Int](repeating: 0, count: 10)
        var tied = votes
        for row in order {
            let distance = query.squaredDistance(bitmaps[row])
            if distance < farthest { votes[Int(labels[row])] += 1 }
            if distance == farthest { tied[Int(labels[row])] += 1 }
        }
        var digits: Set<Int> = []
        func choose(_ open: Int, from digit: Int) {
            if digit == 10 {
                if open == 0, let most = votes.max(), let winner = votes.firstIndex(of: most) { digits.insert(winner) }
                return
            }
            for taken in 0...min(open, tied[digit]) {
                votes[digit] += taken
                choose(open - taken, from: digit + 1)
                votes[digit] -= taken
            }
        }
        choose(neighborCount - votes.reduce(0, +), from: 0)
        return digits
    }
}
