import Configuration
import Files
import Yams

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A YAML file of settings in which every key is known and every value is a scalar.
struct SettingFile {
    let path: String
    let snapshot: YAMLSnapshot
    /// The line of every setting that the file has, from 1.
    let lines: [Setting: Int]

    /// Nil where the file may be missing and is, or holds nothing but comments.
    ///
    /// - Throws: `SettingError.unreadableFile`, `.malformedFile`, `.unknownKey`, or `.invalid` for a value that is no scalar.
    init?(path: String, mayBeMissing: Bool) throws(SettingError) {
        if mayBeMissing, access(path, F_OK) != 0, errno == ENOENT || errno == ENOTDIR { return nil }
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileBytes.read(path)
        } catch {
            throw .unreadableFile(error)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformedFile(path: path, line: nil, reason: "not UTF-8") }
        do {
            guard let root = try Yams.compose(yaml: text) else { return nil }
            var reader = Reader(path: path)
            try reader.read(root, group: nil)
            self.path = path
            lines = reader.lines
            snapshot = try YAMLSnapshot(data: bytes.span.bytes, providerName: path, parsingOptions: .default)
        } catch let error as SettingError {
            throw error
        } catch let error as YamlError {
            throw SettingFile.malformed(path, error)
        } catch {
            throw .malformedFile(path: path, line: nil, reason: "\(error)")
        }
    }

    /// In one line, where Yams itself quotes the text over three.
    private static func malformed(_ path: String, _ error: YamlError) -> SettingError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            .malformedFile(path: path, line: mark.line, reason: "column \(mark.column): \(problem)")
        case .duplicatedKeysInMapping(let keys, _):
            .malformedFile(path: path, line: nil, reason: "'\(keys.joined(separator: "', '"))' stands there twice")
        default:
            .malformedFile(path: path, line: nil, reason: "not YAML: \(error)")
        }
    }

    /// Goes through a file before its values are taken: a typing error must not silently leave a default in force.
    private struct Reader {
        let path: String
        var lines: [Setting: Int] = [:]

        mutating func read(_ node: Node, group: String?) throws(SettingError) {
            guard case .mapping(let mapping) = node else {
                let place = group.map { "under '\($0)'" } ?? "such as 'port: 8080'"
                throw .malformedFile(path: path, line: node.mark?.line, reason: "expected settings by name, \(place)")
            }
            for (key, value) in mapping {
                let line = key.mark?.line ?? 1
                let name = (group.map { $0 + "." } ?? "") + (key.scalar?.string ?? "?")
                if let setting = Setting(rawValue: name) {
                    try requireScalar(value, of: setting, line: line)
                    lines[setting] = line
                } else if Setting.allCases.contains(where: { $0.key.hasPrefix(name + ".") }) {
                    try read(value, group: name)
                } else {
                    throw .unknownKey(path: path, line: line, found: name, known: Setting.allCases.map(\.key))
                }
            }
        }

        private func requireScalar(_ value: Node, of setting: Setting, line: Int) throws(SettingError) {
            let found: String
            switch value {
            case .scalar where value.null == nil: return
            case .scalar: found = "nothing"
            case .sequence: found = "a list"
            case .mapping: found = "settings by name"
            case .alias: found = "an alias"
            }
            throw .invalid(setting: setting, origin: .file(path: path, line: line), found: found, expected: setting.expectation)
        }
    }
}
