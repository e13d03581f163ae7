import HTTPServing
import Testing
import Threads

@Suite(.timeLimit(.minutes(2))) struct TransportTests {
    @Test("a request that comes byte by byte is the same request")
    func splitRequest() async throws {
        try await withServer([echoRoute]) { port, _ in
            let client = try RawClient(port: port)
            for byte in "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world".utf8 { await client.send([byte]) }
            #expect(try await client.response().text == "hello world")
        }
    }

    @Test("chunks are joined, whatever their sizes, and trailers are no headers")
    func chunks() async throws {
        try await withServer([echoRoute]) { port, _ in
            let client = try RawClient(port: port)
            await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            await client.send("1\r\nh\r\n4;x=y\r\nello\r\n")
            await client.send("0006\r\n world\r\n0\r\nContent-Length: 3\r\n\r\n")
            #expect(try await client.response().text == "hello world")
            await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
            #expect(try await client.response().text == "hi")
        }
    }

    @Test("a body larger than every buffer arrives whole")
    func largeBody() async throws {
        let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try await withServer([echoRoute]) { port, _ in
            let client = try RawClient(port: port)
            await client.send(Array("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
            #expect(try await client.response().body == body)
        }
    }

    @Test("pipelined requests are answered in order, immediate and deferred ones alike")
    func pipelining() async throws {
        let later = Route.deferred(.get, "/later") { _ in
            try? await Task.sleep(for: .milliseconds(20))
            return .text("later")
        }
        try await withServer([echoRoute, later]) { port, _ in
            let client = try RawClient(port: port)
            func post(_ text: String) -> String { "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)" }
            await client.send(post("one") + "GET /later HTTP/1.1\r\nHost: a\r\n\r\n" + post("two") + post("three"))
            var texts: [String] = []
            for _ in 0..<4 { texts.append(try await client.response().text) }
            #expect(texts == ["one", "later", "two", "three"])
        }
    }

    @Test("a connection is kept, each answer has an id of its own, and Connection: close ends it")
    func keepAlive() async throws {
        try await withServer([.immediate(.get, "/a") { _ in .text("a") }]) { port, _ in
            let client = try RawClient(port: port)
            var ids: Set<String> = []
            for _ in 0..<10 {
                await client.send("GET /a HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n")
                ids.insert(try #require(try await client.response().header("X-Request-Id")))
            }
            #expect(ids.count == 10)
            #expect(!ids.contains("mine"))
            await client.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try await client.response().header("Connection") == "close")
            #expect(await client.rest() == "")
        }
    }

    @Test("100 Continue is sent for a body that is wanted")
    func expectContinue() async throws {
        try await withServer([echoRoute]) { port, _ in
            let client = try RawClient(port: port)
            await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await client.response().status == 100)
            await client.send("ok")
            #expect(try await client.response().text == "ok")
        }
    }

    @Test(
        "no 100 Continue for a body that is too large or that no route takes",
        arguments: [
            ("POST /echo", 9_999_999, 413), ("POST /nothing", 5, 404), ("PUT /echo", 5, 405),
        ])
    func noContinue(line: String, length: Int, status: Int) async throws {
        try await withServer([echoRoute]) { port, _ in
            let client = try RawClient(port: port)
            await client.send("\(line) HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await client.response().status == status)
            #expect(await client.rest() == "")
        }
    }

    @Test("HEAD has GET's length and no body; OPTIONS, 404 and 405 keep the connection")
    func otherMethods() async throws {
        try await withServer([.immediate(.get, "/a") { _ in .text("four") }]) { port, _ in
            let client = try RawClient(port: port)
            await client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n")
            let head = try await client.response(toHead: true)
            #expect(head.status == 200)
            #expect(head.header("Content-Length") == "4")
            await client.send("OPTIONS /a HTTP/1.1\r\nHost: a\r\n\r\n")
            let options = try await client.response()
            #expect(options.status == 204)
            #expect(options.header("Allow") == "GET, HEAD, OPTIONS")
            await client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
            let wrong = try await client.response()
            #expect(wrong.status == 405)
            #expect(wrong.header("Allow") == "GET, HEAD, OPTIONS")
            await client.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.response().status == 404)
            await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.response().text == "four")
        }
    }

    @Test(
        "a request over a connection tells what one in memory tells, in an immediate handler and in a deferred one",
        arguments: [
            "now", "later",
        ])
    func requestOverConnection(route: String) async throws {
        @Sendable func describe(_ request: borrowing HTTPRequest) -> HTTPResponse {
            let length = request.withHeader("content-TYPE") { $0.count } ?? -1
            let parts = [
                request.parameter("name"), request.header("Content-type") ?? "none", String(length), request.header("Accept") ?? "none",
                request.query("a") ?? "none", request.query("b") ?? "none", request.query("c") ?? "none", request.path,
                String(decoding: request.body, as: UTF8.self), request.remoteAddress,
            ]
            return .text(parts.joined(separator: "|"))
        }
        let routes: [Route] = [.immediate(.post, "/{name}/now", describe), .deferred(.post, "/{name}/later", { describe($0) })]
        try await withServer(routes) { port, _ in
            let client = try RawClient(port: port)
            await client.send(
                "POST /x%2fy/\(route)?a=1+2%2B3&b&a=4 HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi")
            #expect(try await client.response().text == "x/y|text/plain|10|none|1 2+3||none|/x%2fy/\(route)|hi|127.0.0.1")
        }
    }

    @Test("a constant body is sent the same every time, and outlives its owner")
    func constantBody() async throws {
        let text = String(repeating: "constant ", count: 10_000)
        let constant = Locked<ConstantBody?>(ConstantBody(text))
        let route = Route.immediate(.get, "/a") { _ in
            constant.withLock { constant in
                defer { constant = nil }
                return HTTPResponse(body: .constant(constant ?? ConstantBody("gone")))
            }
        }
        try await withServer([route]) { port, _ in
            let client = try RawClient(port: port)
            await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.response().text == text)
            await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.response().text == "gone")
        }
    }

    @Test("connections past the limit of one address are closed without an answer; one that ends makes room")
    func connectionLimit() async throws {
        try await withServer(
            [.immediate(.get, "/a") { _ in .text("served!") }], configure: { $0.perAddressLimit = 2 },
            { port, _ in
                let request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
                let first = try RawClient(port: port)
                let second = try RawClient(port: port)
                for client in [first, second] {
                    await client.send(request)
                    #expect(try await client.response().status == 200)
                }
                let third = try RawClient(port: port)
                await third.send(request)
                #expect(await third.rest() == "")
                first.hangUp()
                var isServed = false
                while !isServed {
                    let fourth = try RawClient(port: port)
                    await fourth.send(request)
                    isServed = await fourth.rest(or: "served!").hasPrefix("HTTP/1.1 200")
                }
            })
    }

    @Test("connections past the limit of the server wait until one ends")
    func serverConnectionLimit() async throws {
        try await withServer(
            [.immediate(.get, "/a") { _ in .text("a") }],
            configure: {
                $0.connectionLimit = 2
                $0.threadCount = 1
            },
            { port, server in
                let request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
                let served = [try RawClient(port: port), try RawClient(port: port)]
                for client in served {
                    await client.send(request)
                    #expect(try await client.response().text == "a")
                }
                let waiting = try RawClient(port: port)
                await waiting.send(request)
                try await Task.sleep(for: .milliseconds(50))
                #expect(server.connectionCount == 2)
                served[0].hangUp()
                #expect(try await waiting.response().text == "a")
            })
    }

    @Test("the observer is told of every request once, with route, status and bytes")
    func observer() async throws {
        let seen = Locked<[RequestSummary]>([])
        try await withServer(
            [echoRoute, .immediate(.get, "/models/{name}") { _ in .text("four") }],
            configure: { $0.observer = { summary in seen.withLock { $0.append(summary) } } },
            { port, _ in
                let client = try RawClient(port: port)
                await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
                let id = try await client.response().header("X-Request-Id")
                await client.send("HEAD /models/svm HTTP/1.1\r\nHost: a\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await client.response(toHead: true)
                _ = try await client.response()
                try await eventually { seen.withLock { $0.count } == 3 }
                let summaries = seen.withLock { $0 }
                #expect(summaries.map(\.route) == ["/echo", "/models/{name}", nil])
                #expect(summaries.map(\.status) == [200, 200, 404])
                #expect(summaries.map(\.method) == [.post, .head, .get])
                #expect(summaries[0].id.description == id)
                #expect(summaries[0].requestBodyBytes == 2)
                #expect(summaries[0].responseBodyBytes == 2)
                #expect(summaries[1].responseBodyBytes == 0)
            })
    }

    @Test("a second server on a taken port is told so, and a free one can be had")
    func takenPort() async throws {
        try await withServer([echoRoute]) { port, _ in
            #expect {
                var configuration = HTTPServerConfiguration()
                configuration.port = port
                let server = HTTPServer(router: try Router(routes: []), configuration: configuration, logger: .init(label: "test"))
                try server.start()
            } throws: { error in
                guard case .cannotListen("127.0.0.1", port, let reason) = error as? HTTPServingError else { return false }
                return reason == "Address already in use"
            }
        }
    }

    @Test("a number out of its range is refused by name")
    func invalidConfiguration() throws {
        var configuration = HTTPServerConfiguration()
        configuration.threadCount = 0
        let server = HTTPServer(router: try Router(routes: []), configuration: configuration, logger: .init(label: "test"))
        #expect(throws: HTTPServingError.invalidConfiguration(name: "threadCount", found: "0", expected: "1 to 1024")) {
            try server.start()
        }
    }

    private static let gzippedHello: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 72, 205, 201, 201, 7, 0, 134, 166, 16, 54, 5, 0, 0, 0,
    ]
    private static let deflatedHello: [UInt8] = [120, 156, 203, 72, 205, 201, 201, 7, 0, 6, 44, 2, 21]
    /// A million zeros.
    private static let gzippedZeros: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 237, 193, 1, 1, 0, 0, 0, 130, 32, 255, 175, 110, 72, 64, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 175, 6, 158, 203, 121, 18, 64, 66, 15,
        0,
    ]

    private func answer(coding: String, _ body: [UInt8]) async throws -> RawClient.Response {
        var response: RawClient.Response?
        try await withServer([echoRoute], configure: { $0.bodyLimitBytes = 100_000 }) { port, _ in
            let client = try RawClient(port: port)
            await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: \(coding)\r\nContent-Length: \(body.count)\r\n\r\n")
            await client.send(body)
            response = try await client.response()
        }
        return try #require(response)
    }

    @Test("a compressed body is unpacked")
    func compressed() async throws {
        for coding in ["gzip", "x-gzip", "GZIP "] { #expect(try await answer(coding: coding, Self.gzippedHello).text == "hello") }
        #expect(try await answer(coding: "deflate", Self.deflatedHello).text == "hello")
        #expect(try await answer(coding: "identity", Array("hello".utf8)).text == "hello")
    }

    @Test("a body is unpacked no further than its limit, and not where it is torn or none at all")
    func unfitCompressed() async throws {
        #expect(try await answer(coding: "gzip", Self.gzippedZeros).status == 413)
        #expect(try await answer(coding: "gzip", Array(Self.gzippedHello.dropLast())).status == 400)
        #expect(try await answer(coding: "gzip", Self.gzippedHello + [0]).status == 400)
        #expect(try await answer(coding: "gzip", Array("hello".utf8)).status == 400)
        #expect(try await answer(coding: "gzip", []).status == 400)
    }

    @Test("a coding that is not read is 415, with those that are", arguments: ["br", "zstd", "gzip, gzip"])
    func unknownCoding(coding: String) async throws {
        let response = try await answer(coding: coding, Array("hello".utf8))
        #expect(response.status == 415)
        #expect(response.header("Accept-Encoding") == "gzip, deflate")
    }

    @Test("heads are read as RFC 9112 has them: absolute targets, white space behind values, lists on several lines")
    func heads() async throws {
        let route = Route.immediate(.get, "/a") { request in
            .text(
                (request.withListHeader("accept") { String(decoding: $0.withUnsafeBufferPointer(Array.init), as: UTF8.self) } ?? "-")
                    + (request.header("X") ?? ""))
        }
        let root = Route.immediate(.get, "/") { _ in .text("root") }
        try await withServer([route, root], configure: { $0.hostNames = [] }) { port, _ in
            let client = try RawClient(port: port)
            for (request, text) in [
                ("GET http://localhost/a HTTP/1.1\r\nHost: localhost", "-"),
                ("GET HTTP://localhost:80/a?b=c HTTP/1.1\r\nHost: localhost", "-"),
                ("GET http://localhost HTTP/1.1\r\nHost: localhost", "root"), ("GET /a HTTP/1.1\r\nHost: localhost \t", "-"),
                ("GET /a HTTP/1.1\r\nHost: localhost\r\nX: y \t ", "-y"),
                ("GET /a HTTP/1.1\r\nHost: localhost\r\nAccept: b\r\nX: y\r\naccept: c", "b,cy"),
            ] {
                await client.send(request + "\r\n\r\n")
                #expect(try await client.response().text == text)
            }
        }
    }

    @Test(
        "what cannot be in a head is 400",
        arguments: ["X: a\rb", "Content-Type: text/plain\r\nContent-Type: application/json"])
    func unfitHeads(field: String) async throws {
        try await withServer([echoRoute]) { port, _ in
            let client = try RawClient(port: port)
            await client.send("POST /echo HTTP/1.1\r\nHost: a\r\n\(field)\r\nContent-Length: 2\r\n\r\nhi")
            #expect(try await client.response().status == 400)
        }
    }

    @Test("an answer says how long its connection may wait for the next request")
    func keepAliveTimeout() async throws {
        try await withServer([echoRoute], configure: { $0.inactivityTimeoutSeconds = 75 }) { port, _ in
            let client = try RawClient(port: port)
            await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
            #expect(try await client.response().header("Keep-Alive") == "timeout=75")
        }
    }
}
