import Classifiers
import ModelSelection
import Testing

struct GridFileTests {
    @Test("null, numbers, truth values and words keep their kind; quotes make a word")
    func scalarKinds() throws {
        let space = try SearchSpace(
            yaml: """
                search:
                  - classifier: random-forest
                    grid:
                      max_depth: [null, 5]
                      max_features: ["auto", log2, 0.5]
                      n_estimators: 10
                """)
        #expect(
            space.entries == [
                SearchSpace.Entry(
                    classifier: .randomForest,
                    grid: [
                        "max_depth": [.null, .integer(5)],
                        "max_features": [.text("auto"), .text("log2"), .number(0.5)],
                        "n_estimators": [.integer(10)],
                    ])
            ])
    }

    @Test(
        "what is wrong is named with line and column",
        arguments: [
            ("", 1, 1, "the file is empty; expected 'search:'"),
            ("searches: []", 1, 1, "unknown field 'searches'; known are search"),
            ("search: 5", 1, 9, "'search' is not a list"),
            ("search:\n  - grid: {}", 2, 5, "the field 'classifier' is missing"),
            ("search:\n  - classifier: svm\n    grd: {}", 3, 5, "unknown field 'grd'; known are classifier, grid"),
            ("search:\n  - classifier: svm\n    grid: {C: 1, C: 2}", 3, 12, "the field 'C' appears twice"),
            ("search:\n  - classifier: svm\n    grid: {C: [[1]]}", 3, 16, "expected a value: null, a number, true, false or a word"),
            ("search:\n  - classifier: svm\n    grid: {C: .inf}", 3, 15, ".inf is not a finite number"),
            ("search:\n  - classifier: svm\n    grid: {C: [0]}", 3, 15, "svm: parameter 'C' is 0; expected a number greater than 0"),
        ])
    func malformed(yaml: String, line: Int, column: Int, reason: String) {
        #expect(throws: SearchError.malformedGrid(line: line, column: column, reason: reason)) { try SearchSpace(yaml: yaml) }
    }

    @Test("an unknown classifier is refused with the list of those that are known")
    func unknownClassifier() {
        let error = #expect(throws: SearchError.self) { try SearchSpace(yaml: "search:\n  - classifier: perceptron") }
        let known = ClassifierName.allCases.map(\.rawValue).joined(separator: ", ")
        #expect(error?.description == "line 2, column 17: unknown classifier 'perceptron'; known are \(known)")
    }

    @Test("an unknown parameter is refused at its name")
    func unknownParameter() {
        let error = #expect(throws: SearchError.self) {
            try SearchSpace(yaml: "search:\n  - classifier: svm\n    grid: {C: 1, gama: auto}")
        }
        #expect(error?.description.hasPrefix("line 3, column 18: svm: unknown parameter 'gama'; known are C, ") == true)
    }

    @Test("a text that is not YAML is refused where the parser stopped")
    func notYAML() {
        let error = #expect(throws: SearchError.self) { try SearchSpace(yaml: "search: [1,\n  {") }
        guard case .malformedGrid(let line, _, _) = error else {
            Issue.record("unexpected error \(String(describing: error))")
            return
        }
        #expect(line == 2 || line == 3)
    }

    @Test("the preset 'tuned' is the study's 48 + 24 candidates")
    func tunedPreset() throws {
        let rows = try SearchPreset.tuned.space().rows
        #expect(rows.count { $0.candidate.classifier == .svm } == 48)
        #expect(rows.count { $0.candidate.classifier == .randomForest } == 24)
        #expect(rows[1].params.description == "C=0.1 gamma=auto kernel=linear")
        #expect(rows[71].params.description == "max_depth=5 max_features=log2 n_estimators=500")
    }

    @Test("the preset 'paper' is the study's 279 candidates, as many of each classifier as the study tried")
    func paperPreset() throws {
        let rows = try SearchPreset.paper.space().rows
        let counts = Dictionary(grouping: rows, by: \.candidate.classifier.rawValue).mapValues(\.count)
        #expect(
            counts == [
                "svm": 48, "random-forest": 24, "logistic-regression": 4, "k-nearest-neighbors": 36, "linear-discriminant-analysis": 9,
                "multinomial-naive-bayes": 3, "gaussian-naive-bayes": 1, "adaboost": 70, "decision-tree": 84,
            ])
        #expect(rows.count == 279)
    }

    @Test("every preset is a valid search", arguments: SearchPreset.allCases)
    func presets(preset: SearchPreset) throws {
        #expect(try !preset.space().rows.isEmpty)
    }
}
