import Logging

/// Everything that `digitd serve` can be told, checked.
struct ServeConfiguration: Hashable {
    enum LogFormat: String, CaseIterable {
        /// Text on a terminal, JSON elsewhere.
        case auto
        case text
        case json
    }

    /// Which requests get a line in the log.
    enum LogAccess: String, CaseIterable {
        case all
        /// Those answered with 400 or more, or not at all.
        case errors
        case none
    }

    let host: String
    /// 0 for any free port.
    let port: UInt16
    let modelsFolder: String
    let stateFolder: String
    /// Nil for one a processor.
    let threadCount: Int?
    let connectionLimit: Int
    /// 0 for no limit but `connectionLimit`.
    let perAddressLimit: Int
    let bodyLimitBytes: Int
    let bitmapLimit: Int
    let inactivityTimeoutSeconds: Int
    let headDeadlineSeconds: Double
    let bodyDeadlineSeconds: Double
    let gracePeriodSeconds: Double
    let logLevel: Logger.Level
    let logFormat: LogFormat
    let logAccess: LogAccess

    /// - Throws: `SettingError.invalid` naming the first setting that does not fit and where it comes from; `.notLoopback` for a host that other
    ///   machines reach, unless `insecure` is set.
    init(_ sources: SettingSources) throws(SettingError) {
        let reader = SettingReader(sources: sources)
        host = try reader.text(.host)
        port = UInt16(try reader.integer(.port, in: 0...65_535))
        modelsFolder = try reader.text(.models)
        stateFolder = try reader.text(.state)
        let threads = try reader.integer(.threads, in: 0...1_024)
        threadCount = threads == 0 ? nil : threads
        connectionLimit = try reader.integer(.connections, in: max(1, threads)...1_000_000)
        perAddressLimit = try reader.integer(.connectionsPerAddress, in: 0...1_000_000)
        bodyLimitBytes = try reader.integer(.bodyBytes, in: 1...1 << 30)
        bitmapLimit = try reader.integer(.bitmaps, in: 1...1_000_000)
        inactivityTimeoutSeconds = try reader.integer(.inactivitySeconds, in: 1...86_400)
        headDeadlineSeconds = try reader.seconds(.headSeconds)
        bodyDeadlineSeconds = try reader.seconds(.bodySeconds)
        gracePeriodSeconds = try reader.seconds(.graceSeconds)
        logLevel = try reader.choice(.logLevel)
        logFormat = try reader.choice(.logFormat)
        logAccess = try reader.choice(.logAccess)
        guard try reader.truth(.insecure) || Loopback.contains(host) else { throw .notLoopback(host: host) }
    }
}

/// Reads settings as what they have to be.
private struct SettingReader {
    let sources: SettingSources

    func text(_ setting: Setting) throws(SettingError) -> String {
        let found = try sources.value(of: setting)
        guard !found.text.isEmpty else { throw invalid(setting, found, "a text that is not empty") }
        return found.text
    }

    func integer(_ setting: Setting, in range: ClosedRange<Int>) throws(SettingError) -> Int {
        let found = try sources.value(of: setting)
        guard let value = Int(found.text), range.contains(value) else {
            throw invalid(setting, found, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// Seconds from a hundredth to a day.
    func seconds(_ setting: Setting) throws(SettingError) -> Double {
        let found = try sources.value(of: setting)
        guard let value = Double(found.text), (0.01...86_400).contains(value) else {
            throw invalid(setting, found, "seconds from 0.01 to 86400")
        }
        return value
    }

    func truth(_ setting: Setting) throws(SettingError) -> Bool {
        let found = try sources.value(of: setting)
        switch found.text.lowercased() {
        case "true", "1", "yes": return true
        case "false", "0", "no": return false
        default: throw invalid(setting, found, "true or false")
        }
    }

    func choice<Choice>(_ setting: Setting) throws(SettingError) -> Choice where Choice: RawRepresentable<String> & CaseIterable {
        let found = try sources.value(of: setting)
        guard let choice = Choice(rawValue: found.text) else {
            throw invalid(setting, found, "one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    private func invalid(_ setting: Setting, _ found: SettingSources.Found, _ expected: String) -> SettingError {
        .invalid(setting: setting.key, origin: found.origin, found: found.text, expected: expected)
    }
}
