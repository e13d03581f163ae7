import CBitKernels
import Digits

/// One-versus-one machines laid out for prediction.
///
/// Kernel values with the support vectors are computed once and meet the coefficients of the nine machines that a class takes part in while they
/// are in registers. They are in double precision, as in LIBSVM's and scikit-learn's predictions: a sum of large coefficients that cancel, or of
/// values below 1e-38, is another one in single precision. Nothing is allocated for a prediction.
struct SVMPredictor: Sendable {
    /// One value a pair of classes in the order of `ClassPairs`, the rest 0; positive for the first class. Up to 45, in whole blocks.
    typealias DecisionValues = InlineArray<48, Double>

    /// Digits, ascending; at least two.
    let classes: [UInt8]
    private let table: KernelTable
    private let layout: Layout
    private let intercepts: [Double]
    private let ballots: [Ballot]

    init(_ machines: OneVersusOneMachines, table: KernelTable) {
        classes = machines.classes
        intercepts = machines.intercepts
        ballots = SVMPredictor.ballots(classCount: machines.classes.count)
        self.table = table
        layout =
            InstructionSet.inUse == .avx512 ? .blocks(SupportVectorBlocks(machines)) : .columns(SupportVectorColumns(machines))
    }

    /// The two compute the same bits.
    private enum Layout: Sendable {
        case blocks(SupportVectorBlocks)
        case columns(SupportVectorColumns)
    }

    /// The decision values of all machines.
    func decisionValues(for bitmap: Bitmap) -> DecisionValues {
        var decisions = DecisionValues(repeating: 0)
        var output = decisions.mutableSpan
        output.withUnsafeMutableBufferPointer { output in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: classes.count * (classes.count - 1)) { parts in
                withUnsafeBytes(of: bitmap.words) { query in
                    guard let parts = parts.baseAddress, let query = query.baseAddress?.assumingMemoryBound(to: UInt64.self) else { return }
                    table.withKernel { kernel in
                        switch layout {
                        case .blocks(let blocks): blocks.decisionParts(of: query, kernel: kernel, classCount: classes.count, into: parts)
                        case .columns(let columns): columns.decisionParts(of: query, kernel: kernel, classCount: classes.count, into: parts)
                        }
                    }
                }
                bk_decisions(parts.baseAddress, intercepts, classes.count, output.baseAddress)
            }
        }
        return decisions
    }

    /// The digit answered: that of the votes, or, where ties are broken by how sure the machines are, as `break_ties` says.
    func digit(_ decisions: DecisionValues, breakingTies: Bool) -> UInt8 {
        breakingTies && classes.count > 2 ? digitBreakingTies(decisions) : digit(voting: decisions)
    }

    /// The digit with the most votes; of equal ones that with the largest sum of the decision values of its machines, each counted for it where
    /// positive, and the lower one of those that are equal in that too.
    ///
    /// scikit-learn's `_ovr_decision_function`: a sum s is squeezed to s / (3 (|s| + 1)), so that it is never worth a vote, and a value of 0 is a
    /// vote for the first class.
    private func digitBreakingTies(_ decisions: DecisionValues) -> UInt8 {
        var votes = InlineArray<10, Double>(repeating: 0)
        var sums = InlineArray<10, Double>(repeating: 0)
        var machine = 0
        for first in classes.indices {
            for second in first + 1..<max(classes.count, first + 1) {
                sums[first] += decisions[machine]
                sums[second] -= decisions[machine]
                votes[decisions[machine] < 0 ? second : first] += 1
                machine += 1
            }
        }
        var winner = 0
        var largest = -Double.infinity
        for position in classes.indices {
            let value = votes[position] + sums[position] / (3 * (sums[position].magnitude + 1))
            if value > largest {
                largest = value
                winner = position
            }
        }
        return classes[winner]
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
        doubleValues.withUnsafeBufferPointer { values in
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
