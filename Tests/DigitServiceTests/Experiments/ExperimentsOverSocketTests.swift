import DigitAPI
import Foundation
import HTTPServing
import TestData
import Testing

@testable import Experiments

/// Experiments behind a real socket.
@Suite struct ExperimentsOverSocketTests {
    /// A curl that runs beside the test.
    private final class RunningCurl: Sendable {
        private let program: StartedProgram

        /// Nothing reads what it gets until `end()`: once its pipe is full it no longer reads from its socket.
        init(_ path: String, port: UInt16) throws {
            program = try StartedProgram(
                "/usr/bin/env", ["curl", "--silent", "--no-buffer", "--max-time", "600", "http://127.0.0.1:\(port)\(path)"],
                readsOutput: false)
        }

        /// Waits for the first bytes, and takes so many of them.
        func beginning(_ count: Int) async -> String {
            String(decoding: await onThread { self.program.readOutput(count) }, as: UTF8.self)
        }

        func kill() { program.send(signal: SIGKILL) }

        /// Reads all there is, and waits for the end.
        func end() async -> (output: [UInt8], status: Int32) {
            await onThread { (self.program.readOutput(.max), self.program.waitUntilExit()) }
        }
    }

    @Test("curl hands in an experiment, listens to it, cancels it, and hears the end of it")
    func listening() async throws {
        let fixture = try await ExperimentFixture(listenerLimit: 1)
        try await withServer(fixture.router) { port in
            let accepted = try await curl(["-d", ExperimentFixture.request], "/experiments", port: port)
            #expect(accepted.status == 202)
            let experiment = try JSONDecoder().decode(ExperimentDescription.self, from: Data(accepted.body))
            let listener = try RunningCurl(experiment.path + "/events", port: port)
            try await eventually { await !fixture.hasRoomForListener }
            let cancelled = try await curl(["-X", "POST"], experiment.path + "/cancel", port: port)
            #expect(cancelled.status == 202)
            let (output, status) = await listener.end()
            #expect(status == 0)
            #expect(
                String(decoding: output, as: UTF8.self) == """
                    : listening
                    id: 1
                    event: state
                    data: {"failure":null,"state":"queued"}

                    id: 2
                    event: state
                    data: {"failure":null,"state":"cancelled"}


                    """)
            #expect(await fixture.hasRoomForListener)
        }
    }

    @Test("a listener that goes away gives its place back")
    func goneListener() async throws {
        let fixture = try await ExperimentFixture(listenerLimit: 1)
        let experiment = try await fixture.submit()
        try await withServer(fixture.router) { port in
            let listener = try RunningCurl(experiment.path + "/events", port: port)
            try await eventually { await !fixture.hasRoomForListener }
            let refused = try await curl([], experiment.path + "/events", port: port)
            #expect(refused.status == 503)
            listener.kill()
            _ = await listener.end()
            try await eventually { await fixture.hasRoomForListener }
        }
    }

    @Test("who asks for the head of a stream takes no place")
    func headOfStream() async throws {
        let fixture = try await ExperimentFixture(listenerLimit: 1)
        let experiment = try await fixture.submit()
        try await withServer(fixture.router) { port in
            for _ in 0..<3 {
                let head = try await curl(["--head"], experiment.path + "/events", port: port)
                #expect(head.status == 200)
                #expect(head.contentType == "text/event-stream")
            }
            #expect(await fixture.hasRoomForListener)
        }
    }

    @Test("a listener that does not read is dropped, and gives its place back")
    func listenerThatDoesNotRead() async throws {
        let fixture = try await ExperimentFixture(listenerLimit: 1)
        let experiment = try await fixture.submit()
        let started = try fixture.begin()
        // More than the buffers of both sockets hold.
        let (noticeCount, noticeBytes) = (32, 1 << 19)
        let notice = String(repeating: "x", count: noticeBytes)
        for _ in 0..<noticeCount { try fixture.store.appendNotice(notice, to: started.id) }
        try await withServer(fixture.router, { $0.inactivityTimeoutSeconds = 1 }) { port in
            let listener = try RunningCurl(experiment.path + "/events", port: port)
            #expect(await listener.beginning(11) == ": listening")
            try await eventually { await fixture.hasRoomForListener }
            // It can tell that this is not the end.
            let (output, status) = await listener.end()
            #expect(status != 0)
            #expect(output.starts(with: "\nid: 1\n".utf8))
            #expect(output.count < noticeCount * noticeBytes)
            // One that reads gets all of it, however long that takes.
            try started.succeed()
            let reader = try await curl([], experiment.path + "/events", port: port)
            #expect(reader.status == 200)
            #expect(reader.body.count > noticeCount * noticeBytes)
            let ending = Array("\"state\":\"succeeded\"}\n\n".utf8)
            #expect(reader.body.suffix(ending.count) == ending[...])
        }
    }

    @Test("an upload past its limit is 413, and nothing is stored")
    func uploadLimit() async throws {
        let fixture = try await ExperimentFixture()
        try await withServer(fixture.router, { $0.bodyLimitBytes = 100 }) { port in
            // 124 rows are 4,092 bytes, and the limit of the route is 4,096, whatever that of other routes is.
            let rows = [UInt8](repeating: 0, count: 124 * 33)
            let upload = ["--data-binary", "@-", "-X", "PUT", "-H", "Content-Type: application/octet-stream"]
            #expect(try await curl(upload, "/datasets/most", port: port, input: rows).status == 201)
            let more = try await curl(upload, "/datasets/more", port: port, input: rows + rows.prefix(33))
            #expect(more.status == 413)
            #expect(more.contentType == "application/problem+json")
            #expect(try await fixture.get("/datasets/most").status == .ok)
            #expect(try await fixture.get("/datasets/more").status == .notFound)
        }
    }

    @Test("curl gives feedback, is refused a contradiction, lists what there is, takes it back and deletes a data set")
    func feedbackAndDatasets() async throws {
        let fixture = try await ExperimentFixture()
        try await withServer(fixture.router) { port in
            func give(_ digit: Int, _ fields: String = "") async throws -> CurlReply {
                let body = "{\"bitmap\":\"\(Ink.hexadecimal(9))\",\"digit\":\(digit)\(fields)}"
                return try await curl(["-d", body], "/feedback", port: port)
            }
            #expect(try await give(7).status == 201)
            let refused = try await give(3)
            #expect(refused.status == 409)
            #expect(refused.contentType == "application/problem+json")
            #expect(refused.text.contains("is a 7 by feedback 1"))
            #expect(try await give(3, ",\"replace\":true").status == 201)
            let list = try JSONDecoder().decode(FeedbackList.self, from: Data(try await curl([], "/feedback?limit=1", port: port).body))
            #expect(list.feedback.map(\.digit) == [3])
            let dataset = try await curl([], "/datasets/small+feedback", port: port)
            #expect(dataset.text.contains("\"feedback\":[0,0,0,1,0,0,0,0,0,0]"))
            let delete = ["-X", "DELETE"]
            let taken = try await curl(delete, "/feedback/\(list.feedback[0].id)", port: port)
            #expect((taken.status, taken.body) == (204, []))
            #expect(try await curl([], "/feedback", port: port).text == "{\"feedback\":[],\"next\":null}\n")
            #expect(try await curl(delete, "/datasets/small", port: port).status == 204)
            #expect(try await curl([], "/datasets/small", port: port).status == 404)
            #expect(try await curl(delete, "/datasets/synthetic", port: port).status == 409)
        }
    }

    @Test("a client that has the experiment as it is gets 304 and no body")
    func notModified() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let tag = try #require(try await fixture.get(experiment.path).headers["ETag"])
        try await withServer(fixture.router) { port in
            let reply = try await curl(["--include", "-H", "If-None-Match: \(tag)"], experiment.path, port: port)
            #expect(reply.status == 304)
            #expect(reply.text.contains("ETag: \(tag)\r\n"))
            #expect(reply.text.hasSuffix("\r\n\r\n"))
        }
    }
}
