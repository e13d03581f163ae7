import DigitAPI
import DigitService
import Digits
import Foundation
import HTTPServing
import TestData
import Testing

@testable import Experiments

/// `/datasets`.
@Suite struct DatasetEndpointsTests {
    /// Three rows, two of them of one digit.
    static let rows = SyntheticDigits.dataset(rowCount: 12, seed: 1).selecting(rows: [2, 7, 2], name: "three")
    static let otherRows = SyntheticDigits.dataset(rowCount: 12, seed: 1).selecting(rows: [0, 1], name: "two")
    static let octets = "application/octet-stream"
    private static let created = "2026-05-30T12:00:00.123Z"

    func fixture() async throws -> ExperimentFixture {
        try await ExperimentFixture(clock: { Timestamp(milliseconds: 1_780_142_400_123) })
    }

    func put(
        _ fixture: ExperimentFixture, _ name: String, _ body: [UInt8], type: String? = nil
    ) async throws -> Answer {
        try await fixture.router.answer(
            HTTPRequest(.put, "/datasets/" + name, headers: type.map { ["Content-Type": $0] } ?? [:], body: body))
    }

    private func description(_ name: String) -> String {
        """
        {"builtIn":false,"created":"\(DatasetEndpointsTests.created)","digits":[0,0,2,0,0,0,0,1,0,0],"fault":null,"feedback":null,\
        "name":"\(name)","rows":3,\
        "sha256":"\(DatasetEndpointsTests.rows.sha256)"}
        """
    }

    /// Files of rows in the state folder.
    func files(_ fixture: ExperimentFixture) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: fixture.store.folder.path + "/datasets"))
    }

    struct Form: CustomTestStringConvertible {
        let type: String?
        let format: DatasetFormat
        var testDescription: String { "\(format) as \(type ?? "no type")" }
    }

    static let forms = [
        Form(type: "text/csv", format: .csv), Form(type: "Text/CSV; header=present", format: .csv), Form(type: nil, format: .csv),
        Form(type: "text/plain", format: .semeion), Form(type: "", format: .semeion),
        Form(type: "application/octet-stream", format: .packed), Form(type: "application/x-www-form-urlencoded", format: .csv),
    ]

    @Test("an upload is stored and described, in each format, with its type said or not", arguments: forms)
    func uploaded(form: Form) async throws {
        let fixture = try await fixture()
        let answer = try await put(fixture, "my_rows-2.x", DatasetEndpointsTests.rows.encoded(as: form.format), type: form.type)
        #expect(answer.status == .created)
        #expect(answer.headers["Location"] == "/datasets/my_rows-2.x")
        #expect(answer.headers["Content-Type"] == "application/json")
        #expect(answer.text == description("my_rows-2.x") + "\n")
        #expect(try await fixture.get("/datasets/my_rows-2.x").body == answer.body)
    }

    @Test("packed rows need their type", arguments: [nil, "application/x-www-form-urlencoded"])
    func untyped(type: String?) async throws {
        let fixture = try await fixture()
        let answer = try await put(fixture, "rows", DatasetEndpointsTests.rows.encoded(as: .packed), type: type)
        #expect(answer.status == .unsupportedMediaType)
        #expect(
            try answer.decoded(Problem.self).detail
                == "expected a text, or packed bytes of type application/octet-stream, found other bytes of no type said")
        #expect(answer.headers["Accept"] == "text/csv, text/plain, application/octet-stream")
        #expect(try await fixture.get("/datasets/rows").status == .notFound)
    }

    @Test("an upload under a name that is there takes its place, and earlier experiments keep their rows")
    func replaced() async throws {
        let fixture = try await fixture()
        let experiment = try await fixture.submit()
        let answer = try await put(fixture, "small", DatasetEndpointsTests.rows.encoded(as: .packed), type: DatasetEndpointsTests.octets)
        #expect(answer.status == .ok)
        #expect(answer.headers["Location"] == "/datasets/small")
        #expect(answer.text == description("small") + "\n")
        #expect(try await fixture.get("/datasets/small").body == answer.body)
        #expect(try await fixture.get(experiment.path).text.contains("\"sha256\":\"\(ExperimentFixture.rows.sha256)\""))
        #expect(try await fixture.get(experiment.path + "/report").status == .ok)
    }

    @Test("the same rows again are the same data set")
    func again() async throws {
        let fixture = try await fixture()
        let first = try await put(fixture, "a", DatasetEndpointsTests.rows.encoded(as: .csv))
        let second = try await put(fixture, "a", DatasetEndpointsTests.rows.encoded(as: .packed), type: DatasetEndpointsTests.octets)
        #expect(second.status == .ok)
        #expect(second.body == first.body)
        #expect(try files(fixture) == ["\(DatasetEndpointsTests.rows.sha256).bin", "\(ExperimentFixture.rows.sha256).bin"])
    }

    struct List: Decodable {
        struct Entry: Decodable, Equatable {
            let name: String
            let rows: Int
            let builtIn: Bool
            let created: String?
        }

        let datasets: [Entry]
    }

    @Test("the list has what is always there first, then uploads by name; Semeion only where its file is")
    func list() async throws {
        let fixture = try await fixture()
        _ = try await put(fixture, "zeros", DatasetEndpointsTests.otherRows.encoded(as: .packed), type: DatasetEndpointsTests.octets)
        _ = try await put(fixture, "all", DatasetEndpointsTests.rows.encoded(as: .packed), type: DatasetEndpointsTests.octets)
        let answer = try await fixture.get("/datasets")
        #expect(answer.status == .ok)
        let created = DatasetEndpointsTests.created
        #expect(
            try answer.decoded(List.self).datasets == [
                List.Entry(name: "synthetic", rows: 1593, builtIn: true, created: nil),
                List.Entry(name: "all", rows: 3, builtIn: false, created: created),
                List.Entry(name: "small", rows: 40, builtIn: false, created: created),
                List.Entry(name: "zeros", rows: 2, builtIn: false, created: created),
            ])
        #expect(answer.text.contains("\"builtIn\":true,\"created\":null,\"digits\":[160,160,160,159,159,159,159,159,159,159]"))
        #expect(answer.text.contains(description("all")))
        let semeion = try await fixture.get("/datasets/semeion")
        #expect(semeion.status == .notFound)
        #expect(try semeion.decoded(Problem.self).detail.hasSuffix("semeion.data is not there; scripts/fetch-semeion gets it"))
    }

    @Test("Semeion is known by its rows", .enabled(if: TestData.semeionIsAvailable))
    func semeion() async throws {
        let rows = try TestData.semeion()
        let fixture = try await fixture()
        try Data(rows.encoded(as: .packed)).write(to: URL(filePath: fixture.store.folder.datasetPath(sha256: rows.sha256)))
        #expect(
            try await fixture.get("/datasets/semeion").text == """
                {"builtIn":true,"created":null,"digits":[161,162,159,159,161,159,161,158,155,158],"fault":null,"feedback":null,\
                "name":"semeion","rows":1593,\
                "sha256":"\(rows.sha256)"}

                """)
        #expect(try await fixture.get("/datasets").decoded(List.self).datasets.map(\.name) == ["semeion", "synthetic", "small"])
    }

    @Test("a file that should be Semeion's and is not is told when it is asked for, and does not hide the other data sets")
    func brokenSemeion() async throws {
        let fixture = try await fixture()
        try Data(Ink.semeionRow(3).utf8.dropLast(10)).write(to: URL(filePath: fixture.semeionPath))
        #expect(try await fixture.get("/datasets").decoded(List.self).datasets.map(\.name) == ["synthetic", "small"])
        let torn = try await fixture.get("/datasets/semeion")
        #expect(torn.status == .notFound)
        #expect(
            try torn.decoded(Problem.self).detail
                == "there is no data set 'semeion': \(fixture.semeionPath): expected 266 values in line 1, found 262")
        try Data(Ink.semeionRow(3).utf8).write(to: URL(filePath: fixture.semeionPath))
        #expect(
            try await fixture.get("/datasets/semeion").decoded(Problem.self).detail
                == "there is no data set 'semeion': \(fixture.semeionPath) holds other rows than Semeion's")
    }

    struct Refusal: CustomStringConvertible {
        let type: String?
        let body: [UInt8]
        let detail: String
        var description: String { detail }

        init(_ type: String?, _ body: String, _ detail: String) { (self.type, self.body, self.detail) = (type, Array(body.utf8), detail) }
        init(_ type: String?, _ body: [UInt8], _ detail: String) { (self.type, self.body, self.detail) = (type, body, detail) }
    }

    private static let pixels = String(repeating: "1,", count: 256)
    private static let good = pixels + "7\n"

    static let refusals = [
        Refusal(nil, "", "expected a data set, found no rows"),
        Refusal("text/csv", "\n \n", "expected a data set, found no rows"),
        Refusal("text/csv", good + good + pixels + "11\n", "expected a label from 0 to 9 at line 3, column 513, found '11'"),
        Refusal("text/csv", good + pixels + "-1\n", "expected a label from 0 to 9 at line 2, column 513, found '-1'"),
        Refusal("text/csv", good + "2" + good.dropFirst(), "expected 0 or 1 at line 2, column 1, found '2'"),
        Refusal("text/csv", good + "\n" + pixels.dropLast() + "\n", "expected 257 values in line 3, found 256"),
        Refusal("text/csv", good + pixels + "7,7\n", "expected 257 values in line 2, found 258"),
        Refusal(
            "text/plain", Ink.semeionRow(3) + Ink.semeionRow(3, indicators: false),
            "expected 266 values in line 2, found 256"),
        Refusal(
            "text/plain", Ink.semeionRow(3).replacing("0 0 1 0", with: "0 1 1 0"),
            "expected exactly one 1 among the last 10 values of line 1, found 2"),
        Refusal("application/octet-stream", [UInt8](repeating: 0, count: 34), "expected 33 bytes a row, found 34 bytes, 1 past row 1"),
        Refusal(
            "application/octet-stream", [UInt8](repeating: 0, count: 65) + [10], "expected a label from 0 to 9 in row 1, found 10"),
    ]

    @Test("an upload with a wrong row is refused with line and reason, and nothing is stored")
    func wrongRow() async throws {
        let fixture = try await fixture()
        let before = try await fixture.get("/datasets").body
        for refusal in DatasetEndpointsTests.refusals {
            for name in ["fresh", "small"] {
                let answer = try await put(fixture, name, refusal.body, type: refusal.type)
                #expect(answer.status == .badRequest, "\(refusal)")
                let problem = try answer.decoded(Problem.self)
                #expect(problem.type == "urn:digitd:problem:malformed-dataset", "\(refusal)")
                #expect(problem.title == "The body holds no data set")
                #expect(problem.detail == refusal.detail)
            }
        }
        #expect(try await fixture.get("/datasets").body == before)
        #expect(try await fixture.get("/datasets/fresh").status == .notFound)
        #expect(try files(fixture) == ["\(ExperimentFixture.rows.sha256).bin"])
    }

    private static let expectedName = "1 to 64 of a-z, 0-9, '-', '_' and '.', the first a letter or a digit"

    @Test("a name that could leave its folder, or is none, is refused, and nothing is stored")
    func badName() async throws {
        let fixture = try await fixture()
        let names = [
            ("..", ".."), ("..%2F..%2Fetc%2Fpasswd", "../../etc/passwd"), (".hidden", ".hidden"), ("a%2Fb", "a/b"), ("a%5Cb", "a\\b"),
            ("A", "A"), ("-a", "-a"), ("a%20b", "a b"), ("%C3%A9", "é"), ("small+feedback", "small+feedback"),
            (String(repeating: "a", count: 65), String(repeating: "a", count: 65)),
        ]
        for (segment, name) in names {
            let answer = try await put(
                fixture, segment, DatasetEndpointsTests.rows.encoded(as: .packed), type: DatasetEndpointsTests.octets)
            #expect(answer.status == .badRequest, "\(segment)")
            let problem = try answer.decoded(Problem.self)
            #expect(problem.type == "urn:digitd:problem:malformed-field")
            #expect(problem.detail == "name: expected \(DatasetEndpointsTests.expectedName), found '\(name)'")
            // `GET` shows a data set with its feedback, which nothing takes the place of.
            for method in name == "small+feedback" ? [HTTPMethod.delete] : [.get, .delete] {
                let asked = try await fixture.answer(method, "/datasets/" + segment)
                #expect(asked.status == .notFound, "\(method) \(segment)")
                #expect(
                    try asked.decoded(Problem.self).detail
                        == "there is no data set '\(name)': a name is \(DatasetEndpointsTests.expectedName)")
            }
        }
        #expect(try files(fixture) == ["\(ExperimentFixture.rows.sha256).bin"])
    }

    @Test("the longest name is 64 characters")
    func longestName() async throws {
        let fixture = try await fixture()
        let name = String(repeating: "a", count: 64)
        #expect(
            try await put(fixture, name, DatasetEndpointsTests.rows.encoded(as: .packed), type: DatasetEndpointsTests.octets).status
                == .created)
        #expect(try await fixture.get("/datasets/" + name).status == .ok)
    }

    @Test("a path without a name is none, and more than a name is none", arguments: ["", "a/b", "../small"])
    func noName(rest: String) async throws {
        let answer = try await put(
            try await fixture(), rest, DatasetEndpointsTests.rows.encoded(as: .packed), type: DatasetEndpointsTests.octets)
        #expect(answer.status == .notFound)
        #expect(try answer.decoded(Problem.self).type == "urn:digitd:problem:not-found")
    }

    @Test("data sets that digitd brings along are not replaced", arguments: ["semeion", "synthetic"])
    func reserved(name: String) async throws {
        let fixture = try await fixture()
        let answer = try await put(fixture, name, DatasetEndpointsTests.rows.encoded(as: .packed), type: DatasetEndpointsTests.octets)
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .conflict)
        #expect(problem.type == "urn:digitd:problem:reserved-name")
        #expect(problem.detail == "'\(name)' is a data set that digitd brings along; expected another name")
        #expect(try files(fixture) == ["\(ExperimentFixture.rows.sha256).bin"])
    }

    @Test("another content type is 415", arguments: ["application/json", "text/html", "application/zip"])
    func unsupportedMediaType(type: String) async throws {
        let fixture = try await fixture()
        let answer = try await put(fixture, "a", DatasetEndpointsTests.rows.encoded(as: .csv), type: type)
        #expect(answer.status == .unsupportedMediaType)
        #expect(answer.headers["Accept"] == "text/csv, text/plain, application/octet-stream")
        #expect(
            try answer.decoded(Problem.self).detail
                == "expected a body of type text/csv, text/plain or application/octet-stream, or of no type said, found '\(type)'")
        #expect(try await fixture.get("/datasets/a").status == .notFound)
    }

    @Test("a type is believed: bytes of another format are refused")
    func declaredType() async throws {
        let answer = try await put(try await fixture(), "a", DatasetEndpointsTests.rows.encoded(as: .csv), type: "text/plain")
        #expect(answer.status == .badRequest)
    }

    @Test("a data set with feedback says how many of which digit that adds, and is what an experiment on it gets")
    func feedback() async throws {
        let fixture = try await fixture()
        let plain = try await fixture.get("/datasets/small").decoded(DatasetDescription.self)
        #expect(plain.digits == [Int](repeating: 4, count: 10))
        #expect(plain.feedback == nil)
        let none = try await fixture.get("/datasets/small+feedback").decoded(DatasetDescription.self)
        #expect(none.feedback == [Int](repeating: 0, count: 10))
        #expect((none.rows, none.sha256) == (40, plain.sha256))
        for (ink, digit) in [(1, 7), (2, 7), (3, 0)] {
            _ = try await fixture.answer(
                .post, "/feedback", body: "{\"bitmap\":\"\(Ink.hexadecimal(ink))\",\"digit\":\(digit)}")
        }
        let answer = try await fixture.get("/datasets/small+feedback")
        let described = try answer.decoded(DatasetDescription.self)
        #expect(described.name == "small+feedback")
        #expect(described.feedback == [1, 0, 0, 0, 0, 0, 0, 2, 0, 0])
        #expect(described.digits == [5, 4, 4, 4, 4, 4, 4, 6, 4, 4])
        #expect(described.rows == 43)
        #expect(!described.builtIn)
        #expect(described.created == DatasetEndpointsTests.created)
        #expect(try await fixture.get("/datasets/small%2Bfeedback").body == answer.body)
        let experiment = try await fixture.submit(ExperimentFixture.request.replacing("\"small\"", with: "\"small+feedback\""))
        #expect((experiment.dataset.rows, experiment.dataset.sha256) == (43, described.sha256))
        #expect(try await fixture.get("/datasets").decoded(List.self).datasets.map(\.name) == ["synthetic", "small"])
        let builtIn = try await fixture.get("/datasets/synthetic+feedback").decoded(DatasetDescription.self)
        #expect(builtIn.builtIn)
        #expect(builtIn.created == nil)
        #expect(builtIn.feedback == described.feedback)
    }

    @Test("feedback behind a data set that is not there is none", arguments: ["none+feedback", "semeion+feedback"])
    func feedbackWithoutDataset(name: String) async throws {
        let answer = try await (try await fixture()).get("/datasets/" + name)
        #expect(answer.status == .notFound)
        #expect(try answer.decoded(Problem.self).type == "urn:digitd:problem:unknown-dataset")
    }

    // MARK: Deleting

    @Test("data sets that digitd brings along are not deleted", arguments: ["semeion", "synthetic"])
    func reservedFromDeletion(name: String) async throws {
        let fixture = try await fixture()
        let answer = try await fixture.answer(.delete, "/datasets/" + name)
        #expect(answer.status == .conflict)
        #expect(try answer.decoded(Problem.self).type == "urn:digitd:problem:reserved-name")
        #expect(try await fixture.get("/datasets/synthetic").status == .ok)
    }
}
