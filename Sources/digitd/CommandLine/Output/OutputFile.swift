import Files

/// A file that a command writes, as the command line names it; `-` is standard output.
struct OutputFile: Sendable {
    let path: String

    init(_ path: String) { self.path = path }

    var isStandardOutput: Bool { path == InputFile.standardInput }

    /// Where a command with this output talks: standard output would mix words with the bytes that it carries.
    var narration: Narration { isStandardOutput ? .standardError : .standardOutput }

    /// - Throws: as `DurableFile.requireReplaceable`.
    func requireWritable() throws(FileError) {
        if !isStandardOutput { try DurableFile.requireReplaceable(path) }
    }

    /// Writes the whole content, and says so.
    ///
    /// - Parameters:
    ///   - details: what is said behind the name, such as `: 30 rows`.
    ///   - place: where it is said, if not on standard output; of a command that writes several files, one of them may go there.
    /// - Throws: `FileError.unwritable`.
    func write(_ bytes: [UInt8], details: String = "", saidTo place: Narration? = nil) throws(FileError) {
        if isStandardOutput { return StandardOutput.write(bytes) }
        try DurableFile.replace(path, with: bytes)
        (place ?? narration).write("wrote \(path.printable)\(details)\n")
    }
}
