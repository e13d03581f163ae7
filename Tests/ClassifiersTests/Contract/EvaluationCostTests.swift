import Testing

@testable import Classifiers

struct EvaluationCostTests {
    @Test("values of C that share a kernel cost less together than alone, and equal ones cost nothing more")
    func svm() {
        let costs = [0.1, 1, 10].map { SVMParameters(c: $0) }
        let together = SVMParameters.evaluationCost(of: costs, rowCount: 1_000)
        #expect(together < costs.reduce(0) { $0 + SVMParameters.evaluationCost(of: [$1], rowCount: 1_000) })
        #expect(together > SVMParameters.evaluationCost(of: [costs[0]], rowCount: 1_000))
        #expect(SVMParameters.evaluationCost(of: costs + [costs[1]], rowCount: 1_000) == together)
        #expect(SVMParameters.evaluationCost(of: costs, rowCount: 4_000) == 8 * together)
    }

    @Test("forests cost what the largest of them does")
    func forest() {
        func cost(_ treeCounts: [Int], maxDepth: Int? = nil) -> Double {
            RandomForestParameters.evaluationCost(
                of: treeCounts.map { RandomForestParameters(treeCount: $0, limits: TreeLimits(maxDepth: maxDepth)) }, rowCount: 1_000)
        }
        #expect(cost([10, 300, 100]) == cost([300]))
        #expect(cost([300]) == 3 * cost([100]))
        #expect(cost([300], maxDepth: 3) == cost([300]) / 4)
        #expect(cost([300], maxDepth: 30) == cost([300]))
    }

    @Test("what is done once for a group costs the same for one candidate and for several")
    func once() throws {
        let neighbors = try [3, 5, 7].map { try KNearestNeighborsParameters(values: ParameterValues(["n_neighbors": .integer($0)])) }
        #expect(
            KNearestNeighborsParameters.evaluationCost(of: neighbors, rowCount: 900)
                == KNearestNeighborsParameters.evaluationCost(of: [neighbors[0]], rowCount: 900))
        #expect(KNearestNeighborsParameters.evaluationCost(of: neighbors, rowCount: 900) == 90)
        let boosted = try [10, 500, 50].map { try AdaBoostParameters(values: ParameterValues(["n_estimators": .integer($0)])) }
        #expect(
            AdaBoostParameters.evaluationCost(of: boosted, rowCount: 900)
                == AdaBoostParameters.evaluationCost(of: [boosted[1]], rowCount: 900))
    }
}
