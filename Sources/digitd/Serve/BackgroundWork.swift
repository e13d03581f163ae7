import DigitService
import Experiments
import Logging
import ModelFiles
import Threads

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The server's other half: the models in service and what changes them, and experiments where the state folder allows them.
///
/// Predictions need none of it: where the database cannot be used, the shipped models serve, and requests for experiments are
/// refused with the reason.
struct BackgroundWork {
    let models: ServingModels
    let experiments: DigitService.Experiments
    private let registry: ModelRegistry
    private let configuration: ServeConfiguration
    private let logger: Logger

    /// Threads that wait for the disk: beside the one writer that SQLite allows there are readers.
    private static let serviceThreadCount = 4

    /// - Throws: `ModelFileError` for models that are missing or bad, `ExperimentsError.folderInUse`.
    init(configuration: ServeConfiguration, logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        do {
            let store = try BackgroundWork.store(configuration, logger)
            (models, registry) = try BackgroundWork.models(configuration, store, logger)
            experiments = .on(BackgroundWork.service(store, registry, configuration, logger))
        } catch let error as ExperimentsError {
            if case .folderInUse = error { throw error }
            logger.error("experiments are off", metadata: ["reason": "\(error)"])
            (models, registry) = try BackgroundWork.models(configuration, nil, logger)
            experiments = .off(reason: "\(error)")
        }
    }

    /// The models to begin with, in service, and what changes them.
    private static func models(
        _ configuration: ServeConfiguration, _ store: ExperimentStore?, _ logger: Logger
    ) throws -> (ServingModels, ModelRegistry) {
        let loader = ModelLoader(
            shippedFolder: configuration.modelsFolder, store: store, pinnedDefault: configuration.defaultModel)
        let loaded = try loader.load()
        log(loaded.failures, logger)
        let models = ServingModels(loaded.models)
        let registry = ModelRegistry(loader, models: loaded.models, serving: models) { log($0, logger) }
        return (models, registry)
    }

    private static func store(_ configuration: ServeConfiguration, _ logger: Logger) throws(ExperimentsError) -> ExperimentStore {
        var limits = ExperimentStore.Limits()
        limits.queuedExperimentCount = configuration.queueLimit
        limits.finishedExperimentCount = configuration.keptExperimentCount
        limits.modelVersionCount = configuration.keptVersionCount
        return try ExperimentStore(
            folder: try StateFolder(path: configuration.stateFolder), limits: limits, lockWaitSeconds: configuration.databaseWaitSeconds,
            onFileSetAside: { path in
                logger.warning("moved a file aside: the database knows none of its kind", metadata: ["file": "\(path)"])
            })
    }

    private static func service(
        _ store: ExperimentStore, _ registry: ModelRegistry, _ configuration: ServeConfiguration, _ logger: Logger
    ) -> ExperimentService {
        var arguments = ["worker", "--parent", "\(getpid())", configuration.workersAreIdle ? "--idle" : "--no-idle"]
        if let bytes = configuration.workerMemoryBytes { arguments += ["--memory-bytes", "\(bytes)"] }
        // Without a pipe of their own, workers write where this process does.
        let errors = WorkerErrors(logger: logger)
        return ExperimentService(
            store: store, library: DatasetLibrary(store: store, semeionPath: configuration.semeionPath), registry: registry,
            runner: ExperimentRunner.Configuration(
                workerExecutable: "/proc/self/exe", workerArguments: arguments, workerCount: configuration.workerCount,
                workerErrorDescriptor: errors?.descriptor ?? STDERR_FILENO, unitTimeoutSeconds: configuration.unitTimeoutSeconds),
            listenerLimit: configuration.listenerLimit, queue: ThreadPool(name: "service", threadCount: serviceThreadCount),
            background: ThreadPool(name: "experiments", threadCount: 1, priority: configuration.workersAreIdle ? .idle : .normal)
        ) { event in
            switch event {
            case .began(let id):
                logger.info("experiment runs", metadata: ["experiment": "\(id)"])
            case .attemptFailed(let id, let attempt):
                logger.warning(
                    "a worker was lost",
                    metadata: [
                        "experiment": "\(id)", "work": "\(attempt.work)", "attempt": "\(attempt.count) of \(attempt.limit)",
                        "reason": "it \(attempt.ending)",
                    ])
            case .ended(let id, let state, let failure):
                var metadata: Logger.Metadata = ["experiment": "\(id)", "state": "\(state.rawValue)"]
                if let failure { metadata["reason"] = "\(failure)" }
                logger.log(level: failure == nil ? .info : .error, "experiment ended", metadata: metadata)
            case .trouble(let reason):
                logger.error("the database of experiments cannot be used now", metadata: ["reason": "\(reason)"])
            }
        }
    }

    /// Begins with what is queued.
    func start() async {
        await registry.rememberDefault()
        guard case .on(let service) = experiments else { return }
        await service.start { [logger] damage in logger.error("experiments are off", metadata: ["reason": "\(damage)"]) }
    }

    /// Stops what runs, which goes on after the next start.
    func stop() async {
        if case .on(let service) = experiments { await service.stop() }
    }

    /// Ends all use of the state folder, so that its files are whole by themselves. To be called once no request can come any more.
    func close() async {
        guard case .on(let service) = experiments else { return }
        do throws(ExperimentsError) {
            try await service.close()
        } catch {
            logger.error("part of the database stays in the write-ahead log beside it", metadata: ["reason": "\(error)"])
        }
    }

    /// Loads the models again; where one is bad, those in service stay.
    func reload() async {
        do {
            let failures = try await registry.reload()
            BackgroundWork.log(failures, logger)
            await registry.rememberDefault()
            logModels()
            logger.notice("reloaded the models", metadata: ["folder": "\(configuration.modelsFolder)"])
        } catch {
            logger.error("kept the models in service: those in the folder are bad", metadata: ["reason": "\(error)"])
        }
    }

    /// Says of each classifier which version serves, where it is from, and why.
    func logModels() {
        let set = models.current
        for model in set.models {
            logger.notice(
                "serves",
                metadata: [
                    "model": "\(model.name.rawValue)", "version": "\(model.version.number)",
                    "from": "\(model.version.origin == nil ? configuration.modelsFolder : configuration.stateFolder)",
                    "reason": "\(model.reason)",
                ])
        }
        logger.notice(
            "answers where a request names no model",
            metadata: ["model": "\(set.defaultChoice.classifier.rawValue)", "reason": "\(set.defaultChoice.reason)"])
    }

    /// One line each for stored, promoted, activated, withdrawn and defaulted.
    private static func log(_ change: ModelChange, _ logger: Logger) {
        var metadata: Logger.Metadata = ["reason": "\(change.reason)"]
        if let model = change.to ?? change.from {
            metadata["model"] = "\(model.name.rawValue)"
            metadata["version"] = "\(model.version)"
        }
        if let from = change.from { metadata["from"] = "\(from.name.rawValue) \(from.version)" }
        if let to = change.to { metadata["to"] = "\(to.name.rawValue) \(to.version)" }
        logger.notice("model \(change.action.rawValue)", metadata: metadata)
    }

    private static func log(_ failures: [ModelLoader.Failure], _ logger: Logger) {
        for failure in failures {
            let version = failure.version
            logger.error(
                "an active model cannot be loaded; the one that digitd brings along serves",
                metadata: ["model": "\(version.classifier.rawValue)", "version": "\(version.number)", "reason": "\(failure.error)"])
        }
    }
}
