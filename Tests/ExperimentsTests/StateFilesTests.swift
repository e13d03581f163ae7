import Classifiers
import DigitAPI
import Digits
import Foundation
import Testing

@testable import Experiments

@Suite("Files of the state folder")
struct StateFilesTests {
    private let folder = StoreFolder()

    private func names(in part: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/\(part)").sorted()
    }

    private func write(_ paths: [String], _ text: String = "") throws {
        for path in paths { try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(path)")) }
    }

    /// An experiment that has succeeded with a version, in a store that is gone afterwards.
    private func addVersion(_ number: Int) throws {
        let store = try folder.store()
        let id = try StoreFixture.submit(to: store).id
        _ = try store.claimNext()
        try store.succeed(id, report: [], decisions: [], versions: [StoreFixture.version(number)], runSeconds: 0)
        try store.close()
    }

    @Test("files that nothing refers to go at the next start, and only those that are named as the server names its own")
    func strayFiles() throws {
        try addVersion(3)
        let (kept, stray) = (StoreFixture.rows.sha256, String(repeating: "0", count: 64))
        try write(["datasets/\(kept).bin", "datasets/\(stray).bin", "datasets/notes.txt"])
        try write(["versions/svm-2.json", "versions/svm-3.json", "versions/svm.json"])
        _ = try folder.store()
        #expect(try names(in: "datasets") == ["\(kept).bin", "notes.txt"])
        #expect(try names(in: "versions") == ["svm-3.json", "svm.json"])
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/strays"))
    }

    @Test("where the database knows none of a folder's files they are set aside, and what was half-written or can be had again goes")
    func foreignFiles() throws {
        let (stray, semeion) = (String(repeating: "0", count: 64), "a9b2e4799ea2d7279cd8122ee75a7f102f93ef98b42f34bce2643925316927fd")
        for round in 1...2 {
            // The database of another folder, or none, beside these files.
            _ = try folder.store()
            try write(["datasets/\(stray).bin", "datasets/\(semeion).bin", "datasets/passing-\(stray).bin"], "rows \(round)")
            try write(["versions/svm-2.json", "versions/svm-3.json.7-8.tmp"], "model \(round)")
            var moved: [String] = []
            _ = try ExperimentStore(folder: StateFolder(path: folder.path), onFileSetAside: { moved.append($0) })
            let suffix = round == 1 ? "" : ".2"
            #expect(
                moved == [
                    "\(folder.path)/strays/versions/svm-2.json\(suffix)", "\(folder.path)/strays/datasets/\(stray).bin\(suffix)",
                ])
            #expect(try String(contentsOfFile: moved[0], encoding: .utf8) == "model \(round)")
            #expect(try names(in: "datasets") == [])
            #expect(try names(in: "versions") == [])
        }
        #expect(try names(in: "strays/versions") == ["svm-2.json", "svm-2.json.2"])
    }

    @Test("of a store that was closed the database's one file is enough, and the versions beside it stay")
    func closed() throws {
        try addVersion(2)
        try write(["versions/svm-2.json"], "model")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/digitd.sqlite-wal"))
        let copy = StoreFolder()
        try FileManager.default.createDirectory(atPath: copy.path, withIntermediateDirectories: true)
        for name in ["digitd.sqlite", "versions"] {
            try FileManager.default.copyItem(atPath: "\(folder.path)/\(name)", toPath: "\(copy.path)/\(name)")
        }
        let store = try copy.store()
        #expect(try store.experiments(state: nil, limit: 9, after: nil).experiments.map(\.state) == [.succeeded])
        #expect(try store.modelVersions().map(\.number) == [2])
        #expect(FileManager.default.fileExists(atPath: store.folder.modelPath(classifier: .svm, version: 2)))
        try store.close()
        #expect(throws: ExperimentsError.self) { try store.claimNext() }
    }
}
