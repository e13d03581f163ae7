import Experiments
import Foundation
import HTTPServing
public import Logging
import Threads

/// digitd's HTTP contract: which paths there are, and what answers them.
public struct DigitService: Sendable {
    /// Most bitmaps in one request where nothing else is said.
    public static let defaultBatchLimit = 4_096
    /// The longest data set that is taken, in bytes, where nothing else is said.
    public static let defaultUploadLimitBytes = 64 << 20

    /// Whether there are experiments.
    public enum Experiments: Sendable {
        case on(ExperimentService)
        /// And why not.
        case off(reason: String)
    }

    /// What long batches are worked off by: one batch uses all processors, and two are worked off side by side on one.
    private static let batchThreadCount = max(2, ProcessInfo.processInfo.activeProcessorCount)

    private let models: ServingModels
    private let readiness: Readiness
    private let experiments: Experiments
    private let batchLimit: Int
    private let uploadLimitBytes: Int
    private let logger: Logger

    public init(
        models: ServingModels, readiness: Readiness, experiments: Experiments, batchLimit: Int = DigitService.defaultBatchLimit,
        uploadLimitBytes: Int = DigitService.defaultUploadLimitBytes, logger: Logger
    ) {
        self.models = models
        self.readiness = readiness
        self.experiments = experiments
        self.batchLimit = batchLimit
        self.uploadLimitBytes = uploadLimitBytes
        self.logger = logger
    }

    /// The routes, with refusals of router and transport as `application/problem+json`.
    ///
    /// - Throws: `HTTPServingError` for two routes that clash; a test makes the router.
    public func router() throws(HTTPServingError) -> Router {
        let routes = ProblemAdapter(logger: logger)
        return try Router(
            routes: predictionRoutes(routes) + modelRoutes(routes) + experimentRoutes(routes) + dataRoutes(routes)
                + operationRoutes(routes),
            errorResponder: { failure in ServiceError.refused(failure).response(requestID: failure.requestID) })
    }

    private func predictionRoutes(_ routes: ProblemAdapter) -> [Route] {
        let predict = PredictEndpoint(
            models: models, batchLimit: batchLimit, pool: ThreadPool(name: "batches", threadCount: DigitService.batchThreadCount))
        return [routes.deciding(.post, "/predict", query: ["model", "version"]) { try predict.reply(to: $0) }]
    }

    private func modelRoutes(_ routes: ProblemAdapter) -> [Route] {
        let models = ModelEndpoints(models: models, experiments: experiments)
        return [
            routes.immediate(.get, "/models") { models.list($0) },
            routes.immediate(.get, "/models/default") { models.defaultModel($0) },
            routes.deferred(.put, "/models/default") { try await models.pinDefault($0) },
            routes.deferred(.get, "/models/audit", query: PageQuery.names) { try await models.audit($0) },
            routes.immediate(.get, "/models/{name}") { try models.model($0) },
            routes.deferred(.get, "/models/{name}/versions/{version}") { try await models.version($0) },
            routes.deferred(.get, "/models/{name}/report") { try await models.report($0) },
            routes.deferred(.post, "/models/{name}/versions/{version}/activate") { try await models.activate($0) },
            routes.deferred(.post, "/models/{name}/withdraw") { try await models.withdraw($0) },
        ]
    }

    private func experimentRoutes(_ routes: ProblemAdapter) -> [Route] {
        let experiments = ExperimentEndpoints(experiments: experiments)
        let events = ExperimentEventsEndpoint(experiments: self.experiments)
        return [
            routes.deferred(.post, "/experiments") { try await experiments.submit($0) },
            routes.deferred(.get, "/experiments", query: PageQuery.names + ["state"]) { try await experiments.list($0) },
            routes.deferred(.get, "/experiments/{id}") { try await experiments.experiment($0) },
            routes.deferred(.delete, "/experiments/{id}") { try await experiments.delete($0) },
            routes.deferred(.post, "/experiments/{id}/cancel") { try await experiments.cancel($0) },
            routes.deferred(.post, "/experiments/{id}/retry") { try await experiments.retry($0) },
            routes.deferred(.get, "/experiments/{id}/report") { try await experiments.report($0) },
            routes.deferred(.get, "/experiments/{id}/events", query: ["last-event-id"]) { try await events.respond(to: $0) },
        ]
    }

    private func dataRoutes(_ routes: ProblemAdapter) -> [Route] {
        let datasets = DatasetEndpoints(experiments: experiments)
        let feedback = FeedbackEndpoints(experiments: experiments, batchLimit: batchLimit)
        return [
            routes.deferred(.get, "/datasets") { try await datasets.list($0) },
            routes.deferred(.get, "/datasets/{name}") { try await datasets.dataset($0) },
            routes.deferred(.put, "/datasets/{name}", bodyLimitBytes: uploadLimitBytes) { try await datasets.put($0) },
            routes.deferred(.delete, "/datasets/{name}") { try await datasets.delete($0) },
            routes.deferred(.post, "/feedback", query: FeedbackEndpoints.queryNames) { try await feedback.add($0) },
            routes.deferred(.get, "/feedback", query: PageQuery.names) { try await feedback.list($0) },
            routes.deferred(.delete, "/feedback/{id}") { try await feedback.delete($0) },
        ]
    }

    private func operationRoutes(_ routes: ProblemAdapter) -> [Route] {
        let health = HealthEndpoints(readiness: readiness)
        let index = IndexEndpoint()
        return [
            routes.immediate(.get, "/healthz") { health.health($0) },
            routes.immediate(.get, "/readyz") { try health.ready($0) },
            routes.immediate(.get, "/") { index.respond(to: $0) },
        ]
    }
}

extension DigitService.Experiments {
    /// - Throws: `ServiceError.experimentsOff` with the reason.
    func service() throws(ServiceError) -> ExperimentService {
        switch self {
        case .on(let service):
            if let damage = service.foundDamage { throw .experimentsOff(reason: "\(damage)") }
            return service
        case .off(let reason): throw .experimentsOff(reason: reason)
        }
    }
}
