import Files
import Foundation
import Subprocess
import Testing

struct FileLockTests {
    private static func path() -> String {
        FileManager.default.temporaryDirectory.appending(path: "digitd-\(UUID().uuidString).lock").path()
    }

    @Test("a lock excludes other holders until it is let go")
    func excludes() throws {
        let path = FileLockTests.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        var lock: FileLock? = try FileLock(path: path)
        #expect(throws: FileError.locked(file: path)) { try FileLock(path: path, patienceSeconds: 0.01) }
        #expect(lock != nil)
        lock = nil
        _ = try FileLock(path: path, patienceSeconds: 0)
    }

    /// Between `fork` and `exec` a child has every open file of its parent: a lock that only `close` gives back would be found taken.
    @Test("a lock that was let go is free at once while processes are being started")
    func startsOfProcesses() async throws {
        let path = FileLockTests.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await withThrowingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    _ = try await Subprocess.run(.path("/bin/true"), output: .discarded, error: .discarded)
                }
            }
            for _ in 0..<2_000 {
                _ = try FileLock(path: path, patienceSeconds: 0)
                await Task.yield()
            }
            group.cancelAll()
        }
    }
}
