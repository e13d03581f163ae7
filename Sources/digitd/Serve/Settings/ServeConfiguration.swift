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
    /// The file of the Semeion data set.
    let semeionPath: String
    /// Under which clients reach the server besides localhost and addresses, in lower case; the host that it listens on among them.
    let hostNames: Set<String>
    /// Nil for one a processor.
    let threadCount: Int?
    let connectionLimit: Int
    /// 0 for no limit but `connectionLimit`.
    let perAddressLimit: Int
    let bodyLimitBytes: Int
    /// Most bitmaps in one request.
    let batchLimit: Int
    let inactivityTimeoutSeconds: Int
    let headDeadlineSeconds: Double
    let bodyDeadlineSeconds: Double
    let gracePeriodSeconds: Double
    /// 1 or more.
    let workerCount: Int
    /// Nil for no limit.
    let workerMemoryBytes: Int?
    let workersAreIdle: Bool
    let queueLimit: Int
    let listenerLimit: Int
    let uploadLimitBytes: Int
    let keptExperimentCount: Int
    let keptVersionCount: Int
    let logLevel: Logger.Level
    let logFormat: LogFormat
    let logAccess: LogAccess

    /// - Throws: `SettingError.invalid` naming the first setting that does not fit and where it comes from; `.notLoopback` for a host
    ///   that other machines reach, unless `insecure` is set.
    init(_ sources: SettingSources) throws(SettingError) {
        let reader = SettingReader(sources: sources)
        host = try reader.text(.host)
        port = UInt16(try reader.integer(.port))
        modelsFolder = try reader.text(.models)
        stateFolder = try reader.text(.state)
        semeionPath = try reader.text(.semeion)
        hostNames = Set(reader.names(.hostNames) + [host.lowercased()])
        let threads = try reader.integer(.threads)
        threadCount = threads == 0 ? nil : threads
        connectionLimit = try reader.integer(.connectionLimit)
        perAddressLimit = try reader.integer(.perAddressLimit)
        bodyLimitBytes = try reader.integer(.bodyLimitBytes)
        batchLimit = try reader.integer(.batchLimit)
        inactivityTimeoutSeconds = try reader.integer(.inactivityTimeoutSeconds)
        headDeadlineSeconds = try reader.seconds(.headDeadlineSeconds)
        bodyDeadlineSeconds = try reader.seconds(.bodyDeadlineSeconds)
        gracePeriodSeconds = try reader.seconds(.gracePeriodSeconds)
        let workers = try reader.integer(.workers)
        workerCount = workers == 0 ? max(1, Processors.count - 1) : workers
        let workerBytes = try reader.integer(.workerMemoryBytes)
        workerMemoryBytes = workerBytes == 0 ? nil : workerBytes
        workersAreIdle = try reader.truth(.workerIdle)
        queueLimit = try reader.integer(.queueLimit)
        listenerLimit = try reader.integer(.listenerLimit)
        uploadLimitBytes = try reader.integer(.uploadLimitBytes)
        keptExperimentCount = try reader.integer(.keptExperiments)
        keptVersionCount = try reader.integer(.keptVersions)
        logLevel = try reader.choice(.logLevel)
        logFormat = try reader.choice(.logFormat)
        logAccess = try reader.choice(.logAccess)
        guard connectionLimit >= threads else {
            throw reader.invalid(.connectionLimit, "at least \(threads), one for each of the threads")
        }
        guard try reader.truth(.insecure) || Loopback.contains(host) else {
            throw .notLoopback(host: host, origin: sources.value(of: .host).origin)
        }
    }
}

/// Reads settings as what they have to be.
private struct SettingReader {
    let sources: SettingSources

    func text(_ setting: Setting) throws(SettingError) -> String {
        let text = sources.value(of: setting).text
        guard !text.isEmpty else { throw invalid(setting) }
        return text
    }

    /// In lower case, without the spaces around them.
    func names(_ setting: Setting) -> [String] {
        sources.value(of: setting).text.lowercased().split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    }

    func integer(_ setting: Setting) throws(SettingError) -> Int {
        guard case .integer(let range) = setting.shape, let value = Int(sources.value(of: setting).text), range.contains(value) else {
            throw invalid(setting)
        }
        return value
    }

    func seconds(_ setting: Setting) throws(SettingError) -> Double {
        guard case .seconds(let range) = setting.shape, let value = Double(sources.value(of: setting).text), range.contains(value) else {
            throw invalid(setting)
        }
        return value
    }

    func truth(_ setting: Setting) throws(SettingError) -> Bool {
        switch sources.value(of: setting).text.lowercased() {
        case "true", "1", "yes": return true
        case "false", "0", "no": return false
        default: throw invalid(setting)
        }
    }

    func choice<Choice: RawRepresentable<String>>(_ setting: Setting) throws(SettingError) -> Choice {
        guard let choice = Choice(rawValue: sources.value(of: setting).text) else { throw invalid(setting) }
        return choice
    }

    func invalid(_ setting: Setting, _ expected: String? = nil) -> SettingError {
        let found = sources.value(of: setting)
        return .invalid(setting: setting, origin: found.origin, found: found.text, expected: expected ?? setting.expectation)
    }
}
