import Classifiers
import DigitAPI
import DigitService
import Digits
import Foundation
import HTTPServing
import Logging
import ModelFiles
import ModelSelection
import Testing
import Threads

@testable import Experiments

/// A service with experiments in a folder of its own, which goes with it.
///
/// Nothing runs them: they stay queued until a test plays the part of the runner. The models that it brings along are a `random-forest`,
/// which is the default, and a `multinomial-naive-bayes`.
final class ExperimentFixture: Sendable {
    /// The data set `small`: 4 rows of each digit.
    static let rows = SyntheticDigits.dataset(rowCount: 40, seed: 3).selecting(rows: Array(0..<40), name: "small")
    /// Two candidates of one classifier on two folds of `small`: four trials.
    static let request = """
        {"dataset":"small","folds":2,"search":[{"classifier":"multinomial-naive-bayes","grid":{"alpha":[0.5,1]}}]}
        """
    static let trainingReport = Array("{\"report\":\"of the models that digitd brings along\"}\n".utf8)

    private static let shipped: Result<[ModelDocument], any Error> = Result {
        let all = Array(rows.bitmaps.indices)
        return [
            ModelDocument(
                model: try RandomForestParameters(values: ParameterValues(["n_estimators": .integer(3)])).fit(rows, rows: all, seed: 5),
                training: ServiceFixture.provenance(accuracy: 0.875)),
            ModelDocument(
                model: try MultinomialNaiveBayesParameters().fit(rows, rows: all, seed: 0),
                training: ServiceFixture.provenance(accuracy: 0.75)),
        ]
    }

    private let folder: String
    /// Where Semeion would be.
    let semeionPath: String
    let store: ExperimentStore
    let service: ExperimentService
    let models: ServingModels
    let router: Router

    init(
        limits: ExperimentStore.Limits = ExperimentStore.Limits(), listenerLimit: Int = 4,
        clock: @escaping @Sendable () -> Timestamp = { .now },
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "digitd-\(UUID().uuidString)").path
        semeionPath = folder + "/semeion.data"
        try FileManager.default.createDirectory(atPath: folder + "/shipped", withIntermediateDirectories: true)
        for document in try ExperimentFixture.shipped.get() {
            try document.write(to: "\(folder)/shipped/\(document.classifier.rawValue).json")
        }
        try Data(ExperimentFixture.trainingReport).write(to: URL(filePath: "\(folder)/shipped/\(ModelSet.trainingReportFileName)"))
        store = try ExperimentStore(folder: StateFolder(path: folder + "/state"), limits: limits, clock: clock)
        let library = DatasetLibrary(store: store, semeionPath: semeionPath)
        _ = try library.put(ExperimentFixture.rows.encoded(as: .packed), format: .packed, as: try #require(DatasetName("small")))
        let loader = ModelLoader(shippedFolder: folder + "/shipped", store: store)
        let loaded = try loader.load().models
        models = ServingModels(loaded)
        let registry = ModelRegistry(loader, models: loaded, serving: models)
        service = ExperimentService(
            store: store, library: library, registry: registry,
            runner: ExperimentRunner.Configuration(workerExecutable: "/nowhere", workerArguments: [], workerCount: 1),
            listenerLimit: listenerLimit, queue: ThreadPool(name: "test", threadCount: 2),
            background: ThreadPool(name: "background", threadCount: 1)
        ) { _ in }
        router = try DigitService(
            models: models, readiness: Readiness(), experiments: .on(service), batchLimit: 3, uploadLimitBytes: 4_096, logger: logger
        ).router()
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    // MARK: Asking

    func answer(_ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: String = "") async throws -> Answer {
        try await router.answer(HTTPRequest(method, target, headers: headers, body: Array(body.utf8)))
    }

    func get(_ target: String) async throws -> Answer { try await answer(.get, target) }

    /// Queues an experiment by a request.
    @discardableResult
    func submit(_ body: String = ExperimentFixture.request, headers: HTTPHeaders = [:]) async throws -> ExperimentDescription {
        let answer = try await answer(.post, "/experiments", headers: headers, body: body)
        try #require(answer.status == .accepted, "\(answer.text)")
        return try answer.decoded(ExperimentDescription.self)
    }

    func document(_ experiment: ExperimentDescription) async throws -> ExperimentDescription {
        try await get(experiment.path).decoded(ExperimentDescription.self)
    }

    /// How many experiments there are.
    var experimentCount: Int {
        get throws { try store.experiments(state: nil, limit: 1_000, after: nil).experiments.count }
    }

    // MARK: Playing the runner

    /// Begins the experiment whose turn it is.
    func begin() throws -> StartedExperiment {
        let experiment = try #require(try store.claimNext())
        let plan = try ExperimentPlan(experiment.request.get(), dataset: ExperimentFixture.rows)
        return StartedExperiment(experiment: experiment, plan: plan, store: store)
    }

    /// Queues an experiment and brings it to that state.
    @discardableResult
    func experiment(in state: ExperimentState) async throws -> ExperimentDescription {
        let queued = try await submit()
        guard state != .queued else { return queued }
        // Others that wait would have their turn first.
        if state == .cancelled {
            _ = try await service.cancel(queued.id)
            return try await document(queued)
        }
        var started = try begin()
        while started.id != queued.id { started = try begin() }
        switch state {
        case .running, .queued, .cancelled: break
        case .cancelling: _ = try await service.cancel(started.id)
        case .succeeded: try started.succeed()
        case .failed: try store.end(started.id, as: .failed, failure: "the disk was full", report: nil, runSeconds: 1)
        }
        return try await document(queued)
    }

    /// Ends an experiment in success with this model as the next version of its classifier.
    func experiment(
        making model: any ClassifierModel, promote: Promotion = .never
    ) async throws -> (experiment: ExperimentDescription, version: Int, report: [UInt8]) {
        let queued = try await submit()
        let started = try begin()
        try started.recordAll()
        let document = ModelDocument(model: model, training: ServiceFixture.provenance(accuracy: 0.5))
        let version = try store.nextVersion(of: document.classifier)
        try document.write(to: store.folder.modelPath(classifier: document.classifier, version: version))
        let decision = PromotionDecision(
            document.classifier, version: version, accuracy: 0.975, promotion: promote, evidence: PromotionEvidence(), failure: nil)
        let report = try started.report([decision])
        let new = ExperimentStore.NewVersion(
            classifier: document.classifier, version: version, provenance: document.training,
            promotion: decision.promoted ? "experiment \(started.id): \(decision.decision)" : nil)
        try await service.registry.adopt([new]) { () throws(ExperimentsError) -> [ModelChange] in
            try store.succeed(started.id, report: report, decisions: [decision], versions: [new], runSeconds: 4)
        }
        return (try await self.document(queued), version, report)
    }
}

/// An experiment that runs, as far as the service knows.
struct StartedExperiment {
    let experiment: Experiment
    let plan: ExperimentPlan
    let store: ExperimentStore

    var id: ExperimentID { experiment.id }

    /// Commits a trial in which the first `wrongCount` of the fold's 20 rows were answered wrongly.
    func record(candidate: Int, fold: Int, wrongCount: Int, best: Double? = nil, secondsLeft: Double? = nil) throws {
        let truth = plan.search.folds.testRows(fold: fold).map { plan.search.dataset.labels[$0] }
        let predictions = truth.enumerated().map { $0 < wrongCount ? ($1 + 1) % 10 : $1 }
        let accuracy = Double(truth.count - wrongCount) / Double(truth.count)
        try record(
            Trial(
                candidate: candidate, fold: fold,
                outcome: .succeeded(Trial.Success(predictions: predictions, accuracy: accuracy, fitSeconds: 0.25, scoreSeconds: 0.5))),
            best: best, secondsLeft: secondsLeft)
    }

    func record(_ trial: Trial, best: Double? = nil, secondsLeft: Double? = nil) throws {
        let row = plan.search.space.rows[trial.candidate]
        try store.record(
            ExperimentStore.Advance(
                round: 0, trials: [trial], best: best.map { BestCandidate(row, meanAccuracy: $0) }, secondsLeft: secondsLeft,
                events: [ExperimentUpdate.FinishedTrial(trial, row: row, number: trial.candidate)]),
            of: id)
    }

    /// All four trials: candidate 0 answers 18 of 20 rows rightly in both folds, candidate 1 19 and 20.
    func recordAll() throws {
        try record(candidate: 0, fold: 0, wrongCount: 2, secondsLeft: 3)
        try record(candidate: 0, fold: 1, wrongCount: 2, best: 0.9, secondsLeft: 2)
        try record(candidate: 1, fold: 0, wrongCount: 1, secondsLeft: 1)
        try record(candidate: 1, fold: 1, wrongCount: 0, best: 0.975, secondsLeft: 0)
    }

    /// The report of what is committed so far.
    func report(_ decisions: [PromotionDecision] = []) throws -> [UInt8] {
        try CommittedExperiment(experiment, plan: plan, store: store).report(decisions: decisions, workerCount: 1, runSeconds: 4)
    }

    /// Ends it in success, without a model.
    func succeed() throws {
        try store.succeed(id, report: try report(), decisions: [], versions: [], runSeconds: 4)
    }
}

extension ExperimentDescription {
    var path: String { links.`self` }
}

extension ExperimentStore {
    /// Adds an event that says something, as the end of an experiment does of each of its models.
    func appendNotice(_ message: String, to id: ExperimentID) throws {
        try write(.deferred) { db in
            try ExperimentStore.append(.notice(ExperimentUpdate.Notice(message: message)), to: id, at: .now, db)
        }
    }
}
