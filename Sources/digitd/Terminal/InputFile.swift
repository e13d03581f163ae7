#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Files and standard input, read whole.
enum InputFile {
    /// The bytes of a file, or of standard input for `-`.
    ///
    /// - Throws: `CommandFailure` that names the file, with EX_NOINPUT.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        do {
            if path == "-" { return try [UInt8](FileHandleBytes.standardInput()) }
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw CommandFailure("\(path): cannot be read: \(reason(of: error))", status: .noInput)
        }
    }
}
