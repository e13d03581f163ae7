import DigitAPI
import Digits
import Foundation
import TestData
import Testing

@testable import Experiments

/// What becomes of the rows behind `/datasets`: how long they stay, and what is said of those that are damaged.
extension DatasetEndpointsTests {
    @Test("rows that were kept and are gone are no fault of the request, and their place is not told")
    func lostRows() async throws {
        let fixture = try await fixture()
        try FileManager.default.removeItem(atPath: fixture.store.folder.datasetPath(sha256: ExperimentFixture.rows.sha256))
        let answer = try await fixture.answer(.post, "/experiments", body: ExperimentFixture.request)
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .serviceUnavailable)
        #expect(problem.type == "urn:digitd:problem:experiments-failed")
        #expect(problem.detail == "the request could not be carried out; the server's log says why")
        #expect(try fixture.experimentCount == 0)
    }

    @Test("data sets whose rows are damaged or gone are listed with the fault among the others, and an upload of the same rows mends them")
    func faults() async throws {
        let fixture = try await fixture()
        let (damaged, lost) = (DatasetEndpointsTests.rows, DatasetEndpointsTests.otherRows)
        for (name, rows) in [("damaged", damaged), ("lost", lost)] {
            #expect(try await put(fixture, name, rows.encoded(as: .packed), type: "application/octet-stream").status == .created)
        }
        let folder = fixture.store.folder
        try Data("torn".utf8).write(to: URL(filePath: folder.datasetPath(sha256: damaged.sha256)))
        try FileManager.default.removeItem(atPath: folder.datasetPath(sha256: lost.sha256))
        // Semeion as it was once kept, and whose own file is gone; nothing refers to it, so that it goes with the next rows that do.
        let semeion = "a9b2e4799ea2d7279cd8122ee75a7f102f93ef98b42f34bce2643925316927fd"
        try Data(damaged.encoded(as: .packed)).write(to: URL(filePath: folder.datasetPath(sha256: semeion)))
        func faults() async throws -> [String: String?] {
            let answer = try await fixture.get("/datasets")
            #expect(answer.status == .ok)
            let datasets = try answer.decoded(DatasetList.self).datasets
            return Dictionary(uniqueKeysWithValues: datasets.map { ($0.name, $0.fault) })
        }
        let damage = "the rows on disk are others than the SHA-256 says; uploading them again mends that"
        let loss = "the rows cannot be read; uploading them again mends that"
        #expect(try await faults() == ["semeion": damage, "synthetic": nil, "small": nil, "damaged": damage, "lost": loss])
        #expect(try await fixture.get("/datasets/damaged").decoded(DatasetDescription.self).fault == damage)
        #expect(try await put(fixture, "damaged", damaged.encoded(as: .csv)).text.contains("\"fault\":null"))
        #expect(try await put(fixture, "again", lost.encoded(as: .csv)).status == .created)
        #expect(try await faults() == ["synthetic": nil, "small": nil, "damaged": nil, "lost": nil, "again": nil])
        #expect(try Data(contentsOf: URL(filePath: folder.datasetPath(sha256: damaged.sha256))) == Data(damaged.encoded(as: .packed)))
    }

    @Test("rows of an experiment that is refused do not stay")
    func rowsOfRefusals() async throws {
        var limits = ExperimentStore.Limits()
        limits.queuedExperimentCount = 1
        let fixture = try await ExperimentFixture(limits: limits)
        let body = ExperimentFixture.request.replacing("\"small\"", with: "\"small+feedback\"")
        try await fixture.submit()
        _ = try await fixture.answer(.post, "/feedback?digit=1", body: Ink.hexadecimal(1))
        #expect(try await fixture.answer(.post, "/experiments", body: body).status == .tooManyRequests)
        #expect(try files(fixture) == ["\(ExperimentFixture.rows.sha256).bin"])
    }

    @Test("rows go with the last experiment that needs them, also where another one's cancellation makes it the oldest")
    func rowsOfTheOldest() async throws {
        var limits = ExperimentStore.Limits()
        limits.finishedExperimentCount = 1
        let fixture = try await ExperimentFixture(limits: limits)
        _ = try await fixture.answer(.post, "/feedback?digit=1", body: Ink.hexadecimal(1))
        let old = try await fixture.submit(ExperimentFixture.request.replacing("\"small\"", with: "\"small+feedback\""))
        let new = try await fixture.submit()
        _ = try await fixture.service.cancel(old.id)
        #expect(try files(fixture).contains("\(old.dataset.sha256).bin"))
        _ = try await fixture.service.cancel(new.id)
        #expect(try await fixture.get(old.path).status == .notFound)
        #expect(try files(fixture) == ["\(ExperimentFixture.rows.sha256).bin"])
    }

    // MARK: With feedback

    @Test("a data set that is deleted is gone, with its rows, and its name is free")
    func deleted() async throws {
        let fixture = try await fixture()
        _ = try await put(fixture, "three", DatasetEndpointsTests.rows.encoded(as: .packed), type: DatasetEndpointsTests.octets)
        let answer = try await fixture.answer(.delete, "/datasets/three")
        #expect(answer.status == .noContent)
        #expect(answer.body.isEmpty)
        #expect(try await fixture.get("/datasets/three").status == .notFound)
        #expect(try await fixture.get("/datasets").decoded(List.self).datasets.map(\.name) == ["synthetic", "small"])
        #expect(try files(fixture) == ["\(ExperimentFixture.rows.sha256).bin"])
        let again = try await fixture.answer(.delete, "/datasets/three")
        #expect(again.status == .notFound)
        #expect(
            try again.decoded(Problem.self).detail
                == "there is no data set 'three': nothing was uploaded under this name")
        #expect(
            try await put(fixture, "three", DatasetEndpointsTests.otherRows.encoded(as: .packed), type: DatasetEndpointsTests.octets).status
                == .created)
    }

    @Test("rows of a deleted data set stay as long as another name or an experiment needs them")
    func deletedWhileNeeded() async throws {
        let fixture = try await fixture()
        let file = "\(ExperimentFixture.rows.sha256).bin"
        _ = try await put(fixture, "same", ExperimentFixture.rows.encoded(as: .csv))
        let experiment = try await fixture.submit()
        for name in ["small", "same"] {
            #expect(try await fixture.answer(.delete, "/datasets/" + name).status == .noContent)
            #expect(try files(fixture) == [file], "\(name)")
        }
        // It runs to its end on the rows that it was made with.
        #expect(try await fixture.answer(.post, "/experiments", body: ExperimentFixture.request).status == .notFound)
        let started = try fixture.begin()
        try started.recordAll()
        #expect(try await fixture.get(experiment.path + "/report").status == .ok)
        try started.succeed()
        #expect(try await fixture.get(experiment.path + "/report").status == .ok)
        #expect(try files(fixture) == [file])
        #expect(try await fixture.answer(.delete, experiment.path).status == .noContent)
        #expect(try files(fixture).isEmpty)
    }
}
