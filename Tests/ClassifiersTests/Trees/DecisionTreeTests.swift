import Digits
import Foundation
import Testing

@testable import Classifiers

struct DecisionTreeTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 700, seed: 31)
    private static let allRows = Array(0..<digits.count)

    private func fit(_ parameters: DecisionTreeParameters, seed: UInt64 = 6) throws -> DecisionTreeModel {
        try parameters.fit(DecisionTreeTests.digits, rows: DecisionTreeTests.allRows, seed: seed)
    }

    private func tree(_ model: DecisionTreeModel) throws -> NaiveForest.Node {
        let trees = NaiveForest.trees(
            try model.payload.validatedNodes(treeCount: 1, classes: model.classes))
        #expect(trees.count == 1)
        return try #require(trees.first)
    }

    @Test("scores are the class fractions of the leaf", arguments: [1, 4, nil] as [Int?], [1, 5])
    func scores(maxDepth: Int?, minSamplesLeaf: Int) throws {
        let model = try fit(DecisionTreeParameters(limits: TreeLimits(maxDepth: maxDepth, minSamplesLeaf: .number(minSamplesLeaf))))
        let tree = try tree(model)
        for bitmap in SyntheticDigits.dataset(rowCount: 200, seed: 32).bitmaps {
            #expect(model.scores(for: bitmap).values == NaiveForest.fractions(tree, bitmap))
        }
    }

    @Test("the tree has all rows: without limits it answers the digit of each")
    func allRows() throws {
        let model = try fit(DecisionTreeParameters(maxFeatures: .logarithm))
        for (bitmap, label) in zip(DecisionTreeTests.digits.bitmaps, DecisionTreeTests.digits.labels) {
            #expect(model.prediction(for: bitmap).digit == label)
            #expect(model.prediction(for: bitmap).confidence == 1)
        }
    }

    @Test("with all pixels to choose from, every seed makes a root of the least impurity")
    func bestRoot() throws {
        let rows = zip(DecisionTreeTests.digits.bitmaps, DecisionTreeTests.digits.labels).map { ($0, Int($1)) }
        let best = try #require(NaiveForest.bestImpurity(rows, classCount: 10))
        for seed in UInt64(0)..<5 {
            guard case .split(let pixel, _, _) = try tree(fit(DecisionTreeParameters(limits: TreeLimits(maxDepth: 1)), seed: seed)) else {
                Issue.record("the root is a leaf")
                return
            }
            #expect(abs(NaiveForest.impurity(rows, split: pixel, classCount: 10) - best) < 1e-9)
        }
    }

    @Test("equal seeds give equal bytes, other seeds other draws of pixels")
    func seeds() throws {
        let parameters = DecisionTreeParameters(maxFeatures: .squareRoot)
        #expect(try fit(parameters, seed: 1).payload.nodes == fit(parameters, seed: 1).payload.nodes)
        #expect(try fit(parameters, seed: 1).payload.nodes != fit(parameters, seed: 2).payload.nodes)
    }

    @Test("trees of several depths evaluated together predict as each one fitted alone")
    func sharing() {
        let group = [5, nil, 2, 5, 10, 1_000].map {
            DecisionTreeParameters(criterion: .entropy, maxFeatures: .squareRoot, limits: TreeLimits(maxDepth: $0, minSamplesLeaf: 2))
        }
        #expect(Set(group.map(\.sharingKey)).count == 1)
        let split = TrainTestSplit(trainingRows: Array(0..<500), testRows: Array(500..<700), seed: 5)
        SeparateFits.expectEqual(toSharedEvaluationOf: group, on: DecisionTreeTests.digits, split: split)
    }

    @Test("candidates share where nothing but the depth differs")
    func sharingKeys() {
        let base = DecisionTreeParameters()
        #expect(base.sharingKey == DecisionTreeParameters(limits: TreeLimits(maxDepth: 5)).sharingKey)
        #expect(base.sharingKey != DecisionTreeParameters(criterion: .entropy).sharingKey)
        #expect(base.sharingKey != DecisionTreeParameters(maxFeatures: .squareRoot).sharingKey)
        #expect(base.sharingKey != DecisionTreeParameters(limits: TreeLimits(minSamplesLeaf: 2)).sharingKey)
    }

    @Test("parameters are read by scikit-learn's names and written the same")
    func parameters() throws {
        let values = ParameterValues([
            "criterion": .text("entropy"), "max_depth": .integer(5), "max_features": .text("log2"), "min_samples_leaf": .integer(2),
        ])
        let parameters = try DecisionTreeParameters(values: values)
        #expect(
            parameters
                == DecisionTreeParameters(criterion: .entropy, maxFeatures: .logarithm, limits: TreeLimits(maxDepth: 5, minSamplesLeaf: 2)))
        #expect(parameters.values == values)
        let defaults = try DecisionTreeParameters(values: ParameterValues())
        #expect(
            defaults == DecisionTreeParameters(criterion: .gini, maxFeatures: .all, limits: TreeLimits(maxDepth: nil, minSamplesLeaf: 1)))
        #expect(ClassifierName(rawValue: "decision-tree")?.parametersType == DecisionTreeParameters.self)
    }

    @Test(
        "parameters out of range and those of forests are refused by name",
        arguments: [
            ("max_depth", ParameterValue.integer(0)), ("max_features", .integer(257)), ("min_samples_leaf", .integer(0)),
            ("criterion", .text("log_loss")),
        ])
    func refusedParameters(name: String, value: ParameterValue) {
        let error = #expect(throws: TrainingError.self) { try DecisionTreeParameters(values: ParameterValues([name: value])) }
        guard case .invalidParameter(name, value, _)? = error else {
            Issue.record("\(name)=\(value) was refused as \(String(describing: error))")
            return
        }
        #expect(
            throws: TrainingError.unknownParameter(
                name: "n_estimators",
                known: [
                    "ccp_alpha", "criterion", "max_depth", "max_features", "max_leaf_nodes", "min_samples_leaf", "min_samples_split",
                ])
        ) {
            try DecisionTreeParameters(values: ParameterValues(["n_estimators": .integer(1)]))
        }
    }

    @Test("a model read back from JSON predicts bit for bit, and one of two trees is refused")
    func payload() throws {
        let model = try fit(DecisionTreeParameters(limits: TreeLimits(maxDepth: 6)))
        let read = try JSONDecoder().decode(RandomForestPayload.self, from: JSONEncoder().encode(model.payload))
        let copy = try DecisionTreeModel(
            parameters: model.parameters, classes: model.classes, trainingReport: model.trainingReport, payload: read)
        for bitmap in SyntheticDigits.dataset(rowCount: 100, seed: 3).bitmaps {
            #expect(copy.scores(for: bitmap) == model.scores(for: bitmap))
        }
        let twoTrees = try JSONDecoder().decode(
            RandomForestPayload.self, from: Data(#"{"nodes":[0,-1,-2,0,-1,-2],"leafCounts":[]}"#.utf8))
        #expect(throws: TrainingError.invalidModel(field: "nodes", found: "2 trees", expected: "1 whole tree")) {
            try DecisionTreeModel(
                parameters: DecisionTreeParameters(), classes: [0, 1], trainingReport: TrainingReport(), payload: twoTrees)
        }
    }

    @Test("a fit stops where its task is cancelled, in the middle of a tree too")
    func cancellation() async {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try fit(DecisionTreeParameters())
        }
        await #expect(throws: TrainingError.cancelled) { try await task.value }
        let growing = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            var forests = ForestCuts(classCount: 10, limits: [ForestCuts.Limit(maxDepth: 256, treeCount: 1)])
            let growth = TreeGrowth(featureCount: 256, limits: TreeLimits(), criterion: .gini, rowCount: 700)
            let source = try BootstrapSource(
                DecisionTreeTests.digits, rows: DecisionTreeTests.allRows, seed: 1, drawsWithReplacement: false)
            try growth.grow(on: source.sample(source.multiplicities(tree: 0)), seed: 1, tree: 0, into: &forests)
        }
        await #expect(throws: TrainingError.cancelled) { try await growing.value }
    }
}
