import HTTPServing
import Logging
import Threads

/// Starts a server on a free port, runs `body`, stops the server.
func withServer(
    _ routes: [Route], errorResponder: @escaping ErrorResponder = plainTextErrorResponder,
    configure: (inout HTTPServerConfiguration) -> Void = { _ in },
    _ body: (_ port: UInt16, _ server: HTTPServer) async throws -> Void
) async throws {
    var configuration = HTTPServerConfiguration()
    configuration.port = 0
    configuration.threadCount = 2
    // Long enough for a machine that is busy with other things; tests of deadlines set their own.
    configuration.headDeadlineSeconds = 100
    configuration.bodyDeadlineSeconds = 100
    configuration.inactivityTimeoutSeconds = 100
    configure(&configuration)
    let router = try Router(routes: routes, errorResponder: errorResponder)
    var logger = Logger(label: "test")
    logger.logLevel = .error
    let server = HTTPServer(router: router, configuration: configuration, logger: logger)
    let port = try server.start()
    do {
        try await body(port, server)
    } catch {
        await server.stop(gracePeriodSeconds: 0)
        throw error
    }
    await server.stop(gracePeriodSeconds: 0)
}

/// Answers with the body it got.
let echoRoute = Route.immediate(.post, "/echo") { HTTPResponse(body: .bytes($0.body)) }

/// Something that happens once and can be waited for.
final class Signal: Sendable {
    private struct State {
        var isSet = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Locked(State())

    func set() {
        let waiters = state.withLock { state in
            state.isSet = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    var isSet: Bool { state.withLock { $0.isSet } }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isSet = state.withLock { state in
                if !state.isSet { state.waiters.append(continuation) }
                return state.isSet
            }
            if isSet { continuation.resume() }
        }
    }
}

/// Waits until `condition` holds; the test's own time limit ends one that never does.
func eventually(_ condition: () -> Bool) async throws {
    while !condition() { try await Task.sleep(for: .milliseconds(5)) }
}
