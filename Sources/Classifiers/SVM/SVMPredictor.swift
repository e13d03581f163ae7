import CBitKernels
import Digits

/// One-versus-one machines laid out for prediction.
///
/// Kernel values with the support vectors are made once, a class at a time in blocks of eight; a class's values meet the coefficients
/// of the nine machines that it takes part in while they are in registers. Nothing is allocated for a prediction.
struct SVMPredictor: Sendable {
    /// One value a pair of classes in the order of `ClassPairs`, the rest 0; positive for the first class. Up to 45, in whole blocks.
    typealias DecisionValues = InlineArray<48, Double>

    /// Rows of kernel values held at a time, a multiple of the block: 1 KiB.
    private static let chunkBlocks = 32

    /// Digits, ascending; at least two.
    let classes: [UInt8]
    private let table: KernelTable
    private let supportVectors: BitmapBlocks
    /// The blocks of each class; a class starts a new block.
    private let blocksOfClass: [Range<Int>]
    /// Blocks x (classes - 1) machines x 8 support vectors, 0 for the filling.
    private let coefficients: [Double]
    private let intercepts: [Double]
    private let ballots: [Ballot]

    init(_ machines: OneVersusOneMachines, table: KernelTable) {
        classes = machines.classes
        intercepts = machines.intercepts
        ballots = SVMPredictor.ballots(classCount: machines.classes.count)
        self.table = table
        let otherCount = classes.count - 1
        let supportCount = machines.supportVectors.count
        var rows: [Bitmap] = []
        var blocksOfClass: [Range<Int>] = []
        var coefficients: [Double] = []
        var start = 0
        for count in machines.supportCounts {
            let firstBlock = rows.count / BitmapBlocks.blockRows
            let blocks = firstBlock..<firstBlock + BitmapBlocks.blocks(rows: count)
            blocksOfClass.append(blocks)
            rows += machines.supportVectors[start..<start + count]
            rows += [Bitmap](repeating: .blank, count: blocks.count * BitmapBlocks.blockRows - count)
            for first in stride(from: 0, to: blocks.count * BitmapBlocks.blockRows, by: BitmapBlocks.blockRows) {
                for other in 0..<otherCount {
                    for row in first..<first + BitmapBlocks.blockRows {
                        coefficients.append(row < count ? machines.dualCoefficients[other * supportCount + start + row] : 0)
                    }
                }
            }
            start += count
        }
        supportVectors = BitmapBlocks(rows)
        self.blocksOfClass = blocksOfClass
        self.coefficients = coefficients
    }

    /// The decision values of all machines.
    func decisionValues(for bitmap: Bitmap) -> DecisionValues {
        let classCount = classes.count
        let otherCount = classCount - 1
        // What class c adds to its machine with its m-th other class stands at 9 c + m.
        var sums = InlineArray<90, Double>(repeating: 0)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: SVMPredictor.chunkBlocks * BitmapBlocks.blockRows) { values in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: 9) { parts in
                coefficients.withUnsafeBufferPointer { coefficients in
                    guard let valueStart = values.baseAddress, let partStart = parts.baseAddress else { return }
                    for (index, blocks) in blocksOfClass.enumerated() {
                        var first = blocks.lowerBound
                        while first < blocks.upperBound {
                            let chunk = first..<min(first + SVMPredictor.chunkBlocks, blocks.upperBound)
                            supportVectors.kernelValues(of: bitmap, blocks: chunk, table: table, into: valueStart)
                            bk_weighted_sums(
                                valueStart, coefficients.baseAddress?.advanced(by: first * otherCount * BitmapBlocks.blockRows),
                                chunk.count, otherCount, partStart)
                            for other in 0..<otherCount { sums[9 * index + other] += parts[other] }
                            first = chunk.upperBound
                        }
                    }
                }
            }
        }
        var decisions = DecisionValues(repeating: 0)
        var pair = 0
        for first in 0..<classCount {
            for second in first + 1..<max(classCount, first + 1) {
                decisions[pair] = sums[9 * first + second - 1] + sums[9 * second + first] + intercepts[pair]
                pair += 1
            }
        }
        return decisions
    }

    /// The digit with the most votes, the lower of equal ones: each machine votes for its first class where its value is positive, else for
    /// its second.
    func digit(voting decisions: DecisionValues) -> UInt8 {
        // A bit a machine, counted for each class: nobody predicts who wins, so nothing branches on it.
        var firstWins: UInt64 = 0
        for pair in intercepts.indices { firstWins |= (decisions[pair] > 0 ? 1 : 0) &<< UInt64(pair) }
        var winner = 0
        var mostVotes = -1
        for (index, ballot) in ballots.enumerated() {
            let votes = ((firstWins ^ ballot.second) & ballot.all).nonzeroBitCount
            if votes > mostVotes {
                mostVotes = votes
                winner = index
            }
        }
        return classes[winner]
    }

    /// The machines that a class takes part in, a bit each: all of them, and those whose second class it is.
    private struct Ballot {
        var all: UInt64 = 0
        var second: UInt64 = 0
    }

    private static func ballots(classCount: Int) -> [Ballot] {
        var ballots = [Ballot](repeating: Ballot(), count: classCount)
        var machine: UInt64 = 1
        for first in 0..<classCount {
            for second in first + 1..<max(classCount, first + 1) {
                ballots[first].all |= machine
                ballots[second].all |= machine
                ballots[second].second |= machine
                machine &<<= 1
            }
        }
        return ballots
    }
}
