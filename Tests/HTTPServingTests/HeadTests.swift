import HTTPServing
import Testing
import Threads

/// Heads that are long, and heads that are none.
@Suite(.timeLimit(.minutes(2))) struct HeadTests {
    /// Says what it got of a head.
    private static let route = Route.immediate(.get, "/a") { request in
        let items = request.queryItems
        return .text(
            "\(items.count) \(items.last?.name ?? "-")=\(items.last?.value ?? "-") \(request.header("X-Long")?.utf8.count ?? 0)"
                + " \(request.header("Last") ?? "-")")
    }
    private static let later = Route.deferred(.get, "/later") { request in
        .text("\(request.queryItems.count) \(request.query("n7") ?? "-") \(request.header("Cookie")?.utf8.count ?? 0)")
    }

    @Test("a thousand query items are taken, by immediate and deferred routes, request after request", arguments: [1, 200, 1_000])
    func queryItems(count: Int) async throws {
        let query = (0..<count).map { "n\($0)=v\($0)" }.joined(separator: "&")
        try await withServer([HeadTests.route, HeadTests.later]) { port, _ in
            let client = try RawClient(port: port)
            for _ in 0..<3 {
                await client.send("GET /a?\(query) HTTP/1.1\r\nHost: a\r\nLast: x\r\n\r\n")
                #expect(try await client.response().text == "\(count) n\(count - 1)=v\(count - 1) 0 x")
                await client.send("GET /later?\(query) HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.response().text == "\(count) \(count > 7 ? "v7" : "-") 0")
                await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.response().text == "0 -=- 0 -")
            }
        }
    }

    @Test("16 KiB of cookies are taken, or of another field", arguments: [(16, 0), (0, 16)])
    func longFields(cookieKiB: Int, otherKiB: Int) async throws {
        // The shortest cookies there are, of which there are most.
        let cookies = cookieKiB == 0 ? "" : "Cookie: " + String(repeating: "a=1; ", count: cookieKiB * 1_024 / 5) + "\r\n"
        let cookieByteCount = cookieKiB * 1_024 / 5 * 5 - 1
        let other = otherKiB == 0 ? "" : "X-Long: " + String(repeating: "x", count: otherKiB * 1_024 - 10) + "\r\n"
        try await withServer([HeadTests.route, HeadTests.later]) { port, _ in
            let client = try RawClient(port: port)
            for _ in 0..<3 {
                await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\(cookies)\(other)Last: x\r\n\r\n")
                #expect(try await client.response().text == "0 -=- \(max(0, otherKiB * 1_024 - 10)) x")
                await client.send("GET /later HTTP/1.1\r\nHost: a\r\n\(other)\(cookies)\r\n")
                let answer = try await client.response().text
                #expect(answer == "0 - \(max(0, cookieByteCount))")
            }
        }
    }

    @Test(
        "what is longer is refused with the limit, an id, and a line in the log",
        arguments: [
            (
                "GET /a?x=\(String(repeating: "y", count: 16_384)) HTTP/1.1\r\nHost: a\r\n\r\n", 414,
                "a target of 16389 bytes; the limit is 16384"
            ),
            (
                "GET /\(String(repeating: "y", count: 20_000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414,
                "a target of 20001 bytes; the limit is 16384"
            ),
            ("GET /a HTTP/1.1\r\nHost: a\r\nX-Long: \(String(repeating: "x", count: 22_000))\r\n\r\n", 431, "the limit is 20480"),
        ])
    func tooLong(request: String, status: Int, detail: String) async throws {
        let seen = Locked<[RequestSummary]>([])
        try await withServer([HeadTests.route], configure: { $0.observer = { summary in seen.withLock { $0.append(summary) } } }) {
            port, _ in
            let client = try RawClient(port: port)
            await client.send(request)
            let response = try await client.response()
            #expect(response.status == status)
            #expect(response.text.contains(detail), "\(response.text)")
            #expect(response.header("Connection") == "close")
            #expect(await client.rest() == "")
            try await eventually { !seen.withLock { $0.isEmpty } }
            let summary = try #require(seen.withLock { $0.first })
            #expect(response.header("X-Request-Id") == "\(summary.id)")
            #expect(summary.status.map { Int($0.code) } == status)
        }
    }

    @Test(
        "a head that is none is answered once, with an id",
        arguments: [
            ("GET /a HTTP/1.1\r\n\r\n", "no Host"), ("GET http://localhost/a HTTP/1.1\r\nLast: x\r\n\r\n", "no Host"),
            ("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "white space or a control character in its target"),
            ("GET /a?x=1 2 HTTP/1.1\r\nHost: a\r\n\r\n", "white space or a control character in its target"),
            ("GET /a\u{1} HTTP/1.1\r\nHost: a\r\n\r\n", "white space or a control character in its target"),
        ])
    func malformed(request: String, detail: String) async throws {
        try await withServer([HeadTests.route]) { port, _ in
            let client = try RawClient(port: port)
            await client.send(request)
            let response = try await client.response()
            #expect(response.status == 400)
            #expect(response.text.contains(detail), "\(response.text)")
            #expect(response.header("X-Request-Id") != nil)
            #expect(response.header("Connection") == "close")
            #expect(response.header("Keep-Alive") == nil)
            #expect(await client.rest() == "")
        }
    }

    @Test("HTTP/1.0 needs no Host")
    func withoutHost() async throws {
        try await withServer([HeadTests.route]) { port, _ in
            let client = try RawClient(port: port)
            await client.send("GET /a HTTP/1.0\r\n\r\n")
            #expect(try await client.response().status == 200)
        }
    }

    @Test(
        "what libmicrohttpd refuses by itself has a line in the log",
        arguments: [
            ("Content-Length: -1\r\n\r\n", 400), ("X-Long: \(String(repeating: "x", count: 60_000))\r\n\r\n", 431),
        ])
    func refusedByLibrary(fields: String, status: Int) async throws {
        let seen = Locked<[RequestSummary]>([])
        try await withServer([echoRoute], configure: { $0.observer = { summary in seen.withLock { $0.append(summary) } } }) { port, _ in
            let client = try RawClient(port: port)
            await client.send("POST /echo HTTP/1.1\r\nHost: a\r\n\(fields)")
            #expect(await client.rest().hasPrefix("HTTP/1.1 \(status) "))
            try await eventually { !seen.withLock { $0.isEmpty } }
            #expect(seen.withLock { $0.map { $0.status.map { Int($0.code) } } } == [status])
        }
    }
}
