import Classifiers
import Digits
import Foundation
import ModelSelection
import Testing

@testable import Experiments

@Suite struct ExperimentRequestTests {
    private let rows = SyntheticDigits.dataset(rowCount: 100, seed: 4)

    private func request(_ text: String) throws -> ExperimentRequest { try ExperimentRequest(json: Array(text.utf8).span) }

    private func json(_ request: ExperimentRequest) throws -> String { try StoredJSON.text(of: request.wire) }

    @Test("what is left out is filled in, and shown")
    func defaults() throws {
        #expect(
            try json(try request("{}")) == """
                {"dataset":"semeion","folding":"stratified","folds":10,"preset":"quick","priority":0,"promote":"never","seed":0,\
                "strategy":"grid"}
                """)
    }

    @Test(
        "a request that is kept and read again is the same",
        arguments: [
            "{}",
            #"{"name":"a \"b\" ü","dataset":"mine+feedback","preset":"paper","strategy":"random","candidates":279,"seed":18446744073709551615}"#,
            #"{"folds":[0,1,0,1],"priority":-100,"promote":"if-better","strategy":"halving"}"#,
            #"{"folds":"leave-one-out","promote":"always"}"#,
            #"{"folds":50,"folding":"blocks"}"#,
            #"{"search":[{"classifier":"svm","grid":{"C":[0.1,10],"gamma":["auto",0.03],"kernel":"rbf"}},{"classifier":"decision-tree","grid":{"max_depth":[null,5]}}]}"#,
        ])
    func roundTrip(text: String) throws {
        let first = try request(text)
        let kept = try json(first)
        #expect(try ExperimentRequest(json: Array(kept.utf8).span) == first)
        #expect(try json(try request(kept)) == kept)
    }

    @Test("the values of a search are kept exactly, a single one as a list of one")
    func search() throws {
        let request = try request(
            #"{"search":[{"classifier":"svm","grid":{"C":[0.1,10],"gamma":["auto",0.03],"kernel":"rbf"}},{"classifier":"decision-tree","grid":{"max_depth":[null,5]}}]}"#
        )
        #expect(
            request.search
                == .entries([
                    SearchSpace.Entry(
                        classifier: .svm,
                        grid: ["C": [.number(0.1), .integer(10)], "gamma": [.text("auto"), .number(0.03)], "kernel": [.text("rbf")]]),
                    SearchSpace.Entry(classifier: .decisionTree, grid: ["max_depth": [.null, .integer(5)]]),
                ]))
    }

    @Test(
        "what is wrong is refused by field, with what was found and what is expected",
        arguments: [
            (#"{"presett":"quick"}"#, "unknown field 'presett'"),
            (#"{"search":[{"classifier":"svm","gird":{}}]}"#, "unknown field 'search[0].gird'"),
            (#"{"preset":"quick","preset":"paper"}"#, "expected only one field, found preset"),
            (#"{"preset":"fast"}"#, "field 'preset': expected one of quick, tuned, paper, found 'fast'"),
            (#"{"preset":"quick","search":[{"classifier":"svm"}]}"#, "field 'preset': a search is given too"),
            (#"{"search":[]}"#, "field 'search': expected a list of at least one classifier"),
            (#"{"search":[{}]}"#, "field 'search[0].classifier': expected the name of a classifier, found nothing"),
            (#"{"search":[{"classifier":"svn"}]}"#, "field 'search[0].classifier': expected one of"),
            (#"{"search":[{"classifier":"svm","grid":{"D":[1]}}]}"#, "field 'search': svm: unknown parameter 'D'"),
            (#"{"search":[{"classifier":"svm","grid":{"C":[]}}]}"#, "field 'search': svm: parameter 'C' has an empty list"),
            (#"{"search":[{"classifier":"svm","grid":{"C":[-1]}}]}"#, "field 'search': svm: "),
            (#"{"search":[{"classifier":"svm","grid":{"C":[[1]]}}]}"#, "field 'search[0].grid.C': expected null, true, false"),
            (#"{"strategy":"random"}"#, "field 'candidates': expected how many candidates the strategy 'random' is to draw, found nothing"),
            (#"{"strategy":"random","candidates":7}"#, "field 'candidates': expected at most 6, as many as the search has, found 7"),
            (#"{"strategy":"random","candidates":0}"#, "field 'candidates': expected a whole number from 1 to 10000, found 0"),
            (#"{"candidates":3}"#, "field 'candidates': only the strategy 'random' draws candidates"),
            (#"{"folds":1}"#, "field 'folds': expected 2 to 50, 'leave-one-out', or a list with the fold of every row, found 1"),
            (#"{"folds":51}"#, "field 'folds': expected 2 to 50"),
            (#"{"folds":2.5}"#, "field 'folds': expected 2 to 50"),
            (#"{"folds":[0,0]}"#, "field 'folds': "),
            (#"{"folds":[0,"1"]}"#, "field 'folds[1]': expected the number of a fold, from 0, found '1'"),
            (#"{"folds":"leave-one-out","folding":"blocks"}"#, "field 'folding': 'folds' already says which rows come together"),
            (#"{"folding":"random"}"#, "field 'folding': expected one of stratified, blocks, found 'random'"),
            (#"{"seed":-1}"#, "field 'seed': expected a whole number from 0 to 18446744073709551615, found -1"),
            (#"{"seed":18446744073709551616}"#, "field 'seed': expected a whole number"),
            (#"{"priority":101}"#, "field 'priority': expected a whole number from -100 to 100, found 101"),
            (#"{"promote":true}"#, "field 'promote': expected one of never, if-better, always, found true"),
            (#"{"dataset":"../semeion"}"#, "field 'dataset': expected the name of a data set"),
            (#"{"dataset":7}"#, "field 'dataset': expected a text, found 7"),
            (#"{"name":"a\nb"}"#, "field 'name': expected at most 200 characters"),
            ("[]", "field 'the request': expected an object, found a list of 0"),
            ("{", "not JSON: expected '}' at line 1, column 2, found the end"),
        ])
    func refused(text: String, reason: String) throws {
        let error = try #require(throws: ExperimentRequestError.self) { try ExperimentPlan(try request(text), dataset: rows) }
        #expect("\(error)".hasPrefix(reason), "\(error)")
    }

    @Test("a search of more than ten thousand candidates is refused with their number")
    func tooMany() throws {
        let values = (1...101).map { "\($0)" }.joined(separator: ",")
        let text = #"{"search":[{"classifier":"svm","grid":{"C":[\#(values)],"gamma":[\#(values)]}}]}"#
        let error = try #require(throws: ExperimentRequestError.self) { try ExperimentPlan(try request(text), dataset: rows) }
        #expect(error == .invalidSearch(.tooManyCandidates(found: 10_201, limit: 10_000)))
    }
}
