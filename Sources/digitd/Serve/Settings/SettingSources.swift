import Classifiers
import Configuration

/// Where settings come from: flag beats environment variable beats file beats default.
struct SettingSources {
    /// Where a value was found.
    enum Origin: Hashable, CustomStringConvertible {
        case flag(String)
        case environment(variable: String)
        case file(path: String, line: Int)
        case standard

        var description: String {
            switch self {
            case .flag(let flag): "flag \(flag)"
            case .environment(let variable): "variable \(variable)"
            case .file(let path, let line): "file \(path):\(line)"
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

    /// Variables that look like settings and are none, in alphabetical order: perhaps typing errors.
    let unknownVariables: [String]

    private let flags: any ConfigSnapshot
    private let environment: any ConfigSnapshot
    private let file: SettingFile?

    /// - Parameters:
    ///   - flags: values given on the command line, by the key of their setting.
    ///   - configFile: the file that `--config` names.
    /// - Throws: `SettingError` for a file that is missing though it was named, that cannot be read, is not YAML, or has a key that there
    ///   is not.
    init(flags: [String: String], configFile: String?, environment: [String: String]) throws(SettingError) {
        let values = flags.map { (AbsoluteConfigKey(settingKey: $0), ConfigValue(.string($1), isSecret: false)) }
        self.flags = InMemoryProvider(values: Dictionary(uniqueKeysWithValues: values)).snapshot()
        self.environment = EnvironmentVariablesProvider(environmentVariables: environment).snapshot()
        let known = Set(Setting.all.map(\.variable) + [SettingSources.fileVariable, ServerOptions.variable, InstructionSet.variable])
        unknownVariables = environment.keys.filter { $0.hasPrefix("DIGITD_") && !known.contains($0) }.sorted()
        let named = configFile ?? environment[SettingSources.fileVariable]
        file = try SettingFile(path: named ?? SettingSources.defaultFile, mayBeMissing: named == nil)
    }

    /// The setting's value and where it comes from.
    func value(of setting: Setting) -> Found {
        let key = AbsoluteConfigKey(settingKey: setting.key)
        if let (text, _) = flags.text(forKey: key) { return Found(text: text, origin: .flag(setting.flag)) }
        let variable = AbsoluteConfigKey(["digitd"] + key.components)
        if let (text, name) = environment.text(forKey: variable) { return Found(text: text, origin: .environment(variable: name)) }
        if let file, let (text, _) = file.snapshot.text(forKey: key) {
            return Found(text: text, origin: .file(path: file.path, line: file.lines[setting.key] ?? 1))
        }
        return Found(text: setting.defaultText, origin: .standard)
    }
}

extension AbsoluteConfigKey {
    fileprivate init(settingKey: String) {
        self.init(settingKey.split(separator: ".").map(String.init))
    }
}

extension ConfigSnapshot {
    /// A value as it was written, and the source's own name for the key; nil where the source has none. Every value can be asked for as
    /// text: flags and variables are texts, and a file whose values are not is refused when it is read.
    fileprivate func text(forKey key: AbsoluteConfigKey) -> (text: String, name: String)? {
        guard let result = try? value(forKey: key, type: .string), case .string(let text)? = result.value?.content else { return nil }
        return (text, result.encodedKey)
    }
}
