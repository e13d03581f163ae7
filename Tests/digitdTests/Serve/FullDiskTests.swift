import Foundation
import Testing

@testable import digitd

/// A disk that fills up under a running experiment: a small file system of its own, which only root can make.
@Suite(
    "A full disk", .serialized,
    .enabled(if: ServeProcess.executable != nil && SmallDisk.canBeMade, "digitd is not built, or this is not root and cannot mount"))
struct FullDiskTests {
    @Test("an experiment on a full disk fails with the reason, predictions go on, and nothing earlier is lost")
    func fullDisk() async throws {
        let folder = try ServeTestFolder()
        let disk = try SmallDisk(path: folder.path + "/disk", byteCount: 16 << 20)
        let server = try await ExperimentServeProcess(folder: folder, stateFolder: disk.path + "/state")
        let first = try server.submit(#"{"dataset": "synthetic", "folds": 2, "search": [{"classifier": "gaussian-naive-bayes"}]}"#)
        #expect(try await server.finished(first).state == .succeeded)
        let report = try server.answer("GET /experiments/\(first)/report").body

        // Its trials need more than the room that the database has taken already and may use again.
        let second = try server.submit(#"{"dataset": "synthetic", "preset": "paper", "folds": 50}"#)
        _ = try await server.document(second) { $0.progress.finishedTrialCount > 0 }
        try disk.fill()
        let document = try await server.finished(second)
        #expect(document.state == .failed)
        #expect(document.failure?.contains("the disk is full") == true, "\(document.failure ?? "no reason")")
        #expect(try server.answer("POST /predict", body: String(repeating: "0", count: 64)).status == 200)
        #expect(try server.answer("GET /experiments/\(first)/report").body == report)

        try await server.killAndRestart()
        #expect(try server.document(first).state == .succeeded)
        #expect(try server.document(second).state == .failed)
        try disk.makeRoom()
        let third = try server.submit(#"{"dataset": "synthetic", "folds": 2, "search": [{"classifier": "gaussian-naive-bayes"}]}"#)
        #expect(try await server.finished(third).state == .succeeded)
    }
}

/// A file system in memory of a given size, gone with the last reference.
final class SmallDisk {
    /// Whether one could be made; found out by making one.
    static let canBeMade: Bool = {
        let path = FileManager.default.temporaryDirectory.appending(path: "digitd-mount-\(UUID().uuidString)").path
        return (try? SmallDisk(path: path, byteCount: 1 << 20)) != nil
    }()

    let path: String
    private let isMounted: Bool

    init(path: String, byteCount: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        isMounted = mount("tmpfs", path, "tmpfs", 0, "size=\(byteCount)") == 0
        guard isMounted else { throw ServeProcess.Failure(reason: "cannot mount: \(String(cString: strerror(errno)))") }
    }

    deinit {
        if isMounted { umount2(path, Int32(MNT_DETACH)) }
        try? FileManager.default.removeItem(atPath: path)
    }

    private var fillerPath: String { path + "/filler" }

    /// Takes all the room that is left.
    func fill() throws {
        let descriptor = open(fillerPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(descriptor) }
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while !chunk.isEmpty {
            if write(descriptor, chunk, chunk.count) < 0 { chunk.removeLast((chunk.count + 1) / 2) }
        }
    }

    func makeRoom() throws { try FileManager.default.removeItem(atPath: fillerPath) }
}
