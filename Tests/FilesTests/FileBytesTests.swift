import Files
import Foundation
import Testing

struct FileBytesTests {
    @Test("a file without a size of its own is read to its end")
    func withoutSize() throws {
        #expect(try FileBytes.read("/proc/self/status").starts(with: "Name:".utf8))
    }

    @Test("a file that cannot be read is named with the system's reason")
    func unreadable() {
        #expect(throws: FileError.unreadable(file: "/nowhere", reason: "No such file or directory")) { try FileBytes.read("/nowhere") }
        #expect(throws: FileError.unreadable(file: "/tmp", reason: "Is a directory")) { try FileBytes.read("/tmp") }
    }
}
