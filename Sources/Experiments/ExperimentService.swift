import Classifiers
import DigitAPI
import Digits
import ModelFiles
import ModelSelection
public import Threads

/// Everything that can be done with experiments, models and data, for whoever serves it to clients.
///
/// Its functions wait for the disk, on the threads of a service queue.
public final class ExperimentService: Sendable {
    public let registry: ModelRegistry
    private let store: ExperimentStore
    private let library: DatasetLibrary
    private let runner: ExperimentRunner
    private let feed: EventFeed
    private let queue: ThreadPool
    private let background: ThreadPool
    private let workerCount: Int
    private let damage = Locked<ExperimentsError?>(nil)

    /// - Parameters:
    ///   - listenerLimit: clients that listen to events at once.
    ///   - queue: the threads on which it waits for the disk where a client waits for it.
    ///   - background: those on which experiments are run.
    ///   - onEvent: called with what happens to runs, for the log.
    public init(
        store: ExperimentStore, library: DatasetLibrary, registry: ModelRegistry, runner configuration: ExperimentRunner.Configuration,
        listenerLimit: Int, queue: ThreadPool, background: ThreadPool, onEvent: @escaping @Sendable (ExperimentRunner.Event) -> Void
    ) {
        self.store = store
        self.library = library
        self.registry = registry
        self.queue = queue
        self.background = background
        workerCount = configuration.workerCount
        feed = EventFeed(limit: listenerLimit)
        runner = ExperimentRunner(
            store: store, library: library, registry: registry, feed: feed, configuration: configuration, onEvent: onEvent)
    }

    /// Begins to run what is queued, and looks through the database meanwhile: that takes longer the more history it holds, and nobody is to
    /// wait for it.
    ///
    /// - Parameter onDamage: called where pages of the database contradict each other: experiments are off from then on.
    public func start(onDamage: @escaping @Sendable (ExperimentsError) -> Void) async {
        await runner.start(on: background)
        Task(executorPreference: background) { [store, runner, damage] in
            do throws(ExperimentsError) {
                try store.verify()
            } catch {
                // That it could not be looked through to the end, because the server stops or something has a lock, is no damage.
                switch error {
                case .damagedDatabase, .diskFailed: break
                default: return
                }
                damage.withLock { $0 = error }
                onDamage(error)
                await runner.stop()
            }
        }
    }

    /// What is wrong with the database; nil as long as nothing was found.
    public var foundDamage: ExperimentsError? { damage.withLock { $0 } }

    /// Stops what runs, which goes back into the queue.
    public func stop() async { await runner.stop() }

    /// Ends all use of the database, which is whole in its one file then. To be called once nothing runs and nobody can ask for anything.
    ///
    /// - Throws: as `ExperimentStore.close`.
    public func close() async throws(ExperimentsError) {
        try await queue.run { () throws(ExperimentsError) in try self.store.close() }
    }

    // MARK: Experiments

    /// Reads a request and queues its experiment.
    ///
    /// - Parameters:
    ///   - body: the request, JSON; nothing at all is the request of all defaults.
    ///   - answer: the answer to the client, which is kept with the key.
    /// - Throws: `ExperimentRequestError`, `ExperimentsError`: nothing is stored then.
    public func submit(
        _ body: [UInt8], key: IdempotencyKey?, answer: @escaping @Sendable (Experiment) -> [UInt8]
    ) async throws -> ExperimentStore.Submission {
        let submission = try await queue.run { [store, library] () throws -> ExperimentStore.Submission in
            if let key, let earlier = try store.earlierSubmission(key) { return earlier }
            let request = try ExperimentRequest(json: (body.isEmpty ? Array("{}".utf8) : body).span)
            let space = try request.space()
            let dataset = try library.rows(of: request.dataset)
            let plan = try ExperimentPlan(request, space: space, dataset: dataset)
            return try library.keeping(dataset) { () throws(ExperimentsError) in
                try store.submit(
                    request,
                    dataset: ExperimentDescription.Dataset(name: request.dataset.description, sha256: dataset.sha256, rows: dataset.count),
                    candidateCount: plan.candidateCount, trialCount: plan.trialCount, key: key, answer: answer)
            }
        }
        switch submission {
        case .new: runner.wake()
        // The rows as they are now are not those of the first request, perhaps.
        case .repeated: await queue.run { [library] in library.removeUnreferencedRows() }
        }
        return submission
    }

    public func experiment(_ id: ExperimentID) async throws(ExperimentsError) -> Experiment {
        try await queue.run { () throws(ExperimentsError) in try self.store.experiment(id) }
    }

    public func experiments(
        state: ExperimentState?, limit: Int, after cursor: ExperimentCursor?
    ) async throws(ExperimentsError) -> ExperimentPage {
        try await queue.run { () throws(ExperimentsError) in try self.store.experiments(state: state, limit: limit, after: cursor) }
    }

    /// - Throws: `ExperimentsError.unknownExperiment`, `.illegalTransition`.
    public func cancel(_ id: ExperimentID) async throws(ExperimentsError) -> Experiment {
        let experiment = try await queue.run { () throws(ExperimentsError) in
            let experiment = try self.store.requestCancellation(of: id)
            // As a finished one it may have taken the place of an older one.
            self.library.removeUnreferencedRows()
            return experiment
        }
        runner.cancel(id)
        feed.notify(id)
        return experiment
    }

    /// Queues what has failed of a finished experiment again, with what has succeeded kept.
    ///
    /// - Throws: as `ExperimentStore.retry`.
    public func retry(_ id: ExperimentID) async throws(ExperimentsError) -> Experiment {
        let experiment = try await queue.run { () throws(ExperimentsError) in try self.store.retry(id) }
        runner.wake()
        feed.notify(id)
        return experiment
    }

    /// - Throws: `ExperimentsError.unknownExperiment`, `.notFinished`.
    public func delete(_ id: ExperimentID) async throws(ExperimentsError) {
        try await queue.run { () throws(ExperimentsError) in
            try self.store.delete(id)
            self.library.removeUnreferencedRows()
        }
        feed.notify(id)
    }

    /// The report, of what has been measured so far where the experiment is not finished.
    public func report(of id: ExperimentID) async throws -> [UInt8] {
        try await queue.run { [store, library, workerCount] in
            let experiment = try store.experiment(id)
            // One that was queued again may still have the report of its last end.
            if experiment.state.isFinished, let report = try store.report(of: id) { return report }
            let committed = try CommittedExperiment(experiment, store: store, library: library)
            let report = try committed.report(decisions: experiment.models, workerCount: workerCount)
            // The end of the experiment, where it came meanwhile, has put its report in the place of what was read here.
            return try store.experiment(id).state.isFinished ? store.report(of: id) ?? report : report
        }
    }

    // MARK: Events

    /// Takes a place among those who listen, for as long as the listener is kept.
    ///
    /// - Throws: `ExperimentsError.tooManyListeners`.
    public func listen(to id: ExperimentID) throws(ExperimentsError) -> EventFeed.Listener { try feed.listen(to: id) }

    /// Events after the one of that number, and whether none can follow.
    public func events(
        of id: ExperimentID, after number: Int, limit: Int
    ) async throws(ExperimentsError) -> (events: [ExperimentEvent], isEnd: Bool) {
        try await queue.run { () throws(ExperimentsError) in try self.store.events(of: id, after: number, limit: limit) }
    }

    // MARK: Models

    /// Reads the model of a version, in service or not.
    ///
    /// - Throws: `ExperimentsError.badModel` for a document that cannot be read, or is kept no longer.
    public func model(_ version: ModelVersion) async throws(ExperimentsError) -> LoadedModel {
        try await queue.run { () throws(ExperimentsError) in try self.registry.loader.model(version) }
    }

    /// Puts a version into service, the way back included.
    ///
    /// - Throws: `ExperimentsError.badModel`.
    public func activate(_ version: ModelVersion, reason: String) async throws(ExperimentsError) {
        try await registry.activate(version, reason: reason)
    }

    /// Takes a classifier out of service that only experiments have brought there.
    ///
    /// - Throws: `ExperimentsError.cannotWithdraw`, `.notServed`.
    public func withdraw(_ classifier: ClassifierName, reason: String) async throws(ExperimentsError) {
        try await registry.withdraw(classifier, reason: reason)
    }

    /// Pins the classifier that answers where a request names none; nil takes the pin away.
    ///
    /// - Throws: `ExperimentsError.notServed`.
    public func pinDefault(_ classifier: ClassifierName?, reason: String) async throws(ExperimentsError) {
        try await registry.pinDefault(classifier, reason: reason)
    }

    /// Changes of models, newest first.
    public func modelChanges(before number: Int?, limit: Int) async throws(ExperimentsError) -> ModelChangePage {
        try await queue.run { () throws(ExperimentsError) in try self.store.modelChanges(before: number, limit: limit) }
    }

    /// The report of the experiment that made a version; nil where it is kept no longer.
    public func report(ofExperiment id: String) async throws(ExperimentsError) -> [UInt8]? {
        guard let id = ExperimentID(id) else { return nil }
        return try await queue.run { () throws(ExperimentsError) in try self.store.report(of: id) }
    }

    // MARK: Data

    public func datasets() async throws(ExperimentsError) -> [DatasetLibrary.Entry] {
        try await queue.run { () throws(ExperimentsError) in try self.library.entries() }
    }

    public func dataset(_ reference: DatasetReference) async throws(ExperimentsError) -> DatasetLibrary.Entry {
        try await queue.run { () throws(ExperimentsError) in try self.library.entry(of: reference) }
    }

    /// - Throws: `ExperimentsError.reservedDatasetName`, `.unknownDataset`.
    public func deleteDataset(_ name: DatasetName) async throws(ExperimentsError) {
        try await queue.run { () throws(ExperimentsError) in try self.library.delete(name) }
    }

    /// Stores an uploaded data set.
    ///
    /// - Throws: `ExperimentsError.reservedDatasetName`, `.badDataset`.
    public func putDataset(
        _ name: DatasetName, _ bytes: [UInt8], format: DatasetFormat?
    ) async throws(ExperimentsError) -> (entry: DatasetLibrary.Entry, isNew: Bool) {
        try await queue.run { () throws(ExperimentsError) in try self.library.put(bytes, format: format, as: name) }
    }

    /// Keeps corrected digits.
    ///
    /// - Parameter replacesOthers: whether they take the place of other digits that were given for the same bitmaps.
    /// - Returns: how many there are now.
    /// - Throws: `ExperimentsError.contradictoryFeedback`, `.feedbackFull`: none is kept then.
    public func addFeedback(
        _ digits: [(bitmap: Bitmap, digit: UInt8)], replacesOthers: Bool
    ) async throws(ExperimentsError) -> Int {
        try await queue.run { () throws(ExperimentsError) in try self.store.addFeedback(digits, replacesOthers: replacesOthers) }
    }

    /// Corrected digits, newest first.
    public func feedback(before id: Int?, limit: Int) async throws(ExperimentsError) -> FeedbackPage {
        try await queue.run { () throws(ExperimentsError) in try self.store.feedback(before: id, limit: limit) }
    }

    /// - Throws: `ExperimentsError.unknownFeedback`.
    public func removeFeedback(_ id: Int) async throws(ExperimentsError) {
        try await queue.run { () throws(ExperimentsError) in try self.store.removeFeedback(id) }
    }
}
