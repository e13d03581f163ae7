import DigitAPI
import Digits
import ModelFiles
import ModelSelection
public import Threads

/// Runs queued experiments, one after another: the workers are all at work on the one whose turn it is.
public actor ExperimentRunner {
    /// How experiments are run.
    public struct Configuration: Sendable {
        /// A program that is `digitd worker` with these arguments.
        public var workerExecutable: String
        public var workerArguments: [String]
        /// Workers side by side, 1 or more.
        public var workerCount: Int
        /// What workers have for standard error, open for as long as experiments run.
        public var workerErrorDescriptor: Int32
        /// How long a worker may take over a unit of work before it is killed.
        public var unitTimeoutSeconds: Double

        public init(
            workerExecutable: String, workerArguments: [String], workerCount: Int, workerErrorDescriptor: Int32 = 2,
            unitTimeoutSeconds: Double = 3_600
        ) {
            self.workerExecutable = workerExecutable
            self.workerArguments = workerArguments
            self.workerCount = workerCount
            self.workerErrorDescriptor = workerErrorDescriptor
            self.unitTimeoutSeconds = unitTimeoutSeconds
        }
    }

    /// What happens to runs, for the log.
    public enum Event: Sendable {
        case began(ExperimentID)
        /// A worker died over a unit of its work, or was killed because it took too long.
        case attemptFailed(ExperimentID, FailedAttempt)
        case ended(ExperimentID, ExperimentState, failure: String?)
        /// The database cannot be used; it is tried again.
        case trouble(reason: String)
    }

    private let store: ExperimentStore
    private let library: DatasetLibrary
    private let registry: ModelRegistry
    private let feed: EventFeed
    private let pool: WorkerPool
    private let onEvent: @Sendable (Event) -> Void
    private let wakeups: AsyncStream<Void>
    private let wakeup: AsyncStream<Void>.Continuation
    /// What runs now. Clients that hand in or cancel something reach it without waiting for the actor, whose thread may be an idle one.
    private let current = Locked<(id: ExperimentID, task: Task<Ending, Never>)?>(nil)
    private var loop: Task<Void, Never>?
    private var isStopping = false

    /// So long the database is left alone after it failed.
    private static let troublePauseSeconds = 2.0

    public init(
        store: ExperimentStore, library: DatasetLibrary, registry: ModelRegistry, feed: EventFeed, configuration: Configuration,
        onEvent: @escaping @Sendable (Event) -> Void
    ) {
        self.store = store
        self.library = library
        self.registry = registry
        self.feed = feed
        pool = WorkerPool(
            executable: configuration.workerExecutable, arguments: configuration.workerArguments, workerCount: configuration.workerCount,
            errorDescriptor: configuration.workerErrorDescriptor, unitTimeoutSeconds: configuration.unitTimeoutSeconds)
        self.onEvent = onEvent
        (wakeups, wakeup) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Begins with what is queued, and goes on with what is going to be.
    ///
    /// - Parameter queue: the threads on which it waits for the disk.
    public func start(on queue: ThreadPool) {
        guard loop == nil, !isStopping else { return }
        loop = Task(executorPreference: queue) { await self.run(on: queue) }
    }

    /// There is something new in the queue.
    nonisolated func wake() {
        wakeup.yield()
    }

    /// Ends what is under way of an experiment that is to be cancelled.
    nonisolated func cancel(_ id: ExperimentID) {
        current.withLock { if $0?.id == id { $0?.task.cancel() } }
    }

    /// Stops; what runs goes back into the queue with all that it has finished.
    public func stop() async {
        isStopping = true
        current.withLock { $0?.task.cancel() }
        wakeup.finish()
        await loop?.value
    }

    private func run(on queue: ThreadPool) async {
        var wakeups = wakeups.makeAsyncIterator()
        while !isStopping {
            do throws(ExperimentsError) {
                if let experiment = try store.claimNext() {
                    await run(experiment, on: queue)
                    continue
                }
            } catch {
                onEvent(.trouble(reason: "\(error)"))
                try? await Task.sleep(for: .seconds(ExperimentRunner.troublePauseSeconds))
                continue
            }
            _ = await wakeups.next(isolation: self)
        }
    }

    /// How a run came to its end.
    private enum Ending: Sendable {
        case succeeded
        case failed(reason: String)
        case brokenOff
    }

    private func run(_ experiment: Experiment, on queue: ThreadPool) async {
        onEvent(.began(experiment.id))
        store.keepReserve()
        feed.notify(experiment.id)
        let start = ContinuousClock.now
        let runSeconds: @Sendable () -> Double = { (ContinuousClock.now - start) / .seconds(1) }
        let task = Task(executorPreference: queue) { [store, library, registry, feed, pool, onEvent] () -> Ending in
            do {
                let run = ExperimentRun(
                    committed: try CommittedExperiment(experiment, store: store, library: library),
                    trialRunner: TrialRunner(pool: pool, datasetPath: store.folder.datasetPath(sha256: experiment.dataset.sha256)) {
                        onEvent(.attemptFailed(experiment.id, $0))
                    },
                    store: store, library: library, registry: registry, feed: feed)
                let failure = try await run.perform(runSeconds: runSeconds)
                return failure.map { .failed(reason: $0) } ?? .succeeded
            } catch {
                // Cancelled in the middle of a statement or of a worker's start, the reason is whatever that threw.
                return Task.isCancelled || error as? WorkerError == .cancelled || ExperimentRunner.mayGoOnLater(error)
                    ? .brokenOff : .failed(reason: "\(error)")
            }
        }
        current.withLock { $0 = (experiment.id, task) }
        if isStopping { task.cancel() }
        // A client may have cancelled it before there was a task to cancel.
        if let state = try? store.experiment(experiment.id).state, state == .cancelling { task.cancel() }
        let ending = await task.value
        current.withLock { $0 = nil }
        await end(experiment, ending, runSeconds: runSeconds())
    }

    /// A unit came in for an experiment whose cancellation is on its way here, or another process kept the database locked: what is
    /// committed is good, and the rest is done when its turn comes again.
    private static func mayGoOnLater(_ error: any Error) -> Bool {
        switch error as? ExperimentsError {
        case .notRunning, .databaseBusy: true
        default: false
        }
    }

    /// Writes down how a run ended; tried again for as long as the disk does not take it, for until then the next one cannot begin either.
    private func end(_ experiment: Experiment, _ ending: Ending, runSeconds: Double) async {
        let id = experiment.id
        while true {
            do throws(ExperimentsError) {
                let state = try store.experiment(id).state
                switch (ending, state) {
                // What was written down stands, even where putting it into service failed afterwards.
                case (_, let state) where state.isFinished:
                    if case .failed(let reason) = ending { onEvent(.trouble(reason: reason)) }
                case (.succeeded, _): break
                case (_, .cancelling):
                    try store.end(id, as: .cancelled, report: report(of: experiment, runSeconds: runSeconds), runSeconds: runSeconds)
                case (.failed(let reason), _):
                    try store.end(
                        id, as: .failed, failure: reason, report: report(of: experiment, runSeconds: runSeconds), runSeconds: runSeconds)
                case (.brokenOff, _):
                    try store.release(id, runSeconds: runSeconds)
                }
                library.removeUnreferencedRows()
                let ended = try store.experiment(id)
                onEvent(.ended(id, ended.state, failure: ended.failure))
                feed.notify(id)
                return
            } catch .unknownExperiment {
                // It had succeeded, and was deleted before it was looked at again.
                return
            } catch {
                onEvent(.trouble(reason: "\(error)"))
                if isStopping { return }
                try? await Task.sleep(for: .seconds(ExperimentRunner.troublePauseSeconds))
            }
        }
    }

    /// The report of what has been measured; nil where even that cannot be had.
    private func report(of experiment: Experiment, runSeconds: Double) -> [UInt8]? {
        let committed = try? CommittedExperiment(experiment, store: store, library: library)
        return try? committed?.report(decisions: [], workerCount: pool.workerCount, runSeconds: runSeconds)
    }
}
