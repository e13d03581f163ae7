import Foundation
import HTTPServing
import Logging
import Synchronization
import Testing

@testable import Experiments

/// What of experiments goes to the log.
@Suite struct ExperimentGateTests {
    /// Keeps what is logged.
    private final class Records: Sendable {
        private let lines = Mutex<[String]>([])

        func append(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private struct RecordingHandler: LogHandler {
        let records: Records
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let metadata = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            records.append("\(event.level) \(event.message) \(metadata.joined(separator: " "))")
        }
    }

    private func fixture(
        limits: ExperimentStore.Limits = ExperimentStore.Limits(), listenerLimit: Int = 4, _ records: Records
    ) async throws -> ExperimentFixture {
        try await ExperimentFixture(
            limits: limits, listenerLimit: listenerLimit, logger: Logger(label: "test") { _ in RecordingHandler(records: records) })
    }

    @Test("what goes wrong here is in the log with the request's id and the reason, which the client is not told")
    func ours() async throws {
        let records = Records()
        let fixture = try await fixture(records)
        let path = fixture.store.folder.datasetPath(sha256: ExperimentFixture.rows.sha256)
        try FileManager.default.removeItem(atPath: path)
        let problem = try await fixture.answer(.post, "/experiments", body: ExperimentFixture.request).decoded(Problem.self)
        #expect(!problem.detail.contains(path))
        let line = try #require(records.all.first)
        #expect(records.all.count == 1)
        #expect(line.hasPrefix("error experiments failed reason=\(path): "))
        #expect(line.hasSuffix(" request=\(problem.requestId)"))
    }

    @Test("what clients do wrong, and bounds that they reach, do not fill the log")
    func theirs() async throws {
        let records = Records()
        var limits = ExperimentStore.Limits()
        limits.feedbackCount = 0
        limits.queuedExperimentCount = 1
        let fixture = try await fixture(limits: limits, listenerLimit: 0, records)
        let experiment = try await fixture.submit()
        #expect(try await fixture.answer(.post, "/experiments", body: ExperimentFixture.request).status == 429)
        #expect(try await fixture.answer(.post, "/experiments", body: "{").status == .badRequest)
        #expect(try await fixture.answer(.delete, experiment.path).status == .conflict)
        #expect(try await fixture.get(experiment.path + "/events").status == .serviceUnavailable)
        #expect(try await fixture.answer(.post, "/feedback?digit=1", body: Ink.hexadecimal(1)).status == 507)
        #expect(try await fixture.get("/experiments/1").status == .notFound)
        #expect(records.all == [])
    }
}
