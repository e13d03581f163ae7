import HTTPServing

/// `GET /healthz` and `GET /readyz`: whether the process lives, and whether it wants requests.
struct HealthEndpoints: Sendable {
    let readiness: Readiness

    func health(_ request: borrowing HTTPRequest) -> HTTPResponse {
        .text("ok\n")
    }

    func ready(_ request: borrowing HTTPRequest) throws(ServiceError) -> HTTPResponse {
        guard readiness.isReady else { throw .notReady }
        return .text("ready\n")
    }
}
