import Classifiers
import DigitAPI
import Digits
import Foundation
import HTTPServing
import ModelFiles
import Testing

@testable import Experiments

/// Versions of models: what there is, putting one into service, and the way back.
@Suite struct ModelVersionsTests {
    private static let created = "2026-05-30T12:00:00.123Z"
    private static let name = "multinomial-naive-bayes"
    private static let path = "/models/" + name

    private func fixture() async throws -> ExperimentFixture {
        try await ExperimentFixture(clock: { Timestamp(milliseconds: 1_780_142_400_123) })
    }

    /// A model that knows zeros and ones alone.
    private static func model() throws -> MultinomialNaiveBayesModel {
        let rows = ExperimentFixture.rows.labels.indices.filter { ExperimentFixture.rows.labels[$0] < 2 }
        return try MultinomialNaiveBayesParameters(alpha: 0.5).fit(ExperimentFixture.rows, rows: rows, seed: 0)
    }

    /// What of a model's description tells which it is.
    private struct Described: Decodable, Equatable {
        let version: Int
        let versions: [Int]
        let experiment: String?
        let classes: [UInt8]
    }

    private func described(_ fixture: ExperimentFixture, _ path: String = path) async throws -> Described {
        try await fixture.get(path).decoded(Described.self)
    }

    private func activate(_ fixture: ExperimentFixture, _ version: String, of name: String = name) async throws -> Answer {
        try await fixture.answer(.post, "/models/\(name)/versions/\(version)/activate")
    }

    /// A row that says 7, as the model in service reads it.
    private func prediction(_ fixture: ExperimentFixture) async throws -> OnePrediction {
        try await fixture.answer(.post, "/predict?model=\(ModelVersionsTests.name)", body: ExperimentFixture.rows.bitmaps[7].hexadecimal)
            .decoded(OnePrediction.self)
    }

    @Test("a new version is listed and described; until it is activated the one before it serves")
    func stored() async throws {
        let fixture = try await fixture()
        let before = try await fixture.get(ModelVersionsTests.path + "/versions/1")
        #expect(try before.decoded(Described.self) == Described(version: 1, versions: [1], experiment: nil, classes: Array(0...9)))
        let made = try await fixture.experiment(making: try ModelVersionsTests.model())
        #expect(made.version == 2)
        #expect(
            try await described(fixture) == Described(version: 1, versions: [1, 2], experiment: nil, classes: Array(0...9)))
        #expect(try await prediction(fixture).model.version == 1)
        let answer = try await fixture.get(ModelVersionsTests.path + "/versions/2")
        #expect(answer.headers["Content-Type"] == "application/json")
        #expect(
            answer.text == """
                {"accuracy":{"folds":10,"mean":0.5,"standardDeviation":0.125},"active":false,"classes":[0,1],\
                "created":"\(ModelVersionsTests.created)","dataset":{"name":"synthetic","rows":200,\
                "sha256":"\(ServiceFixture.dataset.sha256)"},"default":false,"digitdVersion":"9.8.7","experiment":"\(made.experiment.id)",\
                "links":{"activate":"/models/multinomial-naive-bayes/versions/2/activate","predict":null,"report":null,\
                "self":"/models/multinomial-naive-bayes/versions/2","version":"/models/multinomial-naive-bayes/versions/2"},\
                "name":"multinomial-naive-bayes","parameters":{"alpha":0.5,"fit_prior":true},"reason":null,"seed":42,\
                "trainingReport":{"converged":true,"measures":{}},"version":2,"versions":[1,2]}

                """)
    }

    @Test("an experiment tells what became of its models")
    func decisions() async throws {
        let fixture = try await fixture()
        let made = try await fixture.experiment(making: try ModelVersionsTests.model())
        #expect(
            try await fixture.get(made.experiment.path).text.contains(
                """
                "models":[{"accuracy":0.975,"classifier":"multinomial-naive-bayes","comparison":null,"decision":"version 2 stored",\
                "promoted":false,"version":2}]
                """))
        #expect(
            try await fixture.get(made.experiment.path + "/events").text.contains(
                "event: notice\ndata: {\"message\":\"multinomial-naive-bayes: version 2 stored\"}\n\n"))
    }

    @Test("an activated version answers from the next request on, and its description says so")
    func activated() async throws {
        let fixture = try await fixture()
        let made = try await fixture.experiment(making: try ModelVersionsTests.model())
        let before = try await prediction(fixture)
        let answer = try await activate(fixture, "2")
        #expect(answer.status == .ok)
        #expect(answer.headers["Content-Type"] == "application/json")
        #expect(
            try answer.decoded(Described.self)
                == Described(version: 2, versions: [1, 2], experiment: made.experiment.id.description, classes: [0, 1]))
        #expect(try await fixture.get(ModelVersionsTests.path).body == answer.body)
        #expect(
            try await fixture.get(ModelVersionsTests.path + "/versions/2").text
                == answer.text.replacing(
                    "\"self\":\"\(ModelVersionsTests.path)\"", with: "\"self\":\"\(ModelVersionsTests.path)/versions/2\""))
        let after = try await prediction(fixture)
        #expect(before.model.version == 1)
        #expect(before.digit == 7)
        #expect(after.model == OnePrediction.Model(name: ModelVersionsTests.name, version: 2))
        #expect(after.digit == (try ModelVersionsTests.model().prediction(for: ExperimentFixture.rows.bitmaps[7]).digit))
        #expect(after.digit < 2)
        // The other model has not changed.
        #expect(try await described(fixture, "/models/random-forest").version == 1)
    }

    @Test("a model that digitd brings along is described also while another version serves, and is the way back")
    func wayBack() async throws {
        let fixture = try await fixture()
        let shipped = try await fixture.get(ModelVersionsTests.path).text
        _ = try await fixture.experiment(making: try ModelVersionsTests.model())
        let withVersion = try await fixture.get(ModelVersionsTests.path).text
        #expect(withVersion == shipped.replacing("\"versions\":[1]", with: "\"versions\":[1,2]"))
        let described = try await fixture.get(ModelVersionsTests.path + "/versions/1").text
        #expect(
            described
                == withVersion.replacing(
                    "\"self\":\"\(ModelVersionsTests.path)\"", with: "\"self\":\"\(ModelVersionsTests.path)/versions/1\""))
        _ = try await activate(fixture, "2")
        #expect(
            try await fixture.get(ModelVersionsTests.path + "/versions/1").text
                == described.replacing("\"active\":true", with: "\"active\":false")
                .replacing("\"predict\":\"/predict?model=multinomial-naive-bayes\"", with: "\"predict\":null")
                .replacing("\"report\":\"/models/multinomial-naive-bayes/report\"", with: "\"report\":null")
                .replacing("\"reason\":\"\(LoadedModel.shippedReason)\"", with: "\"reason\":null"))
        let back = try await activate(fixture, "1")
        #expect(back.status == .ok)
        #expect(
            back.text.replacing(/"reason":"requested by [^"]*"/, with: "\"reason\":\"\(LoadedModel.shippedReason)\"") == withVersion)
        #expect(try await prediction(fixture).digit == 7)
    }

    @Test("every activation is in the audit, with who asked for it")
    func audit() async throws {
        let fixture = try await fixture()
        let made = try await fixture.experiment(making: try ModelVersionsTests.model(), promote: .always)
        var reasons = ["experiment \(made.experiment.id): version 2 put into service: promotion was asked for"]
        for version in [1, 2] {
            let request = HTTPRequest(
                .post, "/models/multinomial-naive-bayes/versions/\(version)/activate", remoteAddress: "192.0.2.\(version)")
            reasons.append("requested by 192.0.2.\(version), request \(request.id)")
            #expect(try await fixture.router.answer(request).status == .ok)
        }
        reasons.insert("experiment \(made.experiment.id)", at: 0)
        let audit = try await fixture.get("/models/audit").decoded(ModelAudit.self)
        #expect(audit.changes.map(\.action) == ["activated", "activated", "promoted", "stored"])
        #expect(audit.changes.map(\.to?.version) == [2, 1, 2, 2])
        #expect(audit.changes.map(\.from?.version) == [1, 2, nil, nil])
        #expect(audit.changes.map(\.reason) == reasons.reversed())
        #expect(audit.changes.allSatisfy { $0.to?.name == .multinomialNaiveBayes && $0.time == ModelVersionsTests.created })
        #expect(audit.next == nil)
        let newest = try await fixture.get("/models/audit?limit=3").decoded(ModelAudit.self)
        #expect(newest.changes == Array(audit.changes.prefix(3)))
        let oldest = try await fixture.get(try #require(newest.next)).decoded(ModelAudit.self)
        #expect(oldest.changes == Array(audit.changes.suffix(1)))
        #expect(oldest.next == nil)
    }

    @Test("the default can be pinned, which outlives what is measured, and unpinned; each is in the audit")
    func pinnedDefault() async throws {
        let fixture = try await fixture()
        #expect(try await fixture.get("/models/default").decoded(DefaultModel.self).model == .randomForest)
        let request = HTTPRequest(
            .put, "/models/default", headers: ["Content-Type": "application/json"],
            body: Array(#"{"model":"multinomial-naive-bayes"}"#.utf8),
            remoteAddress: "192.0.2.7")
        let reason = "requested by 192.0.2.7, request \(request.id)"
        let pinned = try await fixture.router.answer(request)
        #expect(pinned.status == .ok)
        #expect(
            try pinned.decoded(DefaultModel.self)
                == DefaultModel(model: .multinomialNaiveBayes, pinned: true, reason: reason))
        #expect(try await fixture.get("/models/default").body == pinned.body)
        #expect(try await prediction(fixture).model.name == "multinomial-naive-bayes")
        let list = try await fixture.get("/models").decoded(ModelList.self)
        #expect(list.default == .multinomialNaiveBayes && list.defaultPinned && list.defaultReason == reason)
        #expect(try fixture.store.modelChanges(before: nil, limit: 1).changes.map(\.reason) == [reason])
        let freed = try await fixture.answer(
            .put, "/models/default", headers: ["Content-Type": "application/json"], body: #"{"model":null}"#)
        #expect(try freed.decoded(DefaultModel.self).model == .randomForest)
        #expect(try freed.decoded(DefaultModel.self).pinned == false)
        let changes = try fixture.store.modelChanges(before: nil, limit: 9).changes
        #expect(changes.map(\.action) == [.defaulted, .defaulted])
        #expect(changes.map(\.to?.name) == [.randomForest, .multinomialNaiveBayes])
        #expect(changes.map(\.from?.name) == [.multinomialNaiveBayes, .randomForest])
        #expect(changes[0].reason.hasPrefix("requested by 127.0.0.1, request "))
    }

    @Test(
        "what cannot be the default is refused, and nothing changes",
        arguments: [
            (#"{"model":"oracle"}"#, "unknown-model"), (#"{"model":"svm"}"#, "unknown-model"), (#"{"model":7}"#, "malformed-field"),
            ("{}", "malformed-field"), (#"{"modell":"random-forest"}"#, "unknown-field"), ("svm", "malformed-field"),
        ])
    func unfitDefault(body: String, problem: String) async throws {
        let fixture = try await fixture()
        let answer = try await fixture.answer(.put, "/models/default", headers: ["Content-Type": "application/json"], body: body)
        #expect(try answer.decoded(Problem.self).type == "urn:digitd:problem:\(problem)")
        #expect(try fixture.store.modelChanges(before: nil, limit: 1).changes.isEmpty)
        #expect(fixture.models.current.defaultChoice.classifier == .randomForest)
    }

    @Test("a version that its experiment promoted serves at once")
    func promoted() async throws {
        let fixture = try await fixture()
        let made = try await fixture.experiment(making: try ModelVersionsTests.model(), promote: .always)
        #expect(
            try await described(fixture)
                == Described(version: 2, versions: [1, 2], experiment: made.experiment.id.description, classes: [0, 1]))
        #expect(try await fixture.get(made.experiment.path).text.contains("\"promoted\":true,\"version\":2"))
    }

    @Test("an unknown version is 404, which lists the versions, and changes nothing", arguments: ["0", "3", "02", "-1", "%2B2", "latest"])
    func unknownVersion(version: String) async throws {
        let fixture = try await fixture()
        _ = try await fixture.experiment(making: try ModelVersionsTests.model())
        let found = version.replacing("%2B", with: "+")
        let answers = [
            try await activate(fixture, version), try await fixture.get(ModelVersionsTests.path + "/versions/" + version),
        ]
        for answer in answers {
            let problem = try answer.decoded(Problem.self)
            #expect(answer.status == .notFound)
            #expect(problem.type == "urn:digitd:problem:unknown-version")
            #expect(problem.detail == "expected version 1 or 2 of multinomial-naive-bayes, found '\(found)'")
        }
        #expect(try fixture.store.modelChanges(before: nil, limit: 9).changes.map(\.action) == [.stored])
        #expect(try await described(fixture).version == 1)
    }

    @Test("an unknown model cannot be activated", arguments: ["oracle", "svm", "SVM", ""])
    func unknownModel(name: String) async throws {
        let answer = try await activate(try await fixture(), "1", of: name)
        #expect(answer.status == .notFound)
        guard !name.isEmpty else { return }
        #expect(try answer.decoded(Problem.self).type == "urn:digitd:problem:unknown-model")
        #expect(
            try answer.decoded(Problem.self).detail
                == "expected a model named multinomial-naive-bayes or random-forest, found '\(name)'")
    }

    @Test("a version whose document is damaged is not activated, and what served goes on")
    func damagedDocument() async throws {
        let fixture = try await fixture()
        _ = try await fixture.experiment(making: try ModelVersionsTests.model())
        let path = fixture.store.folder.modelPath(classifier: .multinomialNaiveBayes, version: 2)
        try Data(contentsOf: URL(filePath: path)).dropLast(100).write(to: URL(filePath: path))
        let answer = try await activate(fixture, "2")
        #expect(answer.status == .serviceUnavailable)
        #expect(try answer.decoded(Problem.self).type == "urn:digitd:problem:experiments-failed")
        #expect(try fixture.store.modelChanges(before: nil, limit: 9).changes.map(\.action) == [.stored])
        #expect(try await prediction(fixture).model.version == 1)
    }

    @Test("a classifier of which nothing serves can have a version, and is in service once that is activated")
    func newClassifier() async throws {
        let fixture = try await fixture()
        let all = Array(ExperimentFixture.rows.bitmaps.indices)
        _ = try await fixture.experiment(making: try KNearestNeighborsParameters().fit(ExperimentFixture.rows, rows: all, seed: 0))
        let path = "/models/k-nearest-neighbors"
        #expect(try await fixture.get(path).status == .notFound)
        #expect(try await fixture.get(path + "/versions/2").text.contains("\"active\":false"))
        #expect(
            try await fixture.get(path + "/versions/1").decoded(Problem.self).detail
                == "expected version 2 of k-nearest-neighbors, found '1'")
        #expect(try await activate(fixture, "2", of: "k-nearest-neighbors").status == .ok)
        #expect(try await described(fixture, path).versions == [2])
        #expect(fixture.models.current.models.map(\.name) == [.kNearestNeighbors, .multinomialNaiveBayes, .randomForest])
    }

    @Test("the report of a version is that of the experiment that made it, also when that was deleted")
    func report() async throws {
        let fixture = try await fixture()
        let made = try await fixture.experiment(making: try ModelVersionsTests.model())
        #expect(try await fixture.get(ModelVersionsTests.path + "/report").body == ExperimentFixture.trainingReport)
        _ = try await activate(fixture, "2")
        let answer = try await fixture.get(ModelVersionsTests.path + "/report")
        #expect(answer.status == .ok)
        #expect(answer.headers["Content-Type"] == "application/json")
        #expect(answer.body == made.report)
        #expect(try await fixture.get(made.experiment.path + "/report").body == made.report)
        #expect(try await fixture.answer(.delete, made.experiment.path).status == .noContent)
        #expect(try await fixture.get(made.experiment.path + "/report").status == .notFound)
        #expect(try await fixture.get(ModelVersionsTests.path + "/report").body == made.report)
        #expect(try await described(fixture).experiment == made.experiment.id.description)
        // Of the model that digitd brings along it is still the one beside it.
        #expect(try await fixture.get("/models/random-forest/report").body == ExperimentFixture.trainingReport)
    }

    @Test("a model that only an experiment brought into service can be taken out of it, one that digitd brings along cannot")
    func withdrawn() async throws {
        let fixture = try await fixture()
        let rows = ExperimentFixture.rows
        let model = try GaussianNaiveBayesParameters(values: ParameterValues()).fit(rows, rows: Array(0..<rows.count), seed: 0)
        _ = try await fixture.experiment(making: model)
        let before = try await fixture.get("/models").body
        let path = "/models/gaussian-naive-bayes"
        #expect(try await fixture.answer(.post, path + "/withdraw").status == .notFound)
        #expect(try await activate(fixture, "2", of: "gaussian-naive-bayes").status == .ok)
        #expect(try await fixture.get(path).status == .ok)
        let answer = try await fixture.answer(.post, path + "/withdraw")
        #expect(answer.status == .ok)
        #expect(answer.body == before)
        #expect(try await fixture.get(path).status == .notFound)
        #expect(try fixture.store.activeVersions()[.gaussianNaiveBayes] == nil)
        let audited = try fixture.store.modelChanges(before: nil, limit: 1).changes
        #expect(audited.map(\.action) == [.withdrawn])
        #expect(audited.map(\.to) == [nil])
        #expect(audited.map(\.from?.version) == [2])
        // Its version is kept, and is the way back.
        #expect(try await activate(fixture, "2", of: "gaussian-naive-bayes").status == .ok)

        let refusal = try await fixture.answer(.post, ModelVersionsTests.path + "/withdraw")
        #expect(refusal.status == .conflict)
        #expect(
            try refusal.decoded(Problem.self).detail
                == "digitd brings multinomial-naive-bayes along; expected to activate its version 1 instead")
    }
}
