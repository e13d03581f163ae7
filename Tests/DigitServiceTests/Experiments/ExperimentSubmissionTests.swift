import DigitAPI
import DigitService
import Foundation
import HTTPServing
import TestData
import Testing

@testable import Experiments

@Suite struct ExperimentSubmissionTests {
    @Test("an experiment is accepted, with its address and everything filled in")
    func accepted() async throws {
        let fixture = try await ExperimentFixture(clock: { Timestamp(milliseconds: 1_780_142_400_123) })
        let answer = try await fixture.answer(.post, "/experiments", body: ExperimentFixture.request)
        #expect(answer.status == .accepted)
        #expect(answer.headers["Content-Type"] == "application/json")
        let id = try answer.decoded(ExperimentDescription.self).id
        #expect(answer.headers["Location"] == "/experiments/\(id)")
        #expect(
            answer.text == """
                {"best":null,"created":"2026-05-30T12:00:00.123Z",\
                "dataset":{"name":"small","rows":40,"sha256":"\(ExperimentFixture.rows.sha256)"},"failure":null,"finished":null,\
                "id":"\(id)","links":{"cancel":"/experiments/\(id)/cancel","events":"/experiments/\(id)/events",\
                "report":"/experiments/\(id)/report","retry":"/experiments/\(id)/retry","self":"/experiments/\(id)"},"models":[],"name":null,\
                "progress":{"candidates":2,"failedTrials":0,"finishedTrials":0,"percent":0,"secondsLeft":null,"trials":4},\
                "request":{"dataset":"small","folding":"stratified","folds":2,"priority":0,"promote":"never",\
                "search":[{"classifier":"multinomial-naive-bayes","grid":{"alpha":[0.5,1]}}],"seed":0,"strategy":"grid"},\
                "started":null,"state":"queued"}

                """)
        #expect(try await fixture.get("/experiments/\(id)").body == answer.body)
    }

    @Test("an empty body asks for all the defaults", .enabled(if: TestData.semeionIsAvailable), arguments: ["", "{}"])
    func defaults(body: String) async throws {
        let semeion = try TestData.semeion()
        let fixture = try await ExperimentFixture()
        try Data(semeion.encoded(as: .packed)).write(to: URL(filePath: fixture.store.folder.datasetPath(sha256: semeion.sha256)))
        let answer = try await fixture.answer(.post, "/experiments", body: body)
        #expect(answer.status == .accepted, "\(answer.text)")
        #expect(
            answer.text.contains(
                """
                "request":{"dataset":"semeion","folding":"stratified","folds":10,"preset":"quick","priority":0,\
                "promote":"never","seed":0,"strategy":"grid"},
                """))
        #expect(answer.text.contains("\"dataset\":{\"name\":\"semeion\",\"rows\":1593,\"sha256\":\"\(semeion.sha256)\"}"))
        let progress = try answer.decoded(ExperimentDescription.self).progress
        #expect(progress.candidateCount == 6 && progress.trialCount == 60)
    }

    @Test("what a request says stands in the answer")
    func everythingSaid() async throws {
        let answer = try await ExperimentFixture().answer(
            .post, "/experiments",
            body: """
                {"name":"Grüße \\"a\\"","dataset":"small+feedback","strategy":"random","candidates":1,"folds":4,"folding":"blocks",
                 "seed":18446744073709551615,"priority":-100,"promote":"if-better",
                 "search":[{"classifier":"k-nearest-neighbors","grid":{"n_neighbors":[1,3]}}]}
                """)
        #expect(answer.status == .accepted, "\(answer.text)")
        #expect(
            answer.text.contains(
                """
                "request":{"candidates":1,"dataset":"small+feedback","folding":"blocks","folds":4,"name":"Grüße \\"a\\"","priority":-100,\
                "promote":"if-better","search":[{"classifier":"k-nearest-neighbors","grid":{"n_neighbors":[1,3]}}],\
                "seed":18446744073709551615,"strategy":"random"}
                """), "\(answer.text)")
        let document = try answer.decoded(ExperimentDescription.self)
        #expect(document.name == "Grüße \"a\"")
        #expect(document.progress.candidateCount == 1 && document.progress.trialCount == 4)
    }

    @Test("folds may be one a row, or given row by row")
    func otherFolds() async throws {
        let fixture = try await ExperimentFixture()
        let search = "\"dataset\":\"small\",\"search\":[{\"classifier\":\"multinomial-naive-bayes\"}]"
        let each = try await fixture.answer(.post, "/experiments", body: "{\(search),\"folds\":\"leave-one-out\"}")
        #expect(each.text.contains("\"folds\":\"leave-one-out\""))
        #expect(!each.text.contains("folding"))
        #expect(try each.decoded(ExperimentDescription.self).progress.trialCount == 40)
        let folds = "[" + (0..<40).map { "\($0 % 3)" }.joined(separator: ",") + "]"
        let given = try await fixture.answer(.post, "/experiments", body: "{\(search),\"folds\":\(folds)}")
        #expect(given.text.contains("\"folds\":\(folds)"))
        #expect(try given.decoded(ExperimentDescription.self).progress.trialCount == 3)
    }

    @Test(
        "JSON is read as such whether its type is said, or curl's own, or none",
        arguments: [
            nil, "", "application/json", "Application/JSON; charset=utf-8", "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=UTF-8",
        ])
    func contentTypes(type: String?) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit(headers: type.map { ["Content-Type": $0] } ?? [:])
        #expect(experiment.request.dataset == "small")
    }

    @Test(
        "another content type is 415, and nothing is stored",
        arguments: ["text/plain", "text/json", "application/yaml", "multipart/form-data; boundary=x", "json"])
    func unsupportedMediaType(type: String) async throws {
        let fixture = try await ExperimentFixture()
        let answer = try await fixture.answer(.post, "/experiments", headers: ["Content-Type": type], body: ExperimentFixture.request)
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .unsupportedMediaType)
        #expect(answer.headers["Accept"] == "application/json")
        #expect(problem.type == "urn:digitd:problem:unsupported-media-type")
        #expect(
            problem.detail == "expected a body of type application/json, or of no type said, found '\(type.prefix { $0 != ";" })'")
        #expect(try fixture.experimentCount == 0)
    }

    struct Refusal: CustomStringConvertible {
        let body: String
        let status: HTTPStatus
        let name: String
        let detail: String
        var description: String { body.count > 100 ? "\(name): \(detail)" : body }

        init(_ body: String, _ detail: String) { self.init(body, .badRequest, "malformed-experiment", detail) }
        init(_ body: String, _ status: HTTPStatus, _ name: String, _ detail: String) {
            (self.body, self.status, self.name, self.detail) = (body, status, name, detail)
        }
    }

    private static let fields =
        "name, dataset, search, preset, strategy, candidates, folds, folding, seed, priority, promote, allow_fewer_classes"
    private static let bayes = "\"classifier\":\"multinomial-naive-bayes\""
    /// The beginning of a request that is well so far.
    private static let small = "{\"dataset\":\"small\",\"folds\":2,\"search\":[{\(bayes)}]"
    private static let hundred = "[" + (1...101).map(String.init).joined(separator: ",") + "]"

    static let refusals = [
        Refusal("hello", "not JSON: expected a value at line 1, column 1, found 'h'"),
        Refusal("{\"seed\":1,\n", "not JSON: expected a field's name in quotes at line 2, column 1, found the end"),
        Refusal("[]", "field 'the request': expected an object, found a list of 0"),
        Refusal("{\"seed\":1,\"seed\":2}", "expected only one field, found seed twice"),
        Refusal("{\"sead\":1}", .badRequest, "unknown-field", "unknown field 'sead'; known are \(fields); did you mean 'seed'?"),
        Refusal(
            "{\"search\":[{\(bayes),\"gird\":{}}]}", .badRequest, "unknown-field",
            "unknown field 'search[0].gird'; known are classifier, grid; did you mean 'grid'?"),
        Refusal("{\"name\":7}", "field 'name': expected a text, found 7"),
        Refusal(
            "{\"name\":\"a\\u0000b\"}",
            "field 'name': expected at most 200 characters, none of them a control character, found 'a\u{0}b'"),
        Refusal(
            "{\"name\":\"\(String(repeating: "x", count: 201))\"}",
            "field 'name': expected at most 200 characters, none of them a control character, found a text of 201 characters"),
        Refusal(
            "{\"dataset\":\"../../etc/passwd\"}",
            "field 'dataset': expected the name of a data set (1 to 64 of a-z, 0-9, '-', '_' and '.', the first a letter or a digit), "
                + "or that and '+feedback', found '../../etc/passwd'"),
        Refusal(
            "{\"dataset\":\"large\"}", .notFound, "unknown-dataset",
            "there is no data set 'large': nothing was uploaded under this name"),
        Refusal("{\"preset\":\"all\"}", "field 'preset': expected one of quick, tuned, paper, found 'all'"),
        Refusal("\(small),\"preset\":\"quick\"}", "field 'preset': a search is given too; expected one of the two"),
        Refusal("{\"search\":[]}", "field 'search': expected a list of at least one classifier with its grid, found a list of 0"),
        Refusal("{\"search\":[{}]}", "field 'search[0].classifier': expected the name of a classifier, found nothing"),
        Refusal(
            "{\"search\":[{\(bayes),\"grid\":{\"alpha\":[]}}]}",
            "field 'search': multinomial-naive-bayes: parameter 'alpha' has an empty list; expected at least one value"),
        Refusal(
            "{\"search\":[{\(bayes),\"grid\":{\"alpha\":[[1]]}}]}",
            "field 'search[0].grid.alpha': expected null, true, false, a finite number or a word, found a list of 1"),
        Refusal(
            "{\"search\":[{\"classifier\":\"svm\",\"grid\":{\"C\":\(hundred),\"gamma\":\(hundred)}}]}", .badRequest, "too-many-candidates",
            "field 'search': the search has 10201 candidates; expected at most 10000"),
        Refusal("\(small),\"strategy\":\"best\"}", "field 'strategy': expected one of grid, random, halving, found 'best'"),
        Refusal("\(small),\"candidates\":3}", "field 'candidates': only the strategy 'random' draws candidates"),
        Refusal(
            "\(small),\"strategy\":\"random\"}",
            "field 'candidates': expected how many candidates the strategy 'random' is to draw, found nothing"),
        Refusal(
            "\(small),\"strategy\":\"random\",\"candidates\":2}",
            "field 'candidates': expected at most 1, as many as the search has, found 2"),
        Refusal("{\"folds\":1}", "field 'folds': expected 2 to 50, 'leave-one-out', or a list with the fold of every row, found 1"),
        Refusal("{\"folds\":51}", "field 'folds': expected 2 to 50, 'leave-one-out', or a list with the fold of every row, found 51"),
        Refusal("{\"folds\":[0,\"1\"]}", "field 'folds[1]': expected the number of a fold, from 0, found '1'"),
        Refusal("{\"folds\":[0,0]}", "field 'folds': expected at least 2 folds, found 1"),
        Refusal("{\"dataset\":\"small\",\"folds\":[0,1]}", "field 'folds': expected the folds of 40 rows, found those of 2"),
        Refusal(
            "{\"dataset\":\"small\",\"folds\":5}", "field 'folds': expected at least 5 rows of digit 0, one a fold, found 4"),
        Refusal(
            "{\"folds\":\"leave-one-out\",\"folding\":\"blocks\"}",
            "field 'folding': 'folds' already says which rows come together"),
        Refusal("\(small),\"folding\":\"random\"}", "field 'folding': expected one of stratified, blocks, found 'random'"),
        Refusal("\(small),\"seed\":-1}", "field 'seed': expected a whole number from 0 to 18446744073709551615, found -1"),
        Refusal("\(small),\"priority\":101}", "field 'priority': expected a whole number from -100 to 100, found 101"),
        Refusal("\(small),\"promote\":true}", "field 'promote': expected one of never, if-better, always, found true"),
        Refusal(
            "{\"dataset\":\"ones\",\"folds\":2}", .badRequest, "too-few-classes",
            "data set 'ones' has rows of one digit only; expected two digits or more"),
    ]

    @Test("a request that describes no experiment is refused with what is wrong, and nothing is stored")
    func refused() async throws {
        let fixture = try await ExperimentFixture()
        // Without a header nobody could say whether the label is the first value or the last.
        let header = (0..<256).map { "p\($0)," }.joined() + "label\n"
        let ones = "0" + String(repeating: ",1", count: 256) + "\n"
        #expect(try await fixture.answer(.put, "/datasets/ones", body: header + ones + ones).status == .created)
        for refusal in ExperimentSubmissionTests.refusals {
            let answer = try await fixture.answer(.post, "/experiments", headers: ["Idempotency-Key": "k"], body: refusal.body)
            #expect(answer.status == refusal.status, "\(refusal)")
            #expect(answer.headers["Content-Type"] == "application/problem+json", "\(refusal)")
            let problem = try answer.decoded(Problem.self)
            #expect(problem.type == "urn:digitd:problem:\(refusal.name)", "\(refusal)")
            #expect(problem.status == Int(refusal.status.code), "\(refusal)")
            #expect(problem.detail == refusal.detail)
            #expect(try fixture.experimentCount == 0, "\(refusal)")
        }
        // Nor is the key taken.
        #expect(try await fixture.submit(headers: ["Idempotency-Key": "k"]).state == .queued)
    }

    @Test("the same key and body give the first answer again, byte for byte, also when the experiment has gone on")
    func repeated() async throws {
        let fixture = try await ExperimentFixture()
        let headers: HTTPHeaders = ["Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"]
        let first = try await fixture.answer(.post, "/experiments", headers: headers, body: ExperimentFixture.request)
        _ = try fixture.begin()
        let second = try await fixture.answer(.post, "/experiments", headers: headers, body: ExperimentFixture.request)
        #expect(second.status == .accepted)
        #expect(second.body == first.body)
        #expect(second.headers.fields == first.headers.fields)
        #expect(try fixture.experimentCount == 1)
        // Without the key, or with another, it is another experiment.
        #expect(try await fixture.submit().id != first.decoded(ExperimentDescription.self).id)
        _ = try await fixture.submit(headers: ["Idempotency-Key": "other"])
        #expect(try fixture.experimentCount == 3)
    }

    @Test("a key that came with another body is 422")
    func reusedKey() async throws {
        let fixture = try await ExperimentFixture()
        _ = try await fixture.submit(headers: ["Idempotency-Key": "k"])
        let answer = try await fixture.answer(
            .post, "/experiments", headers: ["Idempotency-Key": "k"], body: ExperimentFixture.request + " ")
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .unprocessableContent)
        #expect(problem.type == "urn:digitd:problem:idempotency-key-reused")
        #expect(problem.detail == "the idempotency key 'k' came before, with another body")
        #expect(try fixture.experimentCount == 1)
    }

    @Test("a key has 1 to 255 characters", arguments: [(0, false), (1, true), (255, true), (256, false)])
    func keyLength(length: Int, isGood: Bool) async throws {
        let fixture = try await ExperimentFixture()
        let key = String(repeating: "k", count: length)
        let answer = try await fixture.answer(.post, "/experiments", headers: ["Idempotency-Key": key], body: ExperimentFixture.request)
        #expect(answer.status == (isGood ? .accepted : .badRequest))
        #expect(try fixture.experimentCount == (isGood ? 1 : 0))
        guard !isGood else { return }
        let problem = try answer.decoded(Problem.self)
        #expect(problem.type == "urn:digitd:problem:malformed-field")
        #expect(problem.detail == "Idempotency-Key: expected 1 to 255, found \(length) characters")
    }

    @Test("a full queue is 429 and says when to come again; what runs does not count, and a known key is still answered")
    func fullQueue() async throws {
        var limits = ExperimentStore.Limits()
        limits.queuedExperimentCount = 2
        let fixture = try await ExperimentFixture(limits: limits)
        let first = try await fixture.submit(headers: ["Idempotency-Key": "k"])
        try await fixture.submit()
        let answer = try await fixture.answer(.post, "/experiments", body: ExperimentFixture.request)
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == 429)
        #expect(answer.headers["Retry-After"] == "30")
        #expect(problem.type == "urn:digitd:problem:queue-full")
        #expect(problem.detail == "2 experiments are queued; expected fewer before another one")
        #expect(try fixture.experimentCount == 2)
        #expect(try await fixture.submit(headers: ["Idempotency-Key": "k"]) == first)
        _ = try fixture.begin()
        try await fixture.submit()
        #expect(try fixture.experimentCount == 3)
    }
}
