import HTTPServing
import Logging
import Synchronization
import Testing
import Threads

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

@Suite(.timeLimit(.minutes(2))) struct StopTests {
    private func request(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n" }

    @Test("a stop waits for what is in flight, tells the client to close, and takes no more")
    func graceful() async throws {
        let started = Signal()
        let release = Signal()
        let drained = Signal()
        let route = Route.deferred(.get, "/a") { _ in
            started.set()
            await release.wait()
            return .text("answered")
        }
        try await withServer([route], configure: { $0.onDrain = { drained.set() } }) { port, server in
            let idle = try RawClient(port: port)
            let client = try RawClient(port: port)
            await client.send(request("/a"))
            await started.wait()
            #expect(!server.isDraining)
            async let stopping: Void = server.stop(gracePeriodSeconds: 60)
            await drained.wait()
            #expect(server.isDraining)
            // Refused at once, after at most the moment between the hook and the quiesce.
            try await eventually { (try? RawClient(port: port)) == nil }
            release.set()
            let response = try await client.response()
            #expect(response.text == "answered")
            #expect(response.header("Connection") == "close")
            await stopping
            #expect(await idle.rest() == "")
        }
    }

    @Test("past the grace period a suspended request gets 503 and its handler is cancelled, a stream is torn, and the stop ends")
    func pastGrace() async throws {
        let started = Signal()
        let cancelled = Signal()
        let forever = Route.deferred(.get, "/forever") { _ in
            started.set()
            await withTaskCancellationHandler {
                await cancelled.wait()
            } onCancel: {
                cancelled.set()
            }
            return .text("too late")
        }
        let stream = Route.immediate(.get, "/stream") { _ in
            HTTPResponse(
                body: .stream(
                    HTTPBodyStream { writer in
                        try await writer.write("first")
                        try await Task.sleep(for: .seconds(1000))
                    }))
        }
        try await withServer([forever, stream]) { port, server in
            let suspended = try RawClient(port: port)
            await suspended.send(request("/forever"))
            await started.wait()
            let reader = try RawClient(port: port)
            await reader.send(request("/stream"))
            #expect(await reader.rest(or: "first").hasSuffix("first"))
            await server.stop(gracePeriodSeconds: 0.05)
            await cancelled.wait()
            let response = try await suspended.response()
            #expect(response.status == 503)
            #expect(response.header("Connection") == "close")
            #expect(await reader.rest() == "\r\n")
            #expect(server.inFlightCount == 0)
        }
    }

    @Test("a stream without an end of its own ends whole when the stop begins, and holds it up no longer")
    func openStreams() async throws {
        let stream = Route.immediate(.get, "/stream") { _ in
            HTTPResponse(
                body: .stream(
                    HTTPBodyStream(endsWhenStopping: true) { writer in
                        try await writer.write("first")
                        try await Task.sleep(for: .seconds(1000))
                    }))
        }
        try await withServer([stream]) { port, server in
            let reader = try RawClient(port: port)
            await reader.send(request("/stream"))
            #expect(await reader.rest(or: "first").hasSuffix("first"))
            await server.stop(gracePeriodSeconds: 60)
            // The last chunk says that nothing is missing.
            #expect(await reader.rest() == "\r\n0\r\n\r\n")
        }
    }

    @Test("every request of a connection that was made before the stop is answered, kept connections and waiting ones alike")
    func underLoad() async throws {
        let route = Route.immediate(.get, "/a") { _ in .text("answered") }
        let question = request("/a")
        for _ in 0..<10 {
            let clients = Locked<[RawClient]>([])
            // All ask when the stop has begun, at once, whatever else the processors are busy with.
            let ask: @Sendable () -> Void = {
                for client in clients.withLock({ $0 }) { client.sendAtOnce(question) }
            }
            try await withServer([route], configure: { $0.onDrain = ask }) { port, server in
                let kept = try (0..<8).map { _ in try RawClient(port: port) }
                for client in kept {
                    await client.send(question)
                    #expect(try await client.response().text == "answered")
                }
                // Some have not been accepted yet.
                let fresh = try (0..<40).map { _ in try RawClient(port: port) }
                clients.withLock { $0 = kept + fresh }
                async let stopping: Void = server.stop(gracePeriodSeconds: 60)
                for client in kept + fresh {
                    let response = try await client.response()
                    #expect(response.text == "answered")
                    #expect(response.header("Connection") == "close")
                }
                await stopping
            }
        }
    }

    @Test("a handler that ignores its cancellation does not hold the stop, and its late answer harms nobody")
    func stubborn() async throws {
        let started = Signal()
        let release = Signal()
        let ended = Signal()
        let route = Route.deferred(.get, "/a") { request in
            started.set()
            await release.wait()
            defer { ended.set() }
            return .text("\(request.path) \(request.header("Host") ?? "")")
        }
        try await withServer([route]) { port, server in
            let client = try RawClient(port: port)
            await client.send(request("/a"))
            await started.wait()
            await server.stop(gracePeriodSeconds: 0)
            #expect(try await client.response().status == 503)
            release.set()
            await ended.wait()
        }
    }

    @Test("servers started and stopped leave no descriptor and no thread behind")
    func leaks() async throws {
        func cycle() async throws {
            let router = try Router(routes: [echoRoute])
            var configuration = HTTPServerConfiguration()
            configuration.port = 0
            configuration.threadCount = 4
            var logger = Logger(label: "test")
            logger.logLevel = .error
            let server = HTTPServer(router: router, configuration: configuration, logger: logger)
            let client = try RawClient(port: try server.start())
            await client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
            #expect(try await client.response().text == "hi")
            client.hangUp()
            await server.stop(gracePeriodSeconds: 1)
        }
        let roundCount = 300
        let descriptorsBefore = entryCount("/proc/self/fd")
        let threadsBefore = entryCount("/proc/self/task")
        for _ in 0..<roundCount { try await cycle() }
        // Other suites open sockets meanwhile, though far fewer than a leak of one a round would leave.
        #expect(entryCount("/proc/self/fd") < descriptorsBefore + 2 * roundCount / 3)
        #expect(entryCount("/proc/self/task") < threadsBefore + 2 * roundCount / 3)
    }

    private func entryCount(_ folder: String) -> Int {
        guard let entries = opendir(folder) else { return 0 }
        defer { closedir(entries) }
        var count = 0
        while readdir(entries) != nil { count += 1 }
        return count
    }

    @Test("a server that is not stopped stops when it is dropped")
    func dropped() async throws {
        var server: HTTPServer?
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        var logger = Logger(label: "test")
        logger.logLevel = .error
        server = HTTPServer(router: try Router(routes: [echoRoute]), configuration: configuration, logger: logger)
        let port = try #require(try server?.start())
        let client = try RawClient(port: port)
        server = nil
        #expect(await client.rest() == "")
    }

    @Test("a server is started once")
    func startedOnce() async throws {
        try await withServer([echoRoute]) { _, server in
            #expect(throws: HTTPServingError.alreadyStarted) { try server.start() }
            await server.stop(gracePeriodSeconds: 0)
            #expect(throws: HTTPServingError.alreadyStarted) { try server.start() }
        }
    }
}
