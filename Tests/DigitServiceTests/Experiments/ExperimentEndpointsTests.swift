import Classifiers
import DigitAPI
import DigitService
import Foundation
import HTTPServing
import ModelSelection
import Testing

@testable import Experiments

/// Looking at experiments, cancelling and deleting them.
@Suite struct ExperimentEndpointsTests {
    // MARK: The list

    private func list(_ fixture: ExperimentFixture, _ target: String) async throws -> ExperimentList<ExperimentDescription> {
        let answer = try await fixture.get(target)
        try #require(answer.status == .ok, "\(answer.text)")
        return try answer.decoded(ExperimentList<ExperimentDescription>.self)
    }

    @Test("a server without experiments lists none")
    func emptyList() async throws {
        #expect(try await ExperimentFixture().get("/experiments").text == "{\"experiments\":[],\"next\":null}\n")
    }

    @Test("the list has the newest experiments first, as each is described alone")
    func newestFirst() async throws {
        let fixture = try await ExperimentFixture()
        let first = try await fixture.experiment(in: .succeeded)
        let second = try await fixture.experiment(in: .running)
        let answer = try await fixture.get("/experiments")
        #expect(answer.headers["Content-Type"] == "application/json")
        let descriptions = [try await fixture.get(second.path).text, try await fixture.get(first.path).text].map { $0.dropLast() }
        #expect(answer.text == "{\"experiments\":[\(descriptions[0]),\(descriptions[1])],\"next\":null}\n")
    }

    @Test("next leads through all pages, each experiment once, though new ones come in meanwhile")
    func pages() async throws {
        let fixture = try await ExperimentFixture()
        var ids: [ExperimentID] = []
        for _ in 0..<5 { ids.insert(try await fixture.submit().id, at: 0) }
        let first = try await list(fixture, "/experiments?limit=2")
        #expect(first.experiments.map(\.id) == Array(ids[0..<2]))
        try await fixture.submit()
        let second = try await list(fixture, try #require(first.next))
        #expect(second.experiments.map(\.id) == Array(ids[2..<4]))
        let third = try await list(fixture, try #require(second.next))
        #expect(third.experiments.map(\.id) == [ids[4]])
        #expect(third.next == nil)
    }

    @Test("a full last page has no next")
    func fullLastPage() async throws {
        let fixture = try await ExperimentFixture()
        try await fixture.submit()
        try await fixture.submit()
        #expect(try await list(fixture, "/experiments?limit=2").next == nil)
    }

    @Test("a page has 20 experiments where nothing else is said, and at most 100")
    func limits() async throws {
        let fixture = try await ExperimentFixture()
        for _ in 0..<101 { try await fixture.submit() }
        let usual = try await list(fixture, "/experiments")
        #expect(usual.experiments.count == 20)
        #expect(try await list(fixture, try #require(usual.next)).experiments.count == 20)
        let largest = try await list(fixture, "/experiments?limit=100")
        #expect(largest.experiments.count == 100)
        #expect(try await list(fixture, try #require(largest.next)).experiments.count == 1)
    }

    @Test("the list of a state has the experiments of that state, on its next pages too")
    func ofState() async throws {
        let fixture = try await ExperimentFixture()
        var cancelled: [ExperimentID] = []
        for _ in 0..<3 {
            cancelled.insert(try await fixture.experiment(in: .cancelled).id, at: 0)
            _ = try await fixture.experiment(in: .failed)
        }
        let first = try await list(fixture, "/experiments?state=cancelled&limit=2")
        #expect(first.experiments.map(\.id) == Array(cancelled[0..<2]))
        let second = try await list(fixture, try #require(first.next))
        #expect(second.experiments.map(\.id) == [cancelled[2]])
        #expect(second.next == nil)
        #expect(try await list(fixture, "/experiments?state=failed").experiments.count == 3)
        #expect(try await list(fixture, "/experiments?state=queued").experiments.isEmpty)
    }

    @Test("every state can be asked for", arguments: ExperimentState.allCases)
    func everyState(state: ExperimentState) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.experiment(in: state)
        #expect(experiment.state == state)
        #expect(try await list(fixture, "/experiments?state=\(state.rawValue)").experiments == [experiment])
    }

    private static let oneOfStates = "one of queued, running, cancelling, succeeded, failed, cancelled"

    @Test(
        "what the list cannot be asked for is 400",
        arguments: [
            ("state=done", "state: expected \(oneOfStates), found 'done'"), ("state=", "state: expected \(oneOfStates), found ''"),
            ("limit=0", "limit: expected a whole number from 1 to 100, found '0'"),
            ("limit=101", "limit: expected a whole number from 1 to 100, found '101'"),
            ("limit=ten", "limit: expected a whole number from 1 to 100, found 'ten'"),
            ("limit=", "limit: expected a whole number from 1 to 100, found ''"),
            ("cursor=2", "cursor: expected the cursor of an earlier answer, found '2'"),
            (
                "cursor=81BX5ZZKBKACTAV9WEVGEMMVRZ",
                "cursor: expected the cursor of an earlier answer, found '81BX5ZZKBKACTAV9WEVGEMMVRZ'"
            ),
        ])
    func badQuery(query: String, detail: String) async throws {
        let answer = try await ExperimentFixture().get("/experiments?" + query)
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .badRequest)
        #expect(problem.type == "urn:digitd:problem:malformed-field")
        #expect(problem.detail == detail)
    }

    // MARK: One experiment

    @Test("an experiment has all its fields in every state, null where there is nothing to say", arguments: ExperimentState.allCases)
    func allFields(state: ExperimentState) async throws {
        let fixture = try await ExperimentFixture()
        let answer = try await fixture.get(try await fixture.experiment(in: state).path)
        #expect(answer.headers["Content-Type"] == "application/json")
        let object = try #require(JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
        #expect(
            object.keys.sorted() == [
                "best", "created", "dataset", "failure", "finished", "id", "links", "models", "name", "progress", "request", "started",
                "state",
            ])
        let progress = try #require(object["progress"] as? [String: Any])
        #expect(progress.keys.sorted() == ["candidates", "failedTrials", "finishedTrials", "percent", "secondsLeft", "trials"])
        let hasStarted = state != .queued && state != .cancelled
        #expect((object["started"] is NSNull) == !hasStarted)
        #expect((object["finished"] is NSNull) == !state.isFinished)
        #expect(object["failure"] as? String == (state == .failed ? "the disk was full" : nil))
    }

    @Test("progress counts what is finished and what has failed, and tells the best candidate that is through")
    func progress() async throws {
        let fixture = try await ExperimentFixture()
        let queued = try await fixture.submit()
        let started = try fixture.begin()
        try started.record(candidate: 0, fold: 0, wrongCount: 2)
        var document = try await fixture.document(queued)
        #expect(
            document.progress
                == ExperimentProgress(
                    candidateCount: 2, trialCount: 4, finishedTrialCount: 1, failedTrialCount: 0, secondsLeft: nil))
        #expect(document.best == nil)
        try started.record(candidate: 0, fold: 1, wrongCount: 2, best: 0.9)
        try started.record(Trial(candidate: 1, fold: 0, outcome: .failed(reason: "out of memory")), secondsLeft: 1.5)
        document = try await fixture.document(queued)
        #expect(
            document.progress
                == ExperimentProgress(
                    candidateCount: 2, trialCount: 4, finishedTrialCount: 3, failedTrialCount: 1, secondsLeft: 1.5))
        #expect(
            document.best
                == BestCandidate(
                    classifier: .multinomialNaiveBayes, params: ParameterValues(["alpha": .number(0.5)]), meanTestScore: 0.9))
    }

    @Test(
        "Retry-After is a tenth of the time left, from a second to half a minute",
        arguments: [(nil, "1"), (0, "1"), (19.9, "1"), (20, "2"), (299, "29"), (301, "30"), (1e300, "30")])
    func retryAfter(secondsLeft: Double?, seconds: String) async throws {
        let fixture = try await ExperimentFixture()
        let queued = try await fixture.submit()
        try fixture.begin().record(candidate: 0, fold: 0, wrongCount: 0, secondsLeft: secondsLeft)
        #expect(try await fixture.get(queued.path).headers["Retry-After"] == seconds)
    }

    @Test("there is a Retry-After as long as something can change, and no longer", arguments: ExperimentState.allCases)
    func retryAfterInState(state: ExperimentState) async throws {
        let fixture = try await ExperimentFixture()
        let answer = try await fixture.get(try await fixture.experiment(in: state).path)
        #expect(answer.headers["Retry-After"] == (state.isFinished ? nil : "1"))
    }

    // MARK: ETag

    @Test("the ETag is another one after every change, and the same while nothing changes")
    func entityTagChanges() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        var seen: [String] = []
        func look() async throws {
            let answer = try await fixture.get(experiment.path)
            let tag = try #require(answer.headers["ETag"])
            #expect(tag.hasPrefix("\"") && tag.hasSuffix("\"") && tag.count > 2)
            #expect(!seen.contains(tag), "\(answer.text)")
            seen.append(tag)
            let again = try await fixture.get(experiment.path)
            #expect(again.headers["ETag"] == tag)
            #expect(again.body == answer.body)
        }
        try await look()
        var started = try fixture.begin()
        try await look()
        try started.record(candidate: 0, fold: 0, wrongCount: 1)
        try await look()
        try fixture.store.release(started.id, runSeconds: 1)
        try await look()
        started = try fixture.begin()
        try await look()
        try started.succeed()
        try await look()
        // Two experiments have no tag in common.
        let other = try await fixture.get(try await fixture.submit().path)
        #expect(!seen.contains(try #require(other.headers["ETag"])))
    }

    @Test(
        "a client that has the experiment as it is gets 304 without a body",
        arguments: ["TAG", "W/TAG", "*", " \t*", "\"other\", TAG", "\"a\",W/\"b\" ,\tW/TAG , \"c\"", "TAG,"])
    func notModified(field: String) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let tag = try #require(try await fixture.get(experiment.path).headers["ETag"])
        let answer = try await fixture.answer(.get, experiment.path, headers: ["If-None-Match": field.replacing("TAG", with: tag)])
        #expect(answer.status == .notModified)
        #expect(answer.body == [])
        #expect(answer.headers["ETag"] == tag)
        #expect(answer.headers["Retry-After"] == "1")
        #expect(answer.headers["Content-Type"] == nil)
    }

    @Test(
        "a client that has something else gets the experiment",
        arguments: ["\"other\"", "", ",", "W/\"other\", \"more\"", "UNQUOTED", "\"*\"", "w/TAG", "TAGTAG"])
    func modified(field: String) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let tag = try #require(try await fixture.get(experiment.path).headers["ETag"])
        let value = field.replacing("UNQUOTED", with: tag.dropFirst().dropLast()).replacing("TAG", with: tag)
        let answer = try await fixture.answer(.get, experiment.path, headers: ["If-None-Match": value])
        #expect(answer.status == .ok)
        #expect(try answer.decoded(ExperimentDescription.self) == experiment)
    }

    @Test("a tag of before a change does not match after it")
    func outdatedTag() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let tag = try #require(try await fixture.get(experiment.path).headers["ETag"])
        _ = try fixture.begin()
        let answer = try await fixture.answer(.get, experiment.path, headers: ["If-None-Match": tag])
        #expect(answer.status == .ok)
        #expect(try answer.decoded(ExperimentDescription.self).state == .running)
    }

    // MARK: Cancelling and deleting

    @Test(
        "cancelling ends what waits, asks what runs to end, and changes nothing more when it is asked for again",
        arguments: [
            (ExperimentState.queued, ExperimentState.cancelled), (.running, .cancelling), (.cancelling, .cancelling),
            (.cancelled, .cancelled),
        ])
    func cancel(before: ExperimentState, after: ExperimentState) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.experiment(in: before)
        let answer = try await fixture.answer(.post, experiment.links.cancel)
        #expect(answer.status == .accepted)
        #expect(answer.headers["Location"] == experiment.path)
        #expect(try answer.decoded(ExperimentDescription.self).state == after)
        #expect(try await fixture.get(experiment.path).body == answer.body)
        #expect(try await fixture.answer(.post, experiment.path + "/cancel").body == answer.body)
    }

    @Test("what has succeeded or failed cannot be cancelled", arguments: [ExperimentState.succeeded, .failed])
    func cancelTooLate(state: ExperimentState) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.experiment(in: state)
        let answer = try await fixture.answer(.post, experiment.path + "/cancel")
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .conflict)
        #expect(problem.type == "urn:digitd:problem:illegal-transition")
        #expect(problem.detail == "experiment \(experiment.id) is \(state.rawValue) and cannot become cancelled")
        #expect(try await fixture.document(experiment) == experiment)
    }

    @Test(
        "what is finished can be deleted, and is gone with all its addresses", arguments: [ExperimentState.succeeded, .failed, .cancelled])
    func delete(state: ExperimentState) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.experiment(in: state)
        let other = try await fixture.submit()
        let answer = try await fixture.answer(.delete, experiment.path)
        #expect(answer.status == .noContent)
        #expect(answer.body == [])
        for path in [experiment.path, experiment.path + "/report", experiment.path + "/events"] {
            #expect(try await fixture.get(path).status == .notFound)
        }
        #expect(try await fixture.answer(.delete, experiment.path).status == .notFound)
        #expect(try await list(fixture, "/experiments").experiments == [other])
    }

    @Test("what is not finished cannot be deleted", arguments: [ExperimentState.queued, .running, .cancelling])
    func deleteTooEarly(state: ExperimentState) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.experiment(in: state)
        let answer = try await fixture.answer(.delete, experiment.path)
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .conflict)
        #expect(problem.type == "urn:digitd:problem:not-finished")
        #expect(problem.detail == "experiment \(experiment.id) is \(state.rawValue); expected one that is finished")
        #expect(try await fixture.document(experiment) == experiment)
    }

    @Test(
        "what names no experiment is 404 at each address",
        arguments: ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "1", "01arz3ndektsv4rrffq69g5fav", "..%2F..%2Fetc", "%C3%A9"])
    func unknown(id: String) async throws {
        let fixture = try await ExperimentFixture()
        let path = "/experiments/" + id
        let targets: [(HTTPMethod, String)] = [
            (.get, path), (.get, path + "/report"), (.get, path + "/events"), (.post, path + "/cancel"),
            (.post, path + "/retry"), (.delete, path),
        ]
        for (method, target) in targets {
            let answer = try await fixture.answer(method, target)
            let problem = try answer.decoded(Problem.self)
            #expect(answer.status == .notFound, "\(target)")
            #expect(problem.type == "urn:digitd:problem:unknown-experiment")
            let found = id.replacing("%2F", with: "/").replacing("%C3%A9", with: "é")
            #expect(problem.detail == "there is no experiment '\(found)'")
        }
    }
}
