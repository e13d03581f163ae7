import Classifiers
import ModelSelection
import Testing

struct SearchSpaceTests {
    @Test("a grid expands with its parameters in alphabetical order, the last one changing fastest")
    func expansionOrder() throws {
        let space = try SearchSpace(entries: [
            SearchSpace.Entry(
                classifier: .svm, grid: ["kernel": [.text("rbf"), .text("linear")], "C": [.number(0.1), .integer(1)]])
        ])
        #expect(
            space.rows.map(\.params.description) == [
                "C=0.1 kernel=rbf", "C=0.1 kernel=linear", "C=1 kernel=rbf", "C=1 kernel=linear",
            ])
    }

    @Test("an empty grid is the one candidate of all defaults")
    func emptyGrid() throws {
        let space = try SearchSpace(entries: [SearchSpace.Entry(classifier: .svm, grid: [:])])
        #expect(space.rows.count == 1)
        #expect(space.rows.first?.candidate.values["C"] == .integer(1))
        #expect(space.rows.first?.params == ParameterValues())
    }

    @Test("an empty list of values is refused by the parameter's name")
    func emptyList() {
        #expect(throws: SearchError.emptyGrid(classifier: .svm, parameter: "C")) {
            try SearchSpace(entries: [SearchSpace.Entry(classifier: .svm, grid: ["C": []])])
        }
    }

    @Test("a search without entries is refused")
    func noEntries() {
        #expect(throws: SearchError.emptySearch) { try SearchSpace(entries: []) }
    }

    @Test("more candidates than the limit are refused before any is made, even where their number overflows")
    func tooMany() {
        let hundred = (1...100).map { ParameterValue.integer($0) }
        #expect(throws: SearchError.tooManyCandidates(found: 1_000_000, limit: 10_000)) {
            try SearchSpace(entries: [
                SearchSpace.Entry(
                    classifier: .randomForest, grid: ["n_estimators": hundred, "max_depth": hundred, "max_features": hundred])
            ])
        }
        let grid = Dictionary(uniqueKeysWithValues: (0..<20).map { ("p\($0)", hundred) })
        #expect(throws: SearchError.tooManyCandidates(found: .max, limit: 10_000)) {
            try SearchSpace(entries: [SearchSpace.Entry(classifier: .svm, grid: grid)])
        }
    }

    @Test("a value that the classifier does not take is refused with the classifier's name")
    func invalidValue() throws {
        let error = #expect(throws: SearchError.self) {
            try SearchSpace(entries: [SearchSpace.Entry(classifier: .svm, grid: ["C": [.integer(-1)]])])
        }
        #expect(error?.description == "svm: parameter 'C' is -1; expected a number greater than 0")
    }
}
