import HTTPServing

/// `GET /healthz` and `GET /readyz`: whether the process lives, and whether it wants requests.
struct HealthEndpoints: Sendable {
    let readiness: Readiness

    func health(_ request: borrowing HTTPRequest) -> HTTPResponse {
        .text("ok\n")
    }

    func ready(_ request: borrowing HTTPRequest) -> HTTPResponse {
        readiness.isReady ? .text("ready\n") : ServiceError.notReady.response(requestID: request.id)
    }
}
