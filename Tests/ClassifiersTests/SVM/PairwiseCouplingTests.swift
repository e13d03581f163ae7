import Digits
import Testing

@testable import Classifiers

@Suite("Pairwise coupling")
struct PairwiseCouplingTests {
    @Test("two classes keep their pairwise probability")
    func twoClasses() {
        let coupled = probabilities([[0.5, 0.83], [0.17, 0.5]])
        #expect(abs(coupled[0] - 0.83) < 1e-12)
        #expect(abs(coupled[1] - 0.17) < 1e-12)
    }

    @Test("probabilities that agree with a distribution give that distribution", arguments: [3, 7, 10])
    func consistentProbabilities(classCount: Int) {
        var stream = RandomStream(seed: UInt64(classCount), purpose: .test)
        let raw = (0..<classCount).map { _ in 0.01 + stream.unitInterval() }
        let expected = raw.map { $0 / raw.reduce(0, +) }
        let pairwise = expected.map { p in expected.map { q in p / (p + q) } }
        let coupled = probabilities(pairwise)
        for index in 0..<classCount { #expect(abs(coupled[index] - expected[index]) < 1e-12) }
    }

    @Test("contradictory probabilities give what the paper's own iteration converges to", arguments: 2...10)
    func equalsIteration(classCount: Int) {
        var stream = RandomStream(seed: UInt64(100 + classCount), purpose: .test)
        for _ in 0..<20 {
            let pairwise = randomPairwise(classCount) { 0.02 + 0.96 * stream.unitInterval() }
            let coupled = probabilities(pairwise)
            let iterated = iteration(pairwise)
            for index in 0..<classCount { #expect(abs(coupled[index] - iterated[index]) < 1e-9) }
        }
    }

    @Test("certain pairs, and circles of them, still give a distribution", arguments: 2...10)
    func extremes(classCount: Int) {
        var stream = RandomStream(seed: UInt64(200 + classCount), purpose: .test)
        for _ in 0..<200 {
            let pairwise = randomPairwise(classCount) {
                stream.unitInterval() < 0.5 ? 0 : 1
            }
            let coupled = probabilities(pairwise)
            #expect(abs(coupled.sum - 1) < 1e-12)
            #expect(coupled.values.allSatisfy { $0 >= 0 })
            #expect(coupled.values[classCount...].allSatisfy { $0 == 0 })
        }
        let circle = probabilities([[0.5, 0.9, 0.1], [0.1, 0.5, 0.9], [0.9, 0.1, 0.5]])
        for index in 0..<3 { #expect(abs(circle[index] - 1.0 / 3) < 1e-12) }
    }

    private func randomPairwise(_ classCount: Int, _ draw: () -> Double) -> [[Double]] {
        var pairwise = [[Double]](repeating: [Double](repeating: 0.5, count: classCount), count: classCount)
        for first in 0..<classCount {
            for second in first + 1..<max(classCount, first + 1) {
                pairwise[first][second] = draw()
                pairwise[second][first] = 1 - pairwise[first][second]
            }
        }
        return pairwise
    }

    private func probabilities(_ pairwise: [[Double]]) -> DigitScores {
        var values = SVMPredictor.DecisionValues(repeating: 0)
        for (number, pair) in ClassPairs.all(classes: pairwise.count).enumerated() { values[number] = pairwise[pair.first][pair.second] }
        return PairwiseCoupling.probabilities(values, classCount: pairwise.count)
    }

    /// Algorithm 2 of the paper: cyclic updates p_t = (-sum_{j != t} Q_tj p_j + p^T Q p) / Q_tt, each followed by normalisation.
    private func iteration(_ r: [[Double]]) -> [Double] {
        let classCount = r.count
        var q = r
        for i in 0..<classCount {
            for j in 0..<classCount where j != i { q[i][j] = -r[j][i] * r[i][j] }
            q[i][i] = (0..<classCount).filter { $0 != i }.reduce(0) { $0 + r[$1][i] * r[$1][i] }
        }
        var p = [Double](repeating: 1 / Double(classCount), count: classCount)
        for _ in 0..<20_000 {
            for t in 0..<classCount {
                let form = (0..<classCount).reduce(0.0) { sum, i in
                    sum + p[i] * (0..<classCount).reduce(0.0) { $0 + q[i][$1] * p[$1] }
                }
                let others = (0..<classCount).filter { $0 != t }.reduce(0.0) { $0 + q[t][$1] * p[$1] }
                p[t] = (form - others) / q[t][t]
                let sum = p.reduce(0, +)
                p = p.map { $0 / sum }
            }
            let form = (0..<classCount).reduce(0.0) { sum, i in
                sum + p[i] * (0..<classCount).reduce(0.0) { $0 + q[i][$1] * p[$1] }
            }
            let error = (0..<classCount).map { i in abs((0..<classCount).reduce(0.0) { $0 + q[i][$1] * p[$1] } - form) }.max() ?? 0
            if error < 1e-14 { break }
        }
        return p
    }
}
