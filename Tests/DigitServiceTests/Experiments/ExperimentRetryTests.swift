import DigitAPI
import DigitService
import Foundation
import HTTPServing
import ModelSelection
import Testing

@testable import Experiments

@Suite("Experiments that are tried again")
struct ExperimentRetryTests {
    private func retry(_ fixture: ExperimentFixture, _ experiment: ExperimentDescription) async throws -> Answer {
        try await fixture.answer(.post, experiment.links.retry)
    }

    /// All four trials, of which that of candidate 0 on fold 1 has failed.
    private func recordWithFailure(_ started: StartedExperiment) throws {
        try started.record(candidate: 0, fold: 0, wrongCount: 2)
        try started.record(Trial(candidate: 0, fold: 1, outcome: .failed(reason: "a worker died")))
        try started.record(candidate: 1, fold: 0, wrongCount: 1)
        try started.record(candidate: 1, fold: 1, wrongCount: 0, best: 0.975)
    }

    @Test("of one that has succeeded the trials that failed are measured again, the others are kept, and the report is whole then")
    func failedTrials() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let started = try fixture.begin()
        try recordWithFailure(started)
        try started.succeed()
        #expect(try await fixture.get(experiment.links.report).text.contains("a worker died"))
        let answer = try await retry(fixture, experiment)
        #expect(answer.status == .accepted)
        #expect(answer.headers["Location"] == experiment.path)
        let queued = try answer.decoded(ExperimentDescription.self)
        #expect(queued.state == .queued)
        #expect(queued.finished == nil)
        #expect((queued.progress.finishedTrialCount, queued.progress.failedTrialCount) == (3, 0))
        #expect(queued.best?.meanTestScore == 0.975)
        let partial = try await fixture.get(experiment.links.report).text
        #expect(partial.contains("\"complete\":false"))
        #expect(!partial.contains("a worker died"))

        let again = try fixture.begin()
        #expect(again.id == experiment.id)
        let round = try #require(try again.plan.round(after: nil))
        let kept = try CommittedExperiment(again.experiment, plan: again.plan, store: fixture.store).trials(of: round)
        #expect(kept.map { [$0.candidate, $0.fold] } == [[0, 0], [1, 0], [1, 1]])
        #expect(round.search.units(jobCount: 1, finished: kept).map { [$0.candidates[0], $0.fold] } == [[0, 1]])
        try again.record(candidate: 0, fold: 1, wrongCount: 2)
        try again.succeed()
        #expect(try await fixture.get(experiment.links.report).text.contains("\"complete\":true"))
        #expect(try await fixture.document(experiment).progress.finishedTrialCount == 4)
        let states = try fixture.store.events(of: experiment.id, after: 0, limit: 99).events.filter { $0.kind == .state }.map(\.data)
        let names = ["queued", "running", "succeeded", "queued", "running", "succeeded"]
        #expect(states == names.map { "{\"failure\":null,\"state\":\"\($0)\"}" })
    }

    @Test("of one that has failed or was cancelled nothing is lost", arguments: [ExperimentState.failed, .cancelled])
    func ended(state: ExperimentState) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let started = try fixture.begin()
        try started.record(candidate: 0, fold: 0, wrongCount: 2)
        if state == .cancelled { _ = try await fixture.service.cancel(started.id) }
        try fixture.store.end(started.id, as: state, failure: "the disk was full", report: try started.report(), runSeconds: 3)
        let queued = try await retry(fixture, experiment).decoded(ExperimentDescription.self)
        #expect(queued.state == .queued)
        #expect(queued.failure == nil)
        #expect(queued.progress.finishedTrialCount == 1)
        let round = try #require(try started.plan.round(after: nil))
        #expect(
            try CommittedExperiment(started.experiment, plan: started.plan, store: fixture.store).trials(of: round).map(\.candidate) == [0])
        #expect(try fixture.begin().id == experiment.id)
    }

    @Test("where nothing has failed, or it is not finished, there is nothing to try again", arguments: ExperimentState.allCases)
    func refused(state: ExperimentState) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.experiment(in: state)
        let answer = try await retry(fixture, experiment)
        guard state != .failed, state != .cancelled else {
            #expect(answer.status == .accepted)
            return
        }
        #expect(answer.status == .conflict)
        let problem = try answer.decoded(Problem.self)
        if state == .succeeded {
            #expect(problem.type == "urn:digitd:problem:nothing-to-retry")
            #expect(problem.detail == "experiment \(experiment.id) has succeeded; expected a trial that failed, found none")
        } else {
            #expect(problem.type == "urn:digitd:problem:not-finished")
        }
        #expect(try await fixture.document(experiment) == experiment)
    }

    @Test("a queue that is full takes no experiment again")
    func queueFull() async throws {
        var limits = ExperimentStore.Limits()
        limits.queuedExperimentCount = 1
        let fixture = try await ExperimentFixture(limits: limits)
        let failed = try await fixture.experiment(in: .failed)
        try await fixture.submit()
        #expect(try await retry(fixture, failed).status == .tooManyRequests)
        #expect(try await fixture.document(failed).state == .failed)
    }

    @Test("a model that came of it keeps its report meanwhile")
    func reportOfModel() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let started = try fixture.begin()
        try recordWithFailure(started)
        let version = ExperimentStore.NewVersion(
            classifier: .multinomialNaiveBayes, version: 2, provenance: ServiceFixture.provenance(accuracy: 0.5), promotion: nil)
        let report = try started.report()
        try fixture.store.succeed(started.id, report: report, decisions: [], versions: [version], runSeconds: 1)
        #expect(try await retry(fixture, experiment).status == .accepted)
        #expect(try await fixture.service.report(ofExperiment: "\(experiment.id)") == report)
        #expect(try await fixture.get(experiment.links.report).text.contains("\"complete\":false"))
    }

    @Test("rounds after the first that had a failed trial are measured again, for they may get other candidates")
    func rounds() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit(
            ExperimentFixture.request.replacing("\"folds\"", with: "\"strategy\":\"halving\",\"folds\""))
        let started = try fixture.begin()
        func record(round: Int, candidate: Int, fold: Int, fails: Bool = false) throws {
            let success = Trial.Success(predictions: [UInt8](repeating: 0, count: 20), accuracy: 0.1, fitSeconds: 1, scoreSeconds: 1)
            let trial = Trial(candidate: candidate, fold: fold, outcome: fails ? .failed(reason: "lost") : .succeeded(success))
            let best = BestCandidate(started.plan.search.space.rows[0], meanAccuracy: 0.5)
            try fixture.store.record(
                ExperimentStore.Advance(round: round, trials: [trial], best: best, secondsLeft: nil, events: []), of: started.id)
        }
        for (round, candidate, fold) in [(0, 0, 0), (1, 0, 0), (1, 1, 0), (2, 0, 0), (2, 0, 1)] {
            try record(round: round, candidate: candidate, fold: fold, fails: (round, candidate) == (1, 1))
        }
        try fixture.store.end(started.id, as: .failed, failure: "lost", report: nil, runSeconds: 1)
        let queued = try await retry(fixture, experiment).decoded(ExperimentDescription.self)
        #expect(try (0...2).map { try fixture.store.units(of: experiment.id, round: $0).map(\.trialCount) } == [[1], [1], []])
        #expect(queued.progress.finishedTrialCount == 2)
        #expect(queued.best == nil)
    }
}
