import Foundation
import HTTPServing
import Logging
import Threads

@testable import DigitClient
@testable import digitd

/// A server in this process that answers as a test wants it to, and remembers what it was asked.
final class ExperimentServer: Sendable {
    /// One request, as far as tests look at it.
    struct Asked: Hashable, Sendable {
        let request: String
        var key: String?
        var lastEventID: String?
        var accept: String?
        var body = ""
    }

    private struct Broken: Error {}

    private let asked = Locked<[Asked]>([])
    private let server = Locked<HTTPServer?>(nil)

    var requests: [Asked] { asked.withLock { $0 } }

    func record(_ request: borrowing HTTPRequest) {
        let entry = Asked(
            request: "\(request.method.rawValue) \(request.path)", key: request.header("Idempotency-Key"),
            lastEventID: request.header("Last-Event-ID"), accept: request.header("Accept"),
            body: String(decoding: request.body, as: UTF8.self))
        asked.withLock { $0.append(entry) }
    }

    /// A route that counts its requests from 0 and answers each as `respond` says.
    func route(
        _ method: HTTPMethod, _ pattern: String, _ respond: @escaping @Sendable (borrowing HTTPRequest, Int) -> HTTPResponse
    ) -> Route {
        let count = Locked(0)
        return .immediate(method, pattern) { request in
            self.record(request)
            let number = count.withLock { count in
                defer { count += 1 }
                return count
            }
            return respond(request, number)
        }
    }

    /// - Parameter port: 0 for any.
    func start(_ routes: [Route], port: UInt16 = 0) throws -> ServerAddress {
        var configuration = HTTPServerConfiguration()
        configuration.port = port
        configuration.threadCount = 2
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let server = HTTPServer(router: try Router(routes: routes), configuration: configuration, logger: logger)
        let bound = try server.start()
        self.server.withLock { $0 = server }
        return try ServerAddress("http://127.0.0.1:\(bound)")
    }

    func stop() async {
        await server.withLock { $0 }?.stop(gracePeriodSeconds: 0)
    }

    static func json(_ text: String, status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "application/json"], body: .bytes(Array(text.utf8)))
    }

    static func problem(_ status: HTTPStatus, _ name: String, _ detail: String, retryAfter: String? = nil) -> HTTPResponse {
        var response = json(
            #"{"type":"urn:digitd:problem:\#(name)","title":"Title","status":\#(status),"detail":"\#(detail)","requestId":"1"}"#,
            status: status)
        response.headers = ["Content-Type": "application/problem+json"]
        if let retryAfter { response.headers.add("Retry-After", retryAfter) }
        return response
    }

    /// An answer that the connection's end cuts off.
    static func torn(_ text: String, status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(
            status: status,
            body: .stream(
                HTTPBodyStream { writer in
                    try await writer.write(text)
                    throw Broken()
                }))
    }

    /// A stream of events; then the answer ends, the connection is cut, or nothing comes any more.
    static func events(_ text: String, then end: StreamEnd) -> HTTPResponse {
        HTTPResponse(
            headers: ["Content-Type": "text/event-stream"],
            body: .stream(
                HTTPBodyStream { writer in
                    try await writer.write(text)
                    switch end {
                    case .ends: return
                    case .cut(let when):
                        while !when() { try await Task.sleep(for: .milliseconds(5)) }
                        throw Broken()
                    case .waits: try await Task.sleep(for: .seconds(3600))
                    }
                }))
    }

    enum StreamEnd {
        case ends, waits
        /// What is still on its way is lost, so not before the client has shown what it is to have.
        case cut(when: @Sendable () -> Bool)
    }

    static let id = "01KB3M9ZK4T7XQ2V5N8R6W1YHD"

    /// An experiment's document, as the contract has it.
    static func document(
        _ state: String, id: String = id, name: String = "null", finished: Int = 0, secondsLeft: String = "null", best: String = "null",
        models: String = "[]", failure: String = "null"
    ) -> String {
        """
        {"best":\(best),"created":"2026-11-23T17:00:00Z","dataset":{"name":"semeion","rows":1593,"sha256":"a9b2"},"failure":\(failure),\
        "finished":null,"id":"\(id)","links":{"cancel":"/experiments/\(id)/cancel","events":"/experiments/\(id)/events","report":"/experiments/\(id)/report","retry":"/experiments/\(id)/retry",\
        "self":"/experiments/\(id)"},"models":\(models),"name":\(name),\
        "progress":\(progress(finished: finished, secondsLeft: secondsLeft)),\
        "request":{"seed":18446744073709551615},"started":null,"state":"\(state)"}
        """
    }

    static func progress(finished: Int, secondsLeft: String = "null") -> String {
        """
        {"candidates":18,"failedTrials":0,"finishedTrials":\(finished),"percent":\(Double(finished) / 1.8),"secondsLeft":\(secondsLeft),\
        "trials":180}
        """
    }

    static let best = #"{"classifier":"svm","mean_test_score":0.96111,"params":{"C":10,"gamma":0.03}}"#
    static let models = """
        [{"accuracy":0.96,"classifier":"svm","comparison":null,"decision":"version 2 put into service: more accurate","promoted":true,"version":2},\
        {"accuracy":0.94,"classifier":"random-forest","comparison":null,"decision":"not refitted: too little memory","promoted":false,"version":null}]
        """

    static func trials(_ number: Int, finished: Int, secondsLeft: String = "null", best: String = "null") -> String {
        """
        id: \(number)
        event: trials
        data: {"best":\(best),"progress":\(progress(finished: finished, secondsLeft: secondsLeft)),"trials":[]}


        """
    }

    static func state(_ number: Int, _ state: String, failure: String = "null") -> String {
        "id: \(number)\nevent: state\ndata: {\"failure\":\(failure),\"state\":\"\(state)\"}\n\n"
    }
}

/// Runs `body` beside a server, and stops that.
func withExperimentServer(
    _ makeRoutes: (ExperimentServer) -> [Route], _ body: (ExperimentServer, ServerAddress) async throws -> Void
) async throws {
    let server = ExperimentServer()
    let address = try server.start(makeRoutes(server))
    do {
        try await body(server, address)
    } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}
