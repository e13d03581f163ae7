import Files

/// Files and standard input, as the command line names them.
enum InputFile {
    /// The name that stands for standard input.
    static let standardInput = "-"

    /// What messages call an input.
    static func title(of path: String) -> String {
        path == standardInput ? "standard input" : path
    }

    /// The bytes of a file, or of standard input for `-`.
    ///
    /// - Throws: `FileError.unreadable`.
    static func read(_ path: String) throws(FileError) -> [UInt8] {
        path == standardInput ? try FileBytes.readStandardInput() : try FileBytes.read(path)
    }
}
