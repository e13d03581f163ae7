import HTTPServing
import Testing

/// Each test only waits for the end that must come; none measures when.
@Suite(.timeLimit(.minutes(2))) struct DeadlineTests {
    /// Sends a byte every 20 ms for as long as the server takes it.
    private func drip(_ client: RawClient) async throws {
        while await client.send("x") { try await Task.sleep(for: .milliseconds(20)) }
    }

    @Test("a head that drips is closed")
    func head() async throws {
        try await withServer([echoRoute], configure: { $0.headDeadlineSeconds = 0.3 }) { port, _ in
            let client = try RawClient(port: port)
            await client.send("GET /echo HTTP/1.1\r\nX: ")
            try await drip(client)
            #expect(await client.rest() == "")
        }
    }

    @Test("the head of a later request that drips is closed")
    func laterHead() async throws {
        try await withServer(
            [echoRoute],
            configure: {
                $0.headDeadlineSeconds = 0.3
                $0.inactivityTimeoutSeconds = 3
            },
            { port, _ in
                let client = try RawClient(port: port)
                await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
                #expect(try await client.response().text == "hi")
                await client.send("GET /echo HTTP/1.1\r\nX: ")
                try await drip(client)
                #expect(await client.rest() == "")
            })
    }

    @Test(
        "a body that drips is 408 and closed, of a known length or chunked",
        arguments: [
            "Content-Length: 100000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n186a0\r\n",
        ])
    func body(framing: String) async throws {
        try await withServer([echoRoute], configure: { $0.bodyDeadlineSeconds = 0.3 }) { port, server in
            let client = try RawClient(port: port)
            await client.send("POST /echo HTTP/1.1\r\nHost: a\r\n\(framing)")
            async let dripping: Void = drip(client)
            let response = try await client.response()
            #expect(response.status == 408)
            #expect(response.text.contains("in 0.3 s fewer than 300 bytes of the body came, and not its end"))
            #expect(await client.rest() == "")
            client.hangUp()
            try await dripping
            try await eventually { server.inFlightCount == 0 }
        }
    }

    @Test("a body that makes progress may take longer than the deadline")
    func progress() async throws {
        try await withServer(
            [echoRoute],
            configure: {
                $0.bodyDeadlineSeconds = 5
                $0.bodyBytesPerSecond = 2
            },
            { port, _ in
                let client = try RawClient(port: port)
                let head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 300\r\n\r\n"
                await client.drip("xxxxxxxxxx", after: head, count: 30, pauseMilliseconds: 200)
                #expect(try await client.response().text == String(repeating: "x", count: 300))
            })
    }

    @Test("the deadline of a body does not cut the handler or the next request")
    func afterBody() async throws {
        let slow = Route.deferred(.post, "/slow") { _ in
            try? await Task.sleep(for: .milliseconds(800))
            return .text("slow")
        }
        try await withServer(
            [slow, echoRoute],
            configure: {
                $0.bodyDeadlineSeconds = 0.3
                $0.headDeadlineSeconds = 0.3
            },
            { port, _ in
                let client = try RawClient(port: port)
                await client.send("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
                #expect(try await client.response().text == "slow")
                try await Task.sleep(for: .milliseconds(800))
                await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
                #expect(try await client.response().text == "hi")
            })
    }

    @Test("a connection on which nothing comes is closed")
    func inactivity() async throws {
        try await withServer([echoRoute], configure: { $0.inactivityTimeoutSeconds = 1 }) { port, _ in
            let client = try RawClient(port: port)
            await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
            #expect(try await client.response().text == "hi")
            #expect(await client.rest() == "")
        }
    }
}
