import ArgumentParser

/// A setting of the server: a row of the table in `ServeConfiguration.swift`.
///
/// From it follow a flag, an environment variable, a key of the file, a line of `--print-config`, of `--help`, of `config/digitd.yaml` and
/// of the documentation. It has one name in three spellings: `bodyLimitBytes` in the file is `DIGITD_BODY_LIMIT_BYTES` in the environment
/// and `--body-limit-bytes` on the command line; `log.level` is `level` under `log` in the file, `DIGITD_LOG_LEVEL`, and `--log-level`.
struct Setting: Sendable {
    /// The name in the file; a point stands between a group and its member.
    let key: String
    /// What the setting is for, in a phrase.
    let summary: String
    /// The value where nobody says another, as it would be written.
    let defaultText: String
    /// What is accepted: `a whole number from 0 to 65535`.
    let expectation: String
    /// The placeholder of its value in `--help`; nil for a switch.
    let valueName: String?
    /// What shells offer to complete its value with.
    let completion: CompletionKind
    /// The summary, with what is accepted where that is a range or a choice.
    let explanation: String

    private let assign: @Sendable (String, inout ServeConfiguration) -> Bool
    private let complaint: @Sendable (ServeConfiguration) -> String?

    /// - Parameters:
    ///   - property: where its value goes; the value there in a configuration of defaults is its default.
    ///   - complaint: what is wrong with the value beside those of other settings, nil where nothing is; asked when all have been read.
    init<Value>(
        _ key: String, _ property: WritableKeyPath<ServeConfiguration, Value> & Sendable, _ form: SettingForm<Value>, _ summary: String,
        complaint: @escaping @Sendable (ServeConfiguration) -> String? = { _ in nil }
    ) {
        self.key = key
        self.summary = summary
        defaultText = form.write(ServeConfiguration()[keyPath: property])
        expectation = form.expectation
        valueName = form.valueName
        completion = form.completion
        let range = form.isExpectationShown ? " \(form.expectation.prefix(1).uppercased())\(form.expectation.dropFirst())." : ""
        explanation = summary + range
        assign = { text, configuration in
            guard let value = form.read(text) else { return false }
            configuration[keyPath: property] = value
            return true
        }
        self.complaint = complaint
    }

    /// The flag without its dashes.
    var flagName: String { key.map { $0 == "." ? "-" : $0.isUppercase ? "-\($0.lowercased())" : String($0) }.joined() }

    /// The flag, with its two dashes.
    var flag: String { "--" + flagName }

    /// The environment's name.
    var variable: String { "DIGITD_" + flagName.map { $0 == "-" ? "_" : $0.uppercased() }.joined() }

    /// Whether its value is a number, of which one below zero is to be refused as a number and not taken for a flag.
    var isNumber: Bool { Double(defaultText) != nil }

    /// Whether the flag stands alone, without a value.
    var isSwitch: Bool { valueName == nil }

    /// Puts the value that the sources have into its property.
    ///
    /// - Throws: `SettingError.invalid`.
    func assign(from sources: SettingSources, to configuration: inout ServeConfiguration) throws(SettingError) {
        let found = sources.value(of: self)
        guard assign(found.text, &configuration) else {
            throw .invalid(key: key, origin: found.origin, found: found.text, reason: "expected \(expectation)")
        }
    }

    /// Checks the value beside those of other settings.
    ///
    /// - Throws: `SettingError.invalid`.
    func check(_ configuration: ServeConfiguration, from sources: SettingSources) throws(SettingError) {
        guard let reason = complaint(configuration) else { return }
        let found = sources.value(of: self)
        throw .invalid(key: key, origin: found.origin, found: found.text, reason: reason)
    }
}
