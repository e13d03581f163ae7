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

extension DurableFileTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "digitd-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("a file that is replaced keeps its mode", arguments: [0o600, 0o664, 0o400])
    func mode(permissions: Int) throws {
        try inFolder { folder in
            try DurableFile.replace("\(folder)/a", with: [1])
            try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: "\(folder)/a")
            try DurableFile.replace("\(folder)/a", with: [2, 3])
            #expect(try mode("\(folder)/a") == permissions)
            #expect(try FileBytes.read("\(folder)/a") == [2, 3])
        }
    }

    @Test("a link stays, and the file at the end of the chain of links is replaced, or made where the chain ends in nothing")
    func links() throws {
        try inFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/deep", withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/first", withDestinationPath: "deep/second")
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/deep/second", withDestinationPath: "../target")
            for content in [[1], [2]] as [[UInt8]] {
                try DurableFile.requireReplaceable("\(folder)/first")
                try DurableFile.replace("\(folder)/first", with: content)
                #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/first") == "deep/second")
                #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/deep/second") == "../target")
                #expect(try FileBytes.read("\(folder)/target") == content)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["deep", "first", "target"])
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/round", withDestinationPath: "round")
            #expect(throws: FileError.unwritable(file: "\(folder)/round", reason: "Too many levels of symbolic links")) {
                try DurableFile.replace("\(folder)/round", with: [1])
            }
        }
    }

    @Test("a device is written to and stays one, and what it refuses is an error")
    func devices() throws {
        try DurableFile.requireReplaceable("/dev/null")
        try DurableFile.replace("/dev/null", with: [1, 2, 3])
        #expect(DurableFile.isWrittenInPlace("/dev/null"))
        #expect(throws: FileError.unwritable(file: "/dev/full", reason: "No space left on device")) {
            try DurableFile.replace("/dev/full", with: [1])
        }
        try inFolder { folder in
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/null", withDestinationPath: "/dev/null")
            try DurableFile.replace("\(folder)/null", with: [1])
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/null") == "/dev/null")
        }
    }

    @Test("names that are no UTF-8 are written, read and removed as they are")
    func bytesOfNames() throws {
        try inFolder { folder in
            let name = SystemPath.text(decoding: Array(folder.utf8) + Array("/caf".utf8) + [0xE9])
            try DurableFile.requireReplaceable(name)
            try DurableFile.replace(name, with: [7])
            #expect(try FileBytes.read(name) == [7])
            DurableFile.remove(name)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }
}
