import HTTPServing
import TestData
import Testing

@testable import Experiments

/// What requests demand of what they change: RFC 9110, section 13.
@Suite struct PreconditionTests {
    private static let octets = "application/octet-stream"

    private func put(_ fixture: ExperimentFixture, _ name: String, _ rows: [UInt8], _ precondition: (String, String)? = nil) async throws
        -> Answer
    {
        var headers: HTTPHeaders = ["Content-Type": PreconditionTests.octets]
        if let (name, value) = precondition { headers.add(name, value) }
        return try await fixture.router.answer(HTTPRequest(.put, "/datasets/" + name, headers: headers, body: rows))
    }

    /// Rows of packed digits that differ in their number.
    private static func rows(_ count: Int) -> [UInt8] { (0..<count).flatMap { Ink.packed($0) + [UInt8($0 % 10)] } }

    private func tag(_ fixture: ExperimentFixture, _ path: String) async throws -> String {
        try #require(try await fixture.get(path).headers["ETag"])
    }

    @Test("If-None-Match: * creates and does not overwrite")
    func createOnly() async throws {
        let fixture = try await ExperimentFixture()
        #expect(try await put(fixture, "rows", PreconditionTests.rows(2), ("If-None-Match", "*")).status == .created)
        let second = try await put(fixture, "rows", PreconditionTests.rows(3), ("If-None-Match", "*"))
        #expect(second.status == .preconditionFailed)
        let problem = try second.decoded(Problem.self)
        #expect(problem.type == "urn:digitd:problem:precondition-failed")
        let tag = try await tag(fixture, "/datasets/rows")
        #expect(problem.detail == "If-None-Match: expected something else here, found \(tag)")
        #expect(try await fixture.get("/datasets/rows").text.contains("\"rows\":2,"))
        #expect(try await put(fixture, "rows", PreconditionTests.rows(3), ("If-None-Match", tag)).status == .preconditionFailed)
        #expect(try await put(fixture, "rows", PreconditionTests.rows(3), ("If-None-Match", "\"other\"")).status == .ok)
        #expect(try await self.tag(fixture, "/datasets/rows") != tag)
    }

    @Test("If-Match overwrites and deletes only what the client has seen")
    func unchangedOnly() async throws {
        let fixture = try await ExperimentFixture()
        #expect(try await put(fixture, "rows", PreconditionTests.rows(2), ("If-Match", "*")).status == .preconditionFailed)
        #expect(try await fixture.get("/datasets/rows").status == .notFound)
        _ = try await put(fixture, "rows", PreconditionTests.rows(2))
        let first = try await tag(fixture, "/datasets/rows")
        #expect(try await put(fixture, "rows", PreconditionTests.rows(3), ("If-Match", "\"x\", \(first)")).status == .ok)
        for stale in [first, "\"x\"", "W/\(try await tag(fixture, "/datasets/rows"))"] {
            #expect(try await put(fixture, "rows", PreconditionTests.rows(4), ("If-Match", stale)).status == .preconditionFailed)
            let refused = try await fixture.answer(.delete, "/datasets/rows", headers: ["If-Match": stale])
            #expect(refused.status == .preconditionFailed)
        }
        #expect(try await fixture.get("/datasets/rows").text.contains("\"rows\":3,"))
        let current = try await tag(fixture, "/datasets/rows")
        #expect(try await fixture.answer(.delete, "/datasets/rows", headers: ["If-Match": current]).status == .noContent)
        #expect(try await fixture.get("/datasets/rows").status == .notFound)
    }

    @Test("of clients that all create a name at once, one does")
    func race() async throws {
        let fixture = try await ExperimentFixture()
        let created = try await withThrowingTaskGroup(of: Bool.self) { group in
            for count in 1...8 {
                group.addTask {
                    try await self.put(fixture, "rows", PreconditionTests.rows(1 + count), ("If-None-Match", "*")).status == .created
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(created == 1)
    }

    @Test("an experiment, feedback and the default model are deleted and changed only as the client knows them")
    func others() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        _ = try await fixture.answer(.post, experiment.path + "/cancel")
        #expect(try await fixture.answer(.delete, experiment.path, headers: ["If-Match": "\"x\""]).status == .preconditionFailed)
        let tag = try await tag(fixture, experiment.path)
        #expect(try await fixture.answer(.delete, experiment.path, headers: ["If-Match": tag]).status == .noContent)

        let body = "{\"bitmap\":\"\(Ink.hexadecimal(5))\",\"digit\":3}"
        #expect(try await fixture.answer(.post, "/feedback", body: body).status == .created)
        #expect(try await fixture.answer(.delete, "/feedback/1", headers: ["If-Match": "\"x\""]).status == .preconditionFailed)
        #expect(try await fixture.answer(.delete, "/feedback/1", headers: ["If-Match": "*"]).status == .noContent)

        let pin = "{\"model\":null}"
        #expect(try await fixture.answer(.put, "/models/default", headers: ["If-None-Match": "*"], body: pin).status == .preconditionFailed)
        #expect(try await fixture.answer(.put, "/models/default", headers: ["If-Match": "\"x\""], body: pin).status == .preconditionFailed)
        let current = try await self.tag(fixture, "/models/default")
        #expect(try await fixture.answer(.put, "/models/default", headers: ["If-Match": current], body: pin).status == .ok)
    }

    @Test("an answer that the client has is 304, without a length, and Accept is in Vary where it chooses")
    func overSocket() async throws {
        let fixture = try await ExperimentFixture()
        let tag = try await tag(fixture, "/datasets/small")
        try await withServer(fixture.router) { port in
            let known = try await curl(["--include", "-H", "If-None-Match: \(tag)"], "/datasets/small", port: port)
            #expect(known.status == 304)
            #expect(known.text.contains("ETag: \(tag)\r\n"))
            #expect(!known.text.lowercased().contains("content-length"))
            #expect(!known.text.lowercased().contains("transfer-encoding"))
            #expect(known.text.contains("Connection: close\r\n"))
            #expect(known.text.hasSuffix("\r\n\r\n"))
            let rows = ["--data-binary", "@-", "-X", "PUT", "-H", "Content-Type: application/octet-stream", "-H", "If-None-Match: *"]
            #expect(try await curl(rows, "/datasets/small", port: port, input: PreconditionTests.rows(2)).status == 412)
            #expect(try await curl(rows, "/datasets/new", port: port, input: PreconditionTests.rows(2)).status == 201)
            for accept in ["text/plain", "application/json"] {
                let answer = try await curl(["--include", "-H", "Accept: \(accept)", "-d", Ink.hexadecimal(3)], "/predict", port: port)
                #expect(answer.text.contains("Vary: Accept\r\n"))
            }
        }
    }

    @Test("a report says that Accept chooses its form", arguments: ["text/csv", "application/json"])
    func report(accept: String) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let answer = try await fixture.answer(.get, experiment.path + "/report", headers: ["Accept": accept])
        #expect(answer.status == .ok)
        #expect(answer.headers["Vary"] == "Accept")
        #expect(answer.headers["Content-Type"]?.hasPrefix(accept) == true)
    }
}
