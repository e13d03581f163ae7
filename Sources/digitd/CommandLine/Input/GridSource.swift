import ModelSelection

/// Grids as the command line names them: YAML files as those in `config/grids`.
enum GridSource {
    /// - Throws: `DigitsError.inFile` for a file that cannot be read, `CommandFailure` for one that is no search.
    static func read(_ path: String) throws -> SearchSpace {
        let text = String(decoding: try InputFile.read(path), as: UTF8.self)
        do throws(SearchError) {
            return try SearchSpace(yaml: text)
        } catch {
            throw CommandFailure("\(path): \(error)", status: .dataError)
        }
    }
}
