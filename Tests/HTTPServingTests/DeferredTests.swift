import Foundation
import HTTPServing
import Synchronization
import Testing
import Threads

@Suite(.timeLimit(.minutes(2))) struct DeferredTests {
    @Test("a deferred handler holds its own connection and no other")
    func holdsNoOther() async throws {
        let release = Signal()
        let wait = Route.deferred(.post, "/wait") { request in
            let body = request.body
            await release.wait()
            return HTTPResponse(body: .bytes(body))
        }
        try await withServer([wait, echoRoute], configure: { $0.threadCount = 1 }) { port, server in
            let waiting = try (0..<20).map { _ in try RawClient(port: port) }
            for (index, client) in waiting.enumerated() {
                await client.send("POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n\(10 + index)")
            }
            try await eventually { server.inFlightCount == 20 }
            let other = try RawClient(port: port)
            await other.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
            #expect(try await other.response().text == "hi")
            release.set()
            for (index, client) in waiting.enumerated() { #expect(try await client.response().text == "\(10 + index)") }
        }
    }

    @Test("deferred answers and streams come while every thread that the program's other tasks share is blocked")
    func blockedTasks() async throws {
        let routes = [
            Route.deferred(.get, "/later") { _ in
                await Task.yield()
                return HTTPResponse(body: .bytes(Array("later".utf8)))
            },
            Route.immediate(.get, "/stream") { _ in
                HTTPResponse(body: .stream(HTTPBodyStream { writer in try await writer.write("streamed") }))
            },
        ]
        try await withServer(routes) { port, _ in
            try await ThreadPool(name: "client", threadCount: 1).run {
                let release = Signal()
                defer { release.set() }
                let blockedCount = Locked(0)
                let sharedThreadCount = ProcessInfo.processInfo.activeProcessorCount
                for _ in 0..<sharedThreadCount {
                    Task.detached {
                        blockedCount.withLock { $0 += 1 }
                        while !release.isSet { usleep(1_000) }
                    }
                }
                while blockedCount.withLock({ $0 }) < sharedThreadCount { usleep(1_000) }
                let client = try RawClient(port: port)
                await client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.response().text == "later")
                await client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await client.response().text == "streamed")
            }
        }
    }

    @Test("a route that decides answers at once, or suspends the connection and answers later, as the request tells")
    func deciding() async throws {
        let release = Signal()
        let route = Route.deciding(.post, "/decide") { request in
            let body = request.body
            guard body.count > 2 else { return .now(HTTPResponse(body: .bytes(body))) }
            return .later {
                await release.wait()
                return HTTPResponse(status: .accepted, body: .bytes(body))
            }
        }
        let router = try Router(routes: [route])
        #expect(router.respondImmediately(to: HTTPRequest(.post, "/decide", body: [1, 2])) != nil)
        #expect(router.respondImmediately(to: HTTPRequest(.post, "/decide", body: [1, 2, 3])) == nil)
        try await withServer([route], configure: { $0.threadCount = 1 }) { port, server in
            let long = try RawClient(port: port)
            await long.send("POST /decide HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nlong")
            try await eventually { server.inFlightCount == 1 }
            let short = try RawClient(port: port)
            await short.send("POST /decide HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
            #expect(try await short.response().text == "hi")
            release.set()
            let answer = try await long.response()
            #expect(answer.status == 202)
            #expect(answer.text == "long")
        }
    }

    @Test("a deferred handler that answers at once, over and over on many connections")
    func immediateAnswers() async throws {
        let route = Route.deferred(.get, "/a") { _ in .text("answer") }
        try await withServer([route]) { port, _ in
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        let client = try RawClient(port: port)
                        for _ in 0..<100 {
                            await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
                            #expect(try await client.response().text == "answer")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("a client that is reset during a deferred handler has it cancelled, and nothing stays in flight")
    func vanishes() async throws {
        let started = Signal()
        let cancelled = Signal()
        let route = Route.deferred(.get, "/a") { _ in
            started.set()
            await withTaskCancellationHandler {
                await cancelled.wait()
            } onCancel: {
                cancelled.set()
            }
            return .text("to nobody")
        }
        try await withServer([route], configure: { $0.headDeadlineSeconds = 0.3 }) { port, server in
            do {
                let client = try RawClient(port: port)
                await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
                await started.wait()
                client.abandon()
            }
            await cancelled.wait()
            try await eventually { server.inFlightCount == 0 }
        }
    }

    @Test("a client that has sent all it will send still gets its deferred answer")
    func halfClosed() async throws {
        let started = Signal()
        let release = Signal()
        let route = Route.deferred(.get, "/a") { _ in
            started.set()
            await release.wait()
            return .text(Task.isCancelled ? "cancelled" : "answered")
        }
        try await withServer([route], configure: { $0.headDeadlineSeconds = 0.1 }) { port, _ in
            let client = try RawClient(port: port)
            await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            client.finishSending()
            await started.wait()
            try await Task.sleep(for: .milliseconds(200))
            release.set()
            #expect(try await client.response().text == "answered")
        }
    }
}
