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
            let store = try BackgroundWork.store(configuration)
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
        let loader = ModelLoader(shippedFolder: configuration.modelsFolder, store: store)
        let loaded = try loader.load()
        log(loaded.failures, logger)
        let models = ServingModels(loaded.models)
        return (models, ModelRegistry(loader, models: loaded.models, serving: models))
    }

    private static func store(_ configuration: ServeConfiguration) throws(ExperimentsError) -> ExperimentStore {
        var limits = ExperimentStore.Limits()
        limits.queuedExperimentCount = configuration.queueLimit
        limits.finishedExperimentCount = configuration.keptExperimentCount
        limits.modelVersionCount = configuration.keptVersionCount
        return try ExperimentStore(folder: try StateFolder(path: configuration.stateFolder), limits: limits)
    }

    private static func service(
        _ store: ExperimentStore, _ registry: ModelRegistry, _ configuration: ServeConfiguration, _ logger: Logger
    ) -> ExperimentService {
        var arguments = ["worker", "--parent", "\(getpid())", configuration.workersAreIdle ? "--idle" : "--no-idle"]
        if let bytes = configuration.workerMemoryBytes { arguments += ["--memory-bytes", "\(bytes)"] }
        return ExperimentService(
            store: store, library: DatasetLibrary(store: store, semeionPath: configuration.semeionPath), registry: registry,
            runner: ExperimentRunner.Configuration(
                workerExecutable: "/proc/self/exe", workerArguments: arguments, workerCount: configuration.workerCount),
            listenerLimit: configuration.listenerLimit, queue: ThreadPool(name: "service", threadCount: serviceThreadCount),
            background: ThreadPool(name: "experiments", threadCount: 1, priority: configuration.workersAreIdle ? .idle : .normal)
        ) { event in
            switch event {
            case .began(let id):
                logger.info("experiment runs", metadata: ["experiment": "\(id)"])
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
        guard case .on(let service) = experiments else { return }
        await service.start { [logger] damage in logger.error("experiments are off", metadata: ["reason": "\(damage)"]) }
    }

    /// Stops what runs, which goes on after the next start.
    func stop() async {
        if case .on(let service) = experiments { await service.stop() }
    }

    /// Loads the models again; where one is bad, those in service stay.
    func reload() async {
        do {
            let failures = try await registry.reload()
            BackgroundWork.log(failures, logger)
            logger.notice("reloaded the models", metadata: ["folder": "\(configuration.modelsFolder)"])
        } catch {
            logger.error("kept the models in service: those in the folder are bad", metadata: ["reason": "\(error)"])
        }
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
