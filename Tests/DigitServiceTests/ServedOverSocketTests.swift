import Foundation
import Testing
import Threads

/// The service behind a real socket, asked by curl.
@Suite struct ServedOverSocketTests {
    private func withService(
        _ fixture: ServiceFixture, bodyLimitBytes: Int = 1 << 20, _ body: (_ port: UInt16) async throws -> Void
    ) async throws {
        try await withServer(
            fixture.router,
            { configuration in
                configuration.bodyLimitBytes = bodyLimitBytes
                configuration.onDrain = { [readiness = fixture.readiness] in readiness.withdraw() }
            }, body)
    }

    private static let answer =
        "{\"digit\":7,\"confidence\":0.250000,\"probabilities\":[0.000000,0.000000,0.000000,0.000000,0.000000,0.000000,0.000000,"
        + "0.250000,0.750000,0.000000],\"model\":{\"name\":\"svm\",\"version\":0}}\n"

    @Test("curl's ways of sending a digit are all understood")
    func waysOfCurl() async throws {
        try await withService(ServiceFixture()) { port in
            let hexadecimal = Ink.hexadecimal(37)
            let posted = try await curl(["-d", hexadecimal], "/predict", port: port)
            #expect(posted.status == 200)
            #expect(posted.contentType == "application/json")
            #expect(posted.text == ServedOverSocketTests.answer)
            let json = ["-H", "Content-Type: application/json", "-d", "{\"bitmap\":\"\(hexadecimal)\"}"]
            #expect(try await curl(json, "/predict", port: port).text == ServedOverSocketTests.answer)
            let binary = try await curl(
                ["--data-binary", "@-", "-H", "Content-Type: application/octet-stream", "-H", "Accept: text/plain"], "/predict", port: port,
                input: Ink.packed(37))
            #expect(binary.text == "7\n")
            #expect(binary.contentType == "text/plain; charset=utf-8")
            let lines = Array(Ink.bitmap(37).zeroOneText.utf8)
            #expect(try await curl(["--data-binary", "@-"], "/predict", port: port, input: lines).text == ServedOverSocketTests.answer)
            // An upload from standard input is chunked, and has no type.
            let upload = try await curl(["-T", "-", "-X", "POST"], "/predict", port: port, input: lines)
            #expect(upload.text == ServedOverSocketTests.answer)
            // Bytes without a type may be anything.
            #expect(try await curl(["--data-binary", "@-"], "/predict", port: port, input: Ink.packed(37)).status == 415)
            // Form data with a field is no digit.
            #expect(try await curl(["-F", "digit=7"], "/predict", port: port).status == 415)
        }
    }

    @Test("model and path parameters come through the socket with their escapes decoded")
    func parameters() async throws {
        let fixture = try ServiceFixture()
        try await withService(fixture) { port in
            let bitmap = ServiceFixture.dataset.bitmaps[5].hexadecimal
            let expected = try await fixture.predict(Array(bitmap.utf8), query: "?model=random-forest").text
            #expect(try await curl(["-d", bitmap], "/predict?%6dodel=random%2Dforest", port: port).text == expected)
            let list = try await fixture.answer(.get, "/models").text
            #expect(try await curl([], "/models", port: port).text == list)
            let head = try await curl(["--head"], "/models", port: port)
            #expect(head.status == 200)
            #expect(head.text.contains("Content-Length: \(list.utf8.count)\r\n"))
            #expect(try await curl([], "/", port: port).text.contains("http://127.0.0.1:\(port)/predict"))
        }
    }

    @Test("refusals of transport and router are problems with the id of the answer's header")
    func problems() async throws {
        try await withService(ServiceFixture(), bodyLimitBytes: 100) { port in
            let body = String(repeating: "0", count: 101)
            let tooLarge = try await curl(["--include", "-H", "Expect:", "-d", body], "/predict", port: port)
            #expect(tooLarge.status == 413)
            #expect(tooLarge.contentType == "application/problem+json")
            let parts = try #require(tooLarge.text.range(of: "\r\n\r\n"))
            let problem = try JSONDecoder().decode(Problem.self, from: Data(tooLarge.text[parts.upperBound...].utf8))
            #expect(problem.type == "urn:digitd:problem:content-too-large")
            #expect(problem.detail == "the body has 101 bytes, and the limit is 100")
            #expect(tooLarge.text[..<parts.lowerBound].contains("X-Request-Id: \(problem.requestId)"))
            let chunked = try await curl(["-T", "-", "-X", "POST"], "/predict", port: port, input: Array(body.utf8))
            #expect(chunked.status == 413)
            let wrongMethod = try await curl(["-X", "DELETE"], "/predict", port: port)
            #expect(wrongMethod.status == 405)
            #expect(wrongMethod.contentType == "application/problem+json")
            #expect(try await curl([], "/nothing", port: port).status == 404)
        }
    }

    /// Predictions that stop half-way through a batch until they may go on.
    private final class HalfwayStop: Sendable {
        private let predictionCount = Locked(0)
        private let mayGoOn = DispatchSemaphore(value: 0)
        let isReached: AsyncStream<Void>
        private let reached: AsyncStream<Void>.Continuation

        init() {
            (isReached, reached) = AsyncStream.makeStream()
        }

        func willPredict() {
            let number = predictionCount.withLock { count in
                count += 1
                return count
            }
            guard number == 2_000 else { return }
            reached.yield()
            mayGoOn.wait()
        }

        func goOn() { mayGoOn.signal() }
    }

    @Test("one client's 4,096 bitmaps keep nobody waiting whose connection is served by the same thread", arguments: [true, false])
    func longBatch(inPackedForm: Bool) async throws {
        let fixture = try ServiceFixture()
        let stop = HalfwayStop()
        fixture.models.serve(try ServiceFixture.models(InkModel(version: 1) { stop.willPredict() }))
        let packed = (0..<4_096).flatMap { Ink.packed($0 % 200) }
        let json = Array("{\"bitmaps\":[\((0..<4_096).map { "\"\(Ink.hexadecimal($0 % 200))\"" }.joined(separator: ","))]}".utf8)
        try await withServer(fixture.router, { $0.threadCount = 1 }) { port in
            async let batch = curl(
                [
                    "--data-binary", "@-", "-H", "Expect:", "-H", "Accept: text/plain", "-H",
                    "Content-Type: application/\(inPackedForm ? "octet-stream" : "json")",
                ], "/predict?model=svm", port: port, input: inPackedForm ? packed : json)
            _ = await stop.isReached.first { true }
            let one = try? await curl(
                ["--max-time", "300", "-d", Ink.hexadecimal(3)], "/predict?model=random-forest", port: port)
            stop.goOn()
            #expect(one?.status == 200)
            let digits = try await batch.text
            #expect(digits == (0..<4_096).map { "\(($0 % 200 + 1) % 10)\n" }.joined())
        }
    }

    @Test("a server that stops is no longer ready")
    func draining() async throws {
        let fixture = try ServiceFixture()
        try await withService(fixture) { port in
            let reply = try await curl([], "/readyz", port: port)
            #expect(reply.text == "ready\n")
        }
        #expect(try await fixture.answer(.get, "/readyz").status == .serviceUnavailable)
    }
}
