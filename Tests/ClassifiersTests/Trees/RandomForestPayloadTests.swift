import Digits
import Foundation
import Testing

@testable import Classifiers

struct RandomForestPayloadTests {
    private func model(nodes: [Int], leafCounts: [Int] = [], treeCount: Int = 1, classes: [UInt8] = [0, 1]) throws -> RandomForestModel {
        let json = #"{"nodes":\#(nodes),"leafCounts":\#(leafCounts)}"#
        return try RandomForestModel(
            parameters: RandomForestParameters(treeCount: treeCount), classes: classes, trainingReport: TrainingReport(),
            payload: JSONDecoder().decode(RandomForestPayload.self, from: Data(json.utf8)))
    }

    private func fieldRefused(nodes: [Int], leafCounts: [Int] = [], treeCount: Int = 1, classes: [UInt8] = [0, 1]) -> String? {
        do {
            _ = try model(nodes: nodes, leafCounts: leafCounts, treeCount: treeCount, classes: classes)
            return nil
        } catch TrainingError.invalidModel(let field, _, _) {
            return field
        } catch {
            return "\(error)"
        }
    }

    @Test("a payload written by hand predicts what it says")
    func byHand() throws {
        // Pixel 0 set: class 1. Not set: 3 rows of class 0 and 1 of class 1.
        let model = try model(nodes: [0, -3, -2], leafCounts: [3, 1])
        var bitmap = Bitmap.blank
        #expect(model.scores(for: bitmap).values.prefix(2) == [0.75, 0.25])
        bitmap[0] = true
        #expect(model.scores(for: bitmap).values.prefix(2) == [0, 1])
        #expect(model.digit(for: bitmap) == 1)
    }

    @Test("nodes that are not exactly the trees are refused")
    func nodes() {
        #expect(fieldRefused(nodes: [0, -1, -2]) == nil)
        #expect(fieldRefused(nodes: []) == "nodes")
        #expect(fieldRefused(nodes: [0, -1]) == "nodes")
        #expect(fieldRefused(nodes: [0, -1, -2, -1]) == "nodes")
        #expect(fieldRefused(nodes: [0, -1, -2, -1], treeCount: 2) == nil)
        #expect(fieldRefused(nodes: [256, -1, -2]) == "nodes[0]")
        #expect(fieldRefused(nodes: [0, -1, -3]) == "nodes[2]")
        #expect(fieldRefused(nodes: [0, -1, Int(Int32.min)]) == "nodes[2]")
    }

    @Test("leaf counts that are no counts of several classes are refused")
    func leafCounts() {
        #expect(fieldRefused(nodes: [0, -1, -3], leafCounts: [1, 2]) == nil)
        #expect(fieldRefused(nodes: [0, -1, -3], leafCounts: [1]) == "leafCounts")
        #expect(fieldRefused(nodes: [0, -1, -3], leafCounts: [1, -2]) == "leafCounts[1]")
        #expect(fieldRefused(nodes: [0, -1, -3], leafCounts: [0, 2]) == "leafCounts")
    }

    @Test("classes that are no digits in ascending order are refused", arguments: [[], [3], [1, 1], [2, 1], [0, 10]] as [[UInt8]])
    func classes(classes: [UInt8]) {
        #expect(fieldRefused(nodes: [-1], classes: classes) == "classes")
    }

    @Test("parameters are read by scikit-learn's names and written the same")
    func parameters() throws {
        let values = ParameterValues([
            "bootstrap": .bool(false), "criterion": .text("entropy"), "max_depth": .integer(5), "max_features": .text("log2"),
            "min_samples_leaf": .integer(2), "n_estimators": .integer(30),
        ])
        let parameters = try RandomForestParameters(values: values)
        #expect(
            parameters
                == RandomForestParameters(
                    treeCount: 30, maxFeatures: .logarithm, limits: TreeLimits(maxDepth: 5, minSamplesLeaf: 2), criterion: .entropy,
                    bootstrap: false))
        #expect(parameters.values == values)
        #expect(try RandomForestParameters(values: ParameterValues()) == RandomForestParameters())
    }

    @Test(
        "parameters out of range are refused by name",
        arguments: [
            ("n_estimators", ParameterValue.integer(0)), ("max_depth", .integer(0)), ("max_features", .integer(257)),
            ("max_features", .text("cube")), ("max_features", .number(1.5)), ("min_samples_leaf", .number(1)),
            ("min_samples_leaf", .number(0)), ("min_samples_split", .integer(1)), ("min_samples_split", .number(1.5)),
            ("max_leaf_nodes", .integer(1)), ("max_leaf_nodes", .number(0.5)), ("ccp_alpha", .number(-0.1)), ("ccp_alpha", .null),
            ("criterion", .text("cross")), ("bootstrap", .integer(1)), ("bootstrap", .text("yes")),
        ])
    func refusedParameters(name: String, value: ParameterValue) {
        let error = #expect(throws: TrainingError.self) { try RandomForestParameters(values: ParameterValues([name: value])) }
        guard case .invalidParameter(name, value, _)? = error else {
            Issue.record("\(name)=\(value) was refused as \(String(describing: error))")
            return
        }
    }

    @Test(
        "max_features as a number of pixels",
        arguments: [
            (MaxFeatures.automatic, 16), (.squareRoot, 16), (.logarithm, 8), (.all, 256), (.number(3), 3), (.share(0.1), 25),
            (.share(0.001), 1),
        ])
    func featureCounts(maxFeatures: MaxFeatures, count: Int) {
        #expect(maxFeatures.count == count)
    }
}
