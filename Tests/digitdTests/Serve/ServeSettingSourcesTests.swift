import TestData
import Testing

@testable import digitd

@Suite("Sources of the server's settings")
struct ServeSettingSourcesTests {
    private let folder: ServeTestFolder

    init() throws {
        folder = try ServeTestFolder()
    }

    private func sources(
        flags: [Setting: String] = [:], yaml: String = "", environment: [String: String] = [:]
    ) throws -> SettingSources {
        try SettingSources(flags: flags, configFile: try folder.write(yaml, to: "digitd.yaml"), environment: environment)
    }

    /// The YAML that gives one setting a value.
    private func yaml(_ setting: Setting, _ value: String) -> String {
        let parts = setting.key.split(separator: ".")
        return parts.count == 1 ? "\(parts[0]): \(value)\n" : "\(parts[0]):\n  \(parts[1]): \(value)\n"
    }

    /// The name that the environment has for a setting, spelled out here so that a change of names is seen.
    private static let variables: [(Setting, String)] = [
        (.host, "DIGITD_HOST"), (.port, "DIGITD_PORT"), (.insecure, "DIGITD_INSECURE"), (.models, "DIGITD_MODELS"),
        (.state, "DIGITD_STATE"), (.semeion, "DIGITD_SEMEION"), (.hostNames, "DIGITD_HOST_NAMES"),
        (.threads, "DIGITD_THREADS"), (.connectionLimit, "DIGITD_CONNECTION_LIMIT"), (.perAddressLimit, "DIGITD_PER_ADDRESS_LIMIT"),
        (.bodyLimitBytes, "DIGITD_BODY_LIMIT_BYTES"), (.batchLimit, "DIGITD_BATCH_LIMIT"),
        (.inactivityTimeoutSeconds, "DIGITD_INACTIVITY_TIMEOUT_SECONDS"), (.headDeadlineSeconds, "DIGITD_HEAD_DEADLINE_SECONDS"),
        (.bodyDeadlineSeconds, "DIGITD_BODY_DEADLINE_SECONDS"), (.gracePeriodSeconds, "DIGITD_GRACE_PERIOD_SECONDS"),
        (.workers, "DIGITD_WORKERS"), (.workerMemoryBytes, "DIGITD_WORKER_MEMORY_BYTES"), (.workerIdle, "DIGITD_WORKER_IDLE"),
        (.queueLimit, "DIGITD_QUEUE_LIMIT"), (.listenerLimit, "DIGITD_LISTENER_LIMIT"),
        (.uploadLimitBytes, "DIGITD_UPLOAD_LIMIT_BYTES"), (.keptExperiments, "DIGITD_KEPT_EXPERIMENTS"),
        (.keptVersions, "DIGITD_KEPT_VERSIONS"),
        (.logLevel, "DIGITD_LOG_LEVEL"), (.logFormat, "DIGITD_LOG_FORMAT"), (.logAccess, "DIGITD_LOG_ACCESS"),
    ]

    @Test("every setting is taken from its flag before its variable before the file before the default", arguments: variables)
    func precedence(setting: Setting, variable: String) throws {
        let yaml = yaml(setting, "of-the-file")
        let environment = [variable: "of-the-variable"]
        let file = "\(folder.path)/digitd.yaml"
        let line = setting.key.contains(".") ? 2 : 1
        #expect(
            try sources(flags: [setting: "of-the-flag"], yaml: yaml, environment: environment).value(of: setting)
                == .init(text: "of-the-flag", origin: .flag(setting.flag)))
        #expect(
            try sources(yaml: yaml, environment: environment).value(of: setting)
                == .init(text: "of-the-variable", origin: .environment(variable: variable)))
        #expect(try sources(yaml: yaml).value(of: setting) == .init(text: "of-the-file", origin: .file(path: file, line: line)))
        #expect(try sources().value(of: setting) == .init(text: setting.defaultText, origin: .standard))
    }

    @Test("the variables are those of all settings")
    func everySettingHasAVariable() {
        #expect(Self.variables.map(\.0) == Setting.allCases)
        #expect(Self.variables.map(\.1) == Setting.allCases.map(\.variable))
    }

    @Test("variables that look like settings and are none are told")
    func unknownVariables() throws {
        let environment = [
            "DIGITD_PROT": "1", "DIGITD_A": "", "DIGITD_PORT": "2", "DIGITD_CONFIG": "x", "DIGITD_SERVER": "y", "PATH": "/bin",
        ]
        #expect(try sources(environment: environment).unknownVariables == ["DIGITD_A", "DIGITD_PROT"])
    }

    @Test("every setting has a flag of its name", arguments: Setting.allCases)
    func flags(setting: Setting) throws {
        let isSwitch = [.insecure, .workerIdle].contains(setting)
        let given = isSwitch ? [setting.flag] : [setting.flag, "7"]
        #expect(try SettingFlags.parse(given).given == [setting: isSwitch ? "true" : "7"])
    }

    @Test("the flags of a camel-case and of a grouped name")
    func flagSpelling() {
        #expect(Setting.bodyLimitBytes.flag == "--body-limit-bytes")
        #expect(Setting.logAccess.flag == "--log-access")
    }

    @Test("--no-insecure beats a file that says insecure")
    func inversion() throws {
        let flags = try SettingFlags.parse(["--no-insecure"]).given
        #expect(
            try sources(flags: flags, yaml: "insecure: true\n").value(of: .insecure) == .init(text: "false", origin: .flag("--insecure")))
    }

    @Test("DIGITD_CONFIG names the file, and --config beats it")
    func configFile() throws {
        let first = try folder.write("port: 1\n", to: "first.yaml")
        let second = try folder.write("port: 2\n", to: "second.yaml")
        let environment = ["DIGITD_CONFIG": first]
        #expect(try SettingSources(flags: [:], configFile: nil, environment: environment).value(of: .port).text == "1")
        #expect(try SettingSources(flags: [:], configFile: second, environment: environment).value(of: .port).text == "2")
    }

    @Test("a file that was named and is missing is an error that names it")
    func missingFile() throws {
        let path = "\(folder.path)/none.yaml"
        let error = try #require(throws: SettingError.self) {
            try SettingSources(flags: [:], configFile: path, environment: [:])
        }
        #expect("\(error)" == "\(path): cannot be read: No such file or directory")
        #expect(error.status.rawValue == 66)
    }

    @Test("a file of comments, and an empty one, say nothing", arguments: ["", "# port: 1\n"])
    func emptyFile(yaml: String) throws {
        #expect(try sources(yaml: yaml).value(of: .port).origin == .standard)
    }

    @Test(
        "a file that is not settings by name is refused with its place",
        arguments: [
            ("\nprot: 1\n", ":2: unknown setting 'prot'; known are host, port, "),
            ("log:\n  levle: info\n", ":2: unknown setting 'log.levle'; known are host, port, "),
            ("log.level: info\nlog: 5\n", ":2: expected settings by name, under 'log'"),
            ("- 1\n", ":1: expected settings by name, such as 'port: 8080'"),
            ("port: \"1\n", ":2: column 1: found unexpected end of stream"),
            ("a: b: c\n", ":1: column 5: mapping values are not allowed in this context"),
            ("port: 1\nport: 2\n", ": 'port' stands there twice"),
        ])
    func malformedFile(yaml: String, message: String) throws {
        let error = try #require(throws: SettingError.self) { try sources(yaml: yaml) }
        #expect("\(error)".hasPrefix("\(folder.path)/digitd.yaml" + message), "\(error)")
        #expect(error.status.rawValue == 78)
    }

    @Test(
        "a value that is not one text is refused with setting, line and what was found",
        arguments: [
            ("host:\n", "nothing"), ("host: ~\n", "nothing"), ("host: [127.0.0.1]\n", "a list"), ("host: {name: a}\n", "settings by name"),
        ])
    func valueOfAnotherShape(yaml: String, found: String) throws {
        let error = try #require(throws: SettingError.self) { try sources(yaml: yaml) }
        #expect("\(error)" == "host (file \(folder.path)/digitd.yaml:1): found '\(found)', expected a text that is not empty")
    }

    @Test("the file that is shipped has every setting, at its default")
    func shippedFile() throws {
        let path = "\(TestData.packageRoot)/config/digitd.yaml"
        let shipped = try SettingSources(flags: [:], configFile: path, environment: [:])
        for setting in Setting.allCases {
            let found = shipped.value(of: setting)
            #expect(found.text == setting.defaultText, "\(setting)")
            guard case .file(path, _) = found.origin else {
                Issue.record("\(setting.key) is not in the file")
                continue
            }
        }
    }

    @Test("the printed configuration is a table of values and where each comes from")
    func table() throws {
        let sources = try sources(
            flags: [.port: "0"], yaml: "# limits\nbodyLimitBytes: 65536\nlog:\n  access: all\n", environment: ["DIGITD_THREADS": "2"])
        let file = "\(folder.path)/digitd.yaml"
        #expect(
            ConfigurationTable.text(of: sources) == """
                setting                   value              from
                ------------------------  -----------------  -----\(String(repeating: "-", count: file.count + 2))
                host                      127.0.0.1          default
                port                      0                  flag --port
                insecure                  false              default
                models                    Models             default
                state                     state              default
                semeion                   data/semeion.data  default
                hostNames                                    default
                threads                   2                  variable DIGITD_THREADS
                connectionLimit           1024               default
                perAddressLimit           0                  default
                bodyLimitBytes            65536              file \(file):2
                batchLimit                4096               default
                inactivityTimeoutSeconds  30                 default
                headDeadlineSeconds       10                 default
                bodyDeadlineSeconds       30                 default
                gracePeriodSeconds        10                 default
                workers                   0                  default
                workerMemoryBytes         2147483648         default
                workerIdle                true               default
                queueLimit                1000               default
                listenerLimit             100                default
                uploadLimitBytes          67108864           default
                keptExperiments           200                default
                keptVersions              20                 default
                log.level                 info               default
                log.format                auto               default
                log.access                all                file \(file):4

                """)
    }
}
