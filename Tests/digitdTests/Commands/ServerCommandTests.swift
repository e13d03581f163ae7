import Classifiers
import DigitAPI
import Digits
import Foundation
import HTTPServing
import JSONText
import Testing

@testable import DigitClient
@testable import digitd

@Suite(
    "Commands that ask a server for models and what they are trained on",
    .enabled(if: ServeProcess.executable != nil, "digitd was not built beside the tests"), .timeLimit(.minutes(10)))
struct ServerCommandTests {
    private let folder: ServeTestFolder

    init() throws {
        folder = try ServeTestFolder()
    }

    /// What a command printed, after it ended with this code.
    private func printed(_ words: String, _ address: ServerAddress, status: Int32 = 0) async throws -> String {
        let arguments = words.split(separator: " ").map(String.init)
        let process = try ServeProcess(
            command: arguments[0], Array(arguments.dropFirst()), environment: [ServerOptions.variable: address.description],
            folder: folder.path)
        #expect(try await process.exit() == status, "\(words): \(process.errorText)")
        return process.outputText
    }

    private static func json(_ value: some Encodable) -> HTTPResponse {
        ExperimentServer.json((try? JSONWriter.text(of: value)) ?? "")
    }

    private static let model = ModelDescription(
        name: .svm, version: 2, active: true, versions: [1, 2], experiment: nil, created: nil, isDefault: true,
        reason: "more accurate\u{202E}", parameters: ParameterValues(), classes: [0, 1],
        accuracy: .init(mean: 0.9611, standardDeviation: 0.0119, folds: 10),
        dataset: .init(name: "semeion", sha256: "a9b2", rows: 1593), seed: 0, digitdVersion: "0.1.0",
        trainingReport: TrainingReport(), links: .init(address: "/", version: "/", activate: "/", report: nil, predict: nil))
    private static let choice = DefaultModel(model: .svm, pinned: true, reason: "somebody pinned it")

    @Test("models are listed with the default and why, activated, pinned, withdrawn and audited")
    func models() async throws {
        let change = ModelChangeDescription(
            action: "promoted", from: .init(name: .svm, version: 1), to: .init(name: .svm, version: 2), reason: "more accurate",
            time: "2026-11-25T10:00:00Z")
        try await withExperimentServer({ server in
            [
                server.route(.get, "/models") { _, _ in Self.json(ModelList(default: Self.choice, models: [Self.model])) },
                server.route(.post, "/models/{name}/versions/{version}/activate") { _, _ in Self.json(Self.model) },
                server.route(.post, "/models/{name}/withdraw") { _, _ in Self.json(ModelList(default: Self.choice, models: [Self.model])) },
                server.route(.put, "/models/default") { _, _ in Self.json(Self.choice) },
                server.route(.get, "/models/audit") { request, _ in
                    Self.json(ModelAudit(changes: [change], next: request.query("cursor") == nil ? "/models/audit?cursor=1" : nil))
                },
            ]
        }) { server, address in
            let list = try await printed("models list", address)
            #expect(
                list == #"""
                    model  version  versions        accuracy  data set            in service since
                    -----  -------  --------  --------------  ------------------  ---------------------
                    svm          2  1 2       96.11 ± 1.19 %  semeion, 1593 rows  more accurate\u{202E}
                    default: svm, pinned: somebody pinned it

                    """#)
            #expect(try await printed("models activate svm 2", address) == "svm version 2 is in service\n")
            #expect(try await printed("models default svm", address) == "default: svm, pinned: somebody pinned it\n")
            #expect(try await printed("models default --unpin", address).hasPrefix("default: svm"))
            #expect(try await printed("models withdraw adaboost", address) == "adaboost is out of service; in service are svm\n")
            let audit = try await printed("models audit --limit 2", address)
            #expect(audit.split(separator: "\n").count == 4)
            #expect(audit.hasSuffix("2026-11-25T10:00:00Z  promoted  svm 1  svm 2  more accurate\n"))
            #expect(
                server.requests.map(\.request) == [
                    "GET /models", "POST /models/svm/versions/2/activate", "PUT /models/default", "PUT /models/default",
                    "POST /models/adaboost/withdraw", "GET /models/audit", "GET /models/audit",
                ])
            #expect(server.requests[2...3].map(\.body) == ["{\"model\":\"svm\"}\n", "{\"model\":null}\n"])
            _ = try await printed("models default svm --unpin", address, status: 64)
            _ = try await printed("models activate abacus 1", address, status: 64)
        }
    }

    @Test("data sets are listed, uploaded packed from any file, and deleted")
    func datasets() async throws {
        let dataset = SyntheticDigits.dataset(rowCount: 12, seed: 0)
        let description = DatasetDescription(
            name: "mine", rows: 12, sha256: dataset.sha256, digits: dataset.digitCounts, feedback: nil, builtIn: false,
            created: "2026-11-25T10:00:00Z")
        let faulty = DatasetDescription(
            name: "torn", rows: 2, sha256: dataset.sha256, digits: dataset.digitCounts, feedback: nil, builtIn: false,
            created: "2026-11-25T10:00:00Z", fault: "the rows cannot be read")
        try await withExperimentServer({ server in
            [
                server.route(.get, "/datasets") { _, _ in Self.json(DatasetList(datasets: [description, faulty])) },
                server.route(.put, "/datasets/{name}") { request, _ in
                    let rows = try? DigitDataset(name: "mine", bytes: request.body.span, format: .packed)
                    return rows?.sha256 == dataset.sha256 ? Self.json(description) : .text("", status: .badRequest)
                },
                server.route(.delete, "/datasets/{name}") { _, _ in HTTPResponse(status: .noContent) },
            ]
        }) { server, address in
            let list = try await printed("datasets list", address)
            #expect(list.contains("mine    12  2 2 1 1 1 1 1 1 1 1"))
            #expect(list.hasSuffix("\ntorn: the rows cannot be read\n"))
            try folder.write(String(decoding: dataset.encoded(as: .csv), as: UTF8.self), to: "mine.csv")
            #expect(try await printed("datasets upload mine mine.csv", address) == "mine: 12 rows, SHA-256 \(dataset.sha256)\n")
            #expect(try await printed("datasets delete mine", address) == "deleted mine\n")
            #expect(server.requests.map(\.request) == ["GET /datasets", "PUT /datasets/mine", "DELETE /datasets/mine"])
        }
    }

    @Test("feedback is listed, given from what predict reads, and taken back")
    func feedback() async throws {
        let bitmap = "07f03f38e018003800300030003000771fff3e60006000600060006000600040"
        try await withExperimentServer({ server in
            [
                server.route(.get, "/feedback") { _, _ in
                    let digit = FeedbackDescription(id: 12, bitmap: bitmap, digit: 7, time: "2026-11-25T10:00:00Z")
                    return Self.json(FeedbackList(feedback: [digit], next: nil))
                },
                server.route(.post, "/feedback") { _, _ in Self.json(FeedbackAnswer(accepted: 2, total: 5)) },
                server.route(.delete, "/feedback/{id}") { _, _ in HTTPResponse(status: .noContent) },
            ]
        }) { server, address in
            try folder.write("\(bitmap)\n\(String(repeating: "0", count: 64))\n", to: "two")
            #expect(try await printed("feedback list", address).hasSuffix("12      7  2026-11-25T10:00:00Z  \(bitmap)\n"))
            #expect(try await printed("feedback list --draw", address).hasPrefix("12: 7, 2026-11-25T10:00:00Z\n"))
            #expect(try await printed("feedback add 7 two --replace", address) == "2 given; the server keeps 5\n")
            #expect(try await printed("feedback delete 12", address) == "deleted 12\n")
            #expect(
                server.requests.map(\.request) == ["GET /feedback", "GET /feedback", "POST /feedback", "DELETE /feedback/12"])
            #expect(
                server.requests[2].body
                    == "{\"bitmaps\":[\"\(bitmap)\",\"\(String(repeating: "0", count: 64))\"],\"digits\":[7,7],\"replace\":true}\n")
            _ = try await printed("feedback add 10 two", address, status: 64)
        }
    }
}
