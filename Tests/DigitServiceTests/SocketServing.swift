import Foundation
import HTTPServing
import Logging
import TestData
import Testing

/// What curl got.
struct CurlReply {
    let status: Int
    let contentType: String
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Runs curl with these arguments and the address last. It gives up after ten minutes: only what never will be takes so long, for tests that
/// train beside this one may hold every thread on which a test goes on for a minute or two.
func curl(_ arguments: [String], _ path: String, port: UInt16, input: [UInt8] = []) async throws -> CurlReply {
    let marker = "\n--curl--"
    let program = try StartedProgram(
        "/usr/bin/env",
        ["curl", "--silent", "--show-error", "--max-time", "600", "--write-out", marker + "%{http_code} %{content_type}"] + arguments
            + ["http://127.0.0.1:\(port)\(path)"], input: input)
    _ = await onThread { program.waitUntilExit() }
    let output = Data(program.output)
    let end = try #require(output.range(of: Data(marker.utf8), options: .backwards))
    let words = String(decoding: output[end.upperBound...], as: UTF8.self).split(separator: " ", maxSplits: 1)
    return CurlReply(
        status: Int(words.first ?? "") ?? 0, contentType: words.count > 1 ? String(words[1]) : "",
        body: [UInt8](output[..<end.lowerBound]))
}

/// Serves the router on a free port until `body` is done.
func withServer(
    _ router: Router, _ configure: (inout HTTPServerConfiguration) -> Void = { _ in }, _ body: (_ port: UInt16) async throws -> Void
) async throws {
    var configuration = HTTPServerConfiguration()
    configuration.port = 0
    configuration.threadCount = 2
    configure(&configuration)
    var logger = Logger(label: "test")
    logger.logLevel = .error
    let server = HTTPServer(router: router, configuration: configuration, logger: logger)
    let port = try server.start()
    do {
        try await body(port)
    } catch {
        await server.stop(gracePeriodSeconds: 0)
        throw error
    }
    await server.stop(gracePeriodSeconds: 0)
}
