import Files
import Foundation
import Testing

struct DurableFileTests {
    private func withTemporaryFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "digitd-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test("a file is replaced whole and nothing else is left beside it")
    func replace() throws {
        try withTemporaryFolder { folder in
            try DurableFile.replace("\(folder)/a", with: [1, 2, 3])
            try DurableFile.replace("\(folder)/a", with: [4])
            #expect(try [UInt8](Data(contentsOf: URL(filePath: "\(folder)/a"))) == [4])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
        }
    }

    @Test("a path that cannot be written is named with the system's reason")
    func unwritable() throws {
        #expect(throws: FileError.unwritable(file: "/nowhere/a", reason: "No such file or directory")) {
            try DurableFile.replace("/nowhere/a", with: [1])
        }
    }

    @Test("a folder is made with those above it where it is missing, and a file in its place is refused")
    func writableFolder() throws {
        try withTemporaryFolder { folder in
            try DurableFile.requireWritableFolder("\(folder)/new/and/deep/")
            var isFolder: ObjCBool = false
            #expect(FileManager.default.fileExists(atPath: "\(folder)/new/and/deep", isDirectory: &isFolder) && isFolder.boolValue)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/new/and/deep").isEmpty)
            try DurableFile.replace("\(folder)/file", with: [1])
            #expect(throws: FileError.unwritable(file: "\(folder)/file", reason: "Not a directory")) {
                try DurableFile.requireWritableFolder("\(folder)/file")
            }
            #expect(throws: FileError.unwritable(file: "\(folder)/file/under", reason: "Not a directory")) {
                try DurableFile.requireWritableFolder("\(folder)/file/under")
            }
        }
    }
}
