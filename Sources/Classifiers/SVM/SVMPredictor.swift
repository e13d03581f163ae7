import CBitKernels
import Digits

/// One-versus-one machines laid out for prediction.
///
/// Kernel values with the support vectors are computed once, a class at a time in blocks of eight, and meet the coefficients of the nine
/// machines that the class takes part in while they are in registers. Nothing is allocated for a prediction.
struct SVMPredictor: Sendable {
    /// One value a pair of classes in the order of `ClassPairs`, the rest 0; positive for the first class. Up to 45, in whole blocks.
    typealias DecisionValues = InlineArray<48, Double>

    /// Digits, ascending; at least two.
    let classes: [UInt8]
    private let table: KernelTable
    private let supportVectors: BitmapBlocks
    /// The block in which each class ends; a class starts a new block.
    private let classEnds: [UInt32]
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
        var classEnds: [UInt32] = []
        var coefficients: [Double] = []
        var start = 0
        for count in machines.supportCounts {
            let firstBlock = rows.count / BitmapBlocks.blockRows
            let blocks = firstBlock..<firstBlock + BitmapBlocks.blocks(rows: count)
            classEnds.append(UInt32(blocks.upperBound))
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
        self.classEnds = classEnds
        self.coefficients = coefficients
    }

    /// The decision values of all machines.
    func decisionValues(for bitmap: Bitmap) -> DecisionValues {
        var decisions = DecisionValues(repeating: 0)
        var output = decisions.mutableSpan
        output.withUnsafeMutableBufferPointer { output in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: classes.count * (classes.count - 1)) { parts in
                withUnsafeBytes(of: bitmap.words) { query in
                    table.withKernel { kernel in
                        bk_decision_parts(
                            query.baseAddress?.assumingMemoryBound(to: UInt64.self), supportVectors.words, coefficients, kernel, classEnds,
                            classes.count, parts.baseAddress)
                    }
                }
                bk_decisions(parts.baseAddress, intercepts, classes.count, output.baseAddress)
            }
        }
        return decisions
    }

    /// The digit with the most votes, the lower of equal ones: each machine votes for its first class where its value is positive, else for
    /// its second.
    func digit(voting decisions: DecisionValues) -> UInt8 {
        // A bit a machine, counted for each class: nobody predicts who wins, so nothing branches on it.
        let firstWins = decisions.span.withUnsafeBufferPointer { bk_positive($0.baseAddress, $0.count / BitmapBlocks.blockRows) }
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

extension KernelTable {
    /// Calls `body` with this kernel as the C loops take it.
    fileprivate func withKernel(_ body: (UnsafePointer<bk_kernel>) -> Void) {
        values.withUnsafeBufferPointer { values in
            (factors?.fine ?? []).withUnsafeBufferPointer { fine in
                (factors?.coarse ?? []).withUnsafeBufferPointer { coarse in
                    var kernel = bk_kernel(
                        table: values.baseAddress, fine: factors == nil ? nil : fine.baseAddress,
                        coarse: factors == nil ? nil : coarse.baseAddress, by_distance: argument == .squaredDistance ? 1 : 0)
                    body(&kernel)
                }
            }
        }
    }
}
