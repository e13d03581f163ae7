import HTTPServing

/// digitd's HTTP contract: which paths there are, and what answers them.
public struct DigitService: Sendable {
    /// Most bitmaps in one request where nothing else is said.
    public static let defaultBatchLimit = 4_096

    private let models: CurrentModels
    private let readiness: Readiness
    private let batchLimit: Int

    public init(models: CurrentModels, readiness: Readiness, batchLimit: Int = DigitService.defaultBatchLimit) {
        self.models = models
        self.readiness = readiness
        self.batchLimit = batchLimit
    }

    /// The routes, with refusals of router and transport as `application/problem+json`.
    ///
    /// - Throws: `HTTPServingError` for two routes that clash; a test makes the router.
    public func router() throws(HTTPServingError) -> Router {
        let predict = PredictEndpoint(models: models, batchLimit: batchLimit)
        let models = ModelEndpoints(models: models)
        let health = HealthEndpoints(readiness: readiness)
        let index = IndexEndpoint()
        return try Router(
            routes: [
                .immediate(.post, "/predict") { predict.respond(to: $0) },
                .immediate(.get, "/models") { models.list($0) },
                .immediate(.get, "/models/{name}") { models.model($0) },
                .immediate(.get, "/models/{name}/versions/{version}") { models.version($0) },
                .immediate(.get, "/models/{name}/report") { models.report($0) },
                .immediate(.get, "/healthz") { health.health($0) },
                .immediate(.get, "/readyz") { health.ready($0) },
                .immediate(.get, "/") { index.respond(to: $0) },
            ],
            errorResponder: { failure in ServiceError.refused(failure).response(requestID: failure.requestID) })
    }
}
