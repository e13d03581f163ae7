import HTTPServing
import Testing
import Threads

@Suite(.timeLimit(.minutes(2))) struct StreamTests {
    private func stream(_ path: String, _ body: HTTPBodyStream) -> Route {
        .immediate(.get, path) { _ in HTTPResponse(body: .stream(body)) }
    }

    private let request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("a stream of unknown length goes in chunks, one of known length with it; both keep the connection")
    func lengths() async throws {
        @Sendable func produce(_ writer: HTTPBodyWriter) async throws {
            for number in 0..<5 {
                try await writer.write("\(number),")
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        let routes = [stream("/a", HTTPBodyStream(produce: produce)), stream("/b", HTTPBodyStream(contentLength: 10, produce: produce))]
        try await withServer(routes) { port, _ in
            let client = try RawClient(port: port)
            await client.send(request)
            let chunked = try await client.response()
            #expect(chunked.header("Transfer-Encoding") == "chunked")
            #expect(chunked.text == "0,1,2,3,4,")
            await client.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
            let known = try await client.response()
            #expect(known.header("Content-Length") == "10")
            #expect(known.text == "0,1,2,3,4,")
            await client.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.response().text == "0,1,2,3,4,")
        }
    }

    @Test("what was written arrives while the producer waits")
    func arrivesEarly() async throws {
        let release = Signal()
        let route = stream(
            "/a",
            HTTPBodyStream { writer in
                try await writer.write("first")
                await release.wait()
                try await writer.write("second")
            })
        try await withServer([route]) { port, _ in
            let client = try RawClient(port: port)
            await client.send(request)
            #expect(await client.rest(or: "first").hasSuffix("\r\n\r\n5\r\nfirst"))
            release.set()
            #expect(await client.rest(or: "second").hasSuffix("6\r\nsecond"))
        }
    }

    @Test("a large stream arrives whole, and the producer never gets far ahead of a reader that does not read")
    func backPressure() async throws {
        let written = Locked(0)
        let total = 64 << 20
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 100_000)
        let route = stream(
            "/a",
            HTTPBodyStream(bufferBytes: 200_000) { writer in
                var left = total
                while left > 0 {
                    let piece = Array(chunk.prefix(left))
                    try await writer.write(piece)
                    left -= piece.count
                    written.withLock { $0 += piece.count }
                }
            })
        try await withServer([route]) { port, _ in
            let client = try RawClient(port: port, receiveBufferBytes: 65_536)
            await client.send(request)
            // The sockets' buffers fill, the stream's buffer fills, and then nothing moves.
            var before = -1
            while true {
                let now = written.withLock { $0 }
                if now > 0, now == before { break }
                before = now
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(before < total / 2)
            let response = try await client.response()
            #expect(response.body.count == total)
            #expect(response.body.allSatisfy { $0 == UInt8(ascii: "x") })
        }
    }

    @Test("a reader that leaves ends its producer, also one that has nothing to write", arguments: [true, false])
    func vanishes(isWriting: Bool) async throws {
        let ended = Locked<(any Error)?>(nil)
        let route = stream(
            "/a",
            HTTPBodyStream { writer in
                do {
                    try await writer.write("first")
                    while isWriting {
                        try await writer.write("more")
                        try await Task.sleep(for: .milliseconds(5))
                    }
                    try await Task.sleep(for: .seconds(1000))
                } catch {
                    ended.withLock { $0 = error }
                    throw error
                }
            })
        try await withServer([route], configure: { $0.headDeadlineSeconds = 0.3 }) { port, server in
            let client = try RawClient(port: port)
            await client.send(request)
            #expect(await client.rest(or: "first").hasSuffix("first"))
            client.hangUp()
            try await eventually { ended.withLock { $0 != nil } && server.inFlightCount == 0 }
        }
    }

    @Test("a producer that throws, writes too little or too much tears the body instead of ending it")
    func torn() async throws {
        struct Broken: Error {}
        let routes = [
            stream(
                "/throws",
                HTTPBodyStream { writer in
                    try await writer.write("part")
                    throw Broken()
                }),
            stream("/short", HTTPBodyStream(contentLength: 10) { try await $0.write("part") }),
            stream("/long", HTTPBodyStream(contentLength: 10) { try await $0.write("eleven byte") }),
        ]
        try await withServer(routes) { port, _ in
            for path in ["/throws", "/short", "/long"] {
                let client = try RawClient(port: port)
                await client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                await #expect(throws: RawClient.Failure.self) { try await client.response() }
            }
        }
    }

    @Test("HEAD of a stream does not start its producer")
    func head() async throws {
        let started = Signal()
        let route = stream(
            "/a",
            HTTPBodyStream(contentLength: 4) { writer in
                started.set()
                try await writer.write("body")
            })
        try await withServer([route]) { port, _ in
            let client = try RawClient(port: port)
            await client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.response(toHead: true).header("Content-Length") == "4")
            #expect(!started.isSet)
            await client.send(request)
            #expect(try await client.response().text == "body")
        }
    }

    @Test("a deferred route can answer with a stream")
    func deferredStream() async throws {
        let route = Route.deferred(.get, "/a") { _ in
            HTTPResponse(body: .stream(HTTPBodyStream { try await $0.write("streamed") }))
        }
        try await withServer([route]) { port, _ in
            let client = try RawClient(port: port)
            for _ in 0..<20 {
                await client.send(request)
                #expect(try await client.response().text == "streamed")
            }
        }
    }
}
