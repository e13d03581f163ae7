import Files

/// Why a model document could not be read or written.
public enum ModelFileError: Error, Hashable, Sendable {
    case file(FileError)
    /// The document cannot be put into JSON.
    case unencodable(file: String, reason: String)
    case notAModelDocument(file: String, reason: String)
    case unsupportedVersion(file: String, found: Int, supported: Int)
    case wrongChecksum(file: String, found: String, expected: String)
    case invalidContent(file: String, field: String, reason: String)
    case noModels(folder: String)
}

extension ModelFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let error):
            "\(error)"
        case .unencodable(let file, let reason):
            "\(file): cannot be written as JSON: \(reason)"
        case .notAModelDocument(let file, let reason):
            "\(file): not a whole model document: \(reason)"
        case .unsupportedVersion(let file, let found, let supported):
            "\(file): format version \(found); this digitd reads version \(supported)"
        case .wrongChecksum(let file, let found, let expected):
            "\(file): the checksum says \(found), the content has \(expected): the file was torn or edited"
        case .invalidContent(let file, let field, let reason):
            "\(file): field '\(field)': \(reason)"
        case .noModels(let folder):
            "\(folder): no model documents (*.json of format digitd-model)"
        }
    }
}
