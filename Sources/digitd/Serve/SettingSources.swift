import Configuration
import Digits
import Yams

/// Where settings come from: flag beats environment variable beats file beats default.
struct SettingSources {
    /// Where a value was found.
    enum Origin: Hashable, CustomStringConvertible {
        case flag
        case environment(variable: String)
        case file(path: String)
        case standard

        var description: String {
            switch self {
            case .flag: "flag"
            case .environment(let variable): variable
            case .file(let path): path
            case .standard: "default"
            }
        }
    }

    /// A setting's value, as it was written.
    struct Found: Hashable {
        let text: String
        let origin: Origin
    }

    /// Where the file is looked for when nobody names one; there it may be missing.
    static let defaultFile = "config/digitd.yaml"
    /// The variable that names the file.
    static let fileVariable = "DIGITD_CONFIG"

    private let flags: InMemoryProvider
    private let environment: EnvironmentVariablesProvider
    private let file: (snapshot: YAMLSnapshot, path: String)?

    /// - Parameters:
    ///   - flags: values given on the command line.
    ///   - configFile: the file that `--config` names.
    /// - Throws: `SettingError` for a file that is missing though it was named, is not YAML, or has a key that there is not.
    init(flags: [Setting: String], configFile: String?, environment: [String: String]) throws {
        self.flags = InMemoryProvider(
            values: Dictionary(uniqueKeysWithValues: flags.map { (SettingSources.key($0), ConfigValue(.string($1), isSecret: false)) }))
        self.environment = EnvironmentVariablesProvider(environmentVariables: environment)
        let named = configFile ?? environment[SettingSources.fileVariable]
        file = try SettingSources.read(named ?? SettingSources.defaultFile, mayBeMissing: named == nil)
    }

    /// The setting's value and where it comes from.
    func value(of setting: Setting) throws(SettingError) -> Found {
        let key = SettingSources.key(setting)
        if let text = try text(of: setting, { try flags.value(forKey: key, type: .string) }, origin: .flag)?.text {
            return Found(text: text, origin: .flag)
        }
        let variable = AbsoluteConfigKey(["digitd"] + key.components)
        if let found = try text(of: setting, { try environment.value(forKey: variable, type: .string) }, origin: nil) {
            return Found(text: found.text, origin: .environment(variable: found.name))
        }
        if let file {
            let origin = Origin.file(path: file.path)
            if let found = try text(of: setting, { try file.snapshot.value(forKey: key, type: .string) }, origin: origin) {
                return Found(text: found.text, origin: origin)
            }
        }
        return Found(text: setting.defaultText, origin: .standard)
    }

    private func text(
        of setting: Setting, _ lookUp: () throws -> LookupResult, origin: Origin?
    ) throws(SettingError) -> (text: String, name: String)? {
        do {
            let result = try lookUp()
            return try result.value.map { (try $0.content.asString, result.encodedKey) }
        } catch {
            throw .invalid(setting: setting.key, origin: origin ?? .standard, found: "something else", expected: "one value")
        }
    }

    private static func key(_ setting: Setting) -> AbsoluteConfigKey {
        AbsoluteConfigKey(setting.key.split(separator: ".").map(String.init))
    }

    private static func read(_ path: String, mayBeMissing: Bool) throws -> (snapshot: YAMLSnapshot, path: String)? {
        let bytes: [UInt8]
        do throws(DigitsError) {
            bytes = try FileBytes.read(path)
        } catch {
            if mayBeMissing { return nil }
            throw SettingError.unreadableFile(reason: "\(error)")
        }
        do {
            guard let root = try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)) else { return nil }
            try requireKnownKeys(root, prefix: "", path: path)
            return (try YAMLSnapshot(data: bytes.span.bytes, providerName: path, parsingOptions: .default), path)
        } catch let error as SettingError {
            throw error
        } catch {
            throw SettingError.malformedFile(path: path, reason: "\(error)")
        }
    }

    /// A typing error must not silently leave a default in force.
    private static func requireKnownKeys(_ node: Node, prefix: String, path: String) throws(SettingError) {
        guard case .mapping(let mapping) = node else {
            throw .malformedFile(path: path, reason: "expected settings by name\(prefix.isEmpty ? "" : " under '\(prefix.dropLast())'")")
        }
        let known = Setting.allCases.map(\.key)
        for (key, value) in mapping {
            let name = prefix + (key.scalar?.string ?? "?")
            if known.contains(name) { continue }
            guard known.contains(where: { $0.hasPrefix(name + ".") }) else {
                throw .unknownKey(path: path, line: key.mark?.line ?? 1, found: name, known: known)
            }
            try requireKnownKeys(value, prefix: name + ".", path: path)
        }
    }
}

extension ConfigContent {
    /// The text of a value that was asked for as one.
    fileprivate var asString: String {
        get throws {
            guard case .string(let text) = self else { throw SettingError.malformedFile(path: "", reason: "not a text") }
            return text
        }
    }
}
