import Experiments
import HTTPServing
public import Logging

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
        let gate = ExperimentGate(experiments: experiments, logger: logger)
        return try Router(
            routes: predictionRoutes + modelRoutes(gate) + experimentRoutes(gate) + dataRoutes(gate) + operationRoutes,
            errorResponder: { failure in ServiceError.refused(failure).response(requestID: failure.requestID) })
    }

    private var predictionRoutes: [Route] {
        let predict = PredictEndpoint(models: models, batchLimit: batchLimit)
        return [.immediate(.post, "/predict") { predict.respond(to: $0) }]
    }

    private func modelRoutes(_ gate: ExperimentGate) -> [Route] {
        let models = ModelEndpoints(models: models, experiments: gate)
        return [
            .immediate(.get, "/models") { models.list($0) },
            .immediate(.get, "/models/{name}") { models.model($0) },
            .deferred(.get, "/models/{name}/versions/{version}") { await models.version($0) },
            .deferred(.get, "/models/{name}/report") { await models.report($0) },
            .deferred(.post, "/models/{name}/versions/{version}/activate") { await models.activate($0) },
            .deferred(.post, "/models/{name}/withdraw") { await models.withdraw($0) },
        ]
    }

    private func experimentRoutes(_ gate: ExperimentGate) -> [Route] {
        let experiments = ExperimentEndpoints(experiments: gate)
        let report = ExperimentReportEndpoint(experiments: gate)
        let events = ExperimentEventsEndpoint(experiments: gate)
        return [
            .deferred(.post, "/experiments") { await experiments.submit($0) },
            .deferred(.get, "/experiments") { await experiments.list($0) },
            .deferred(.get, "/experiments/{id}") { await experiments.experiment($0) },
            .deferred(.delete, "/experiments/{id}") { await experiments.delete($0) },
            .deferred(.post, "/experiments/{id}/cancel") { await experiments.cancel($0) },
            .deferred(.get, "/experiments/{id}/report") { await report.respond(to: $0) },
            .deferred(.get, "/experiments/{id}/events") { await events.respond(to: $0) },
        ]
    }

    private func dataRoutes(_ gate: ExperimentGate) -> [Route] {
        let datasets = DatasetEndpoints(experiments: gate)
        let feedback = FeedbackEndpoint(experiments: gate, batchLimit: batchLimit)
        return [
            .deferred(.get, "/datasets") { await datasets.list($0) },
            .deferred(.get, "/datasets/{name}") { await datasets.dataset($0) },
            .deferred(.put, "/datasets/{name}", bodyLimitBytes: uploadLimitBytes) { await datasets.put($0) },
            .deferred(.post, "/feedback") { await feedback.respond(to: $0) },
        ]
    }

    private var operationRoutes: [Route] {
        let health = HealthEndpoints(readiness: readiness)
        let index = IndexEndpoint()
        return [
            .immediate(.get, "/healthz") { health.health($0) },
            .immediate(.get, "/readyz") { health.ready($0) },
            .immediate(.get, "/") { index.respond(to: $0) },
        ]
    }
}
