import Testing

@testable import digitd

@Suite("The server's configuration")
struct ServeConfigurationTests {
    private let emptyFile: String
    private let folder: ServeTestFolder

    init() throws {
        folder = try ServeTestFolder()
        emptyFile = try folder.write("", to: "empty.yaml")
    }

    private func configuration(flags: [String: String] = [:], environment: [String: String] = [:]) throws -> ServeConfiguration {
        try ServeConfiguration(SettingSources(flags: flags, configFile: emptyFile, environment: environment))
    }

    @Test("without any setting it has the documented defaults")
    func defaults() throws {
        let configuration = try configuration()
        #expect(configuration.host == "127.0.0.1")
        #expect(configuration.port == 8080)
        #expect(configuration.modelsFolder == "Models")
        #expect(configuration.stateFolder == "state")
        #expect(configuration.threadCount == nil)
        #expect(configuration.connectionLimit == 1024)
        #expect(configuration.perAddressLimit == 0)
        #expect(configuration.bodyLimitBytes == 1_048_576)
        #expect(configuration.batchLimit == 4096)
        #expect(configuration.inactivityTimeoutSeconds == 75)
        #expect(configuration.headDeadlineSeconds == 10)
        #expect(configuration.bodyDeadlineSeconds == 30)
        #expect(configuration.gracePeriodSeconds == 10)
        #expect(configuration.databaseWaitSeconds == 5)
        #expect(configuration.semeionPath == "data/semeion.data")
        #expect(configuration.hostNames == ["127.0.0.1"])
        #expect(configuration.workerCount == max(1, Processors.count - 1))
        #expect(configuration.workerMemoryBytes == 2_147_483_648)
        #expect(configuration.workersAreIdle)
        #expect(configuration.unitTimeoutSeconds == 3_600)
        #expect(configuration.queueLimit == 1000)
        #expect(configuration.listenerLimit == 100)
        #expect(configuration.uploadLimitBytes == 67_108_864)
        #expect(configuration.keptExperimentCount == 200)
        #expect(configuration.keptVersionCount == 20)
        #expect(configuration.logLevel == .info)
        #expect(configuration.logFormat == .auto)
        #expect(configuration.logAccess == .errors)
    }

    @Test("every setting reaches its property")
    func properties() throws {
        let configuration = try configuration(flags: [
            "host": "::1", "port": "65535", "models": "m", "state": "s", "threads": "3", "connectionLimit": "4", "perAddressLimit": "5",
            "bodyLimitBytes": "6", "batchLimit": "7", "inactivityTimeoutSeconds": "8", "headDeadlineSeconds": "0.5",
            "bodyDeadlineSeconds": "9.25",
            "gracePeriodSeconds": "0", "databaseWaitSeconds": "0.5", "semeion": "d", "hostNames": "A.example, b.example,", "workers": "3",
            "workerMemoryBytes": "0", "workerIdle": "false", "unitTimeoutSeconds": "0.25", "queueLimit": "11", "listenerLimit": "12",
            "uploadLimitBytes": "13", "keptExperiments": "14",
            "keptVersions": "15", "log.level": "critical", "log.format": "json", "log.access": "none",
        ])
        #expect(configuration.host == "::1")
        #expect(configuration.port == 65_535)
        #expect(configuration.modelsFolder == "m")
        #expect(configuration.stateFolder == "s")
        #expect(configuration.threadCount == 3)
        #expect(configuration.connectionLimit == 4)
        #expect(configuration.perAddressLimit == 5)
        #expect(configuration.bodyLimitBytes == 6)
        #expect(configuration.batchLimit == 7)
        #expect(configuration.inactivityTimeoutSeconds == 8)
        #expect(configuration.headDeadlineSeconds == 0.5)
        #expect(configuration.bodyDeadlineSeconds == 9.25)
        #expect(configuration.gracePeriodSeconds == 0)
        #expect(configuration.semeionPath == "d")
        #expect(configuration.hostNames == ["::1", "a.example", "b.example"])
        #expect(configuration.workerCount == 3)
        #expect(configuration.workerMemoryBytes == nil)
        #expect(!configuration.workersAreIdle)
        #expect(configuration.unitTimeoutSeconds == 0.25)
        #expect(configuration.queueLimit == 11)
        #expect(configuration.listenerLimit == 12)
        #expect(configuration.uploadLimitBytes == 13)
        #expect(configuration.keptExperimentCount == 14)
        #expect(configuration.keptVersionCount == 15)
        #expect(configuration.logLevel == .critical)
        #expect(configuration.logFormat == .json)
        #expect(configuration.logAccess == .none)
    }

    @Test(
        "a value that does not fit is refused with setting, source, what was found and what is expected",
        arguments: [
            ("host", "", "a text that is not empty"),
            ("port", "65536", "a whole number from 0 to 65535"),
            ("port", "-1", "a whole number from 0 to 65535"),
            ("port", "80a", "a whole number from 0 to 65535"),
            ("insecure", "maybe", "true or false"),
            ("models", "", "a text that is not empty"),
            ("state", "", "a text that is not empty"),
            ("threads", "1025", "a whole number from 0 to 1024"),
            ("connectionLimit", "0", "a whole number from 1 to 1000000"),
            ("perAddressLimit", "-1", "a whole number from 0 to 1000000"),
            ("bodyLimitBytes", "0", "a whole number from 1 to 1073741824"),
            ("batchLimit", "1000001", "a whole number from 1 to 1000000"),
            ("inactivityTimeoutSeconds", "0.5", "a whole number from 1 to 86400"),
            ("headDeadlineSeconds", "0", "a number from 0.01 to 86400"),
            ("bodyDeadlineSeconds", "nan", "a number from 0.01 to 86400"),
            ("gracePeriodSeconds", "86401", "a number from 0 to 86400"),
            ("semeion", "", "a text that is not empty"),
            ("workers", "1025", "a whole number from 0 to 1024"),
            ("workerMemoryBytes", "-1", "a whole number from 0 to 1125899906842624"),
            ("workerIdle", "perhaps", "true or false"),
            ("unitTimeoutSeconds", "0", "a number from 0.01 to 604800"),
            ("queueLimit", "0", "a whole number from 1 to 1000000"),
            ("listenerLimit", "-1", "a whole number from 0 to 1000000"),
            ("uploadLimitBytes", "0", "a whole number from 1 to 68719476736"),
            ("keptExperiments", "0", "a whole number from 1 to 1000000"),
            ("keptVersions", "0", "a whole number from 1 to 1000000"),
            ("log.level", "loud", "one of trace, debug, info, notice, warning, error, critical"),
            ("log.format", "xml", "one of auto, text, json"),
            ("log.access", "ALL", "one of all, errors, none"),
        ])
    func invalid(key: String, value: String, expected: String) throws {
        let setting = try #require(Setting.named(key))
        let ofFlag = try #require(throws: SettingError.self) { try configuration(flags: [key: value]) }
        #expect("\(ofFlag)" == "\(key) (flag \(setting.flag)): found '\(value)', expected \(expected)")
        #expect(ofFlag.status.rawValue == 64)
        let ofVariable = try #require(throws: SettingError.self) { try configuration(environment: [setting.variable: value]) }
        #expect("\(ofVariable)" == "\(key) (variable \(setting.variable)): found '\(value)', expected \(expected)")
        #expect(ofVariable.status.rawValue == 78)
    }

    @Test("fewer connections than threads are refused")
    func connectionsForThreads() throws {
        let error = try #require(throws: SettingError.self) { try configuration(flags: ["threads": "8", "connectionLimit": "7"]) }
        #expect("\(error)" == "connectionLimit (flag --connection-limit): found '7', expected at least 8, one for each of the threads")
        #expect(try configuration(flags: ["threads": "8", "connectionLimit": "8"]).connectionLimit == 8)
    }

    @Test(
        "which hosts are loopback",
        arguments: [
            ("127.0.0.1", true), ("127.255.255.254", true), ("localhost", true), ("LocalHost", true), ("::1", true),
            ("0:0:0:0:0:0:0:1", true),
            ("0.0.0.0", false), ("::", false), ("126.0.0.1", false), ("128.0.0.1", false), ("192.168.0.1", false), ("::2", false),
            ("1::1", false), ("::ffff:127.0.0.1", false), ("127.1", false), ("127.0.0.+1", false), ("127.0.0.1.example", false),
            ("localhost.example", false), ("example.com", false), ("", false), ("[::1]", false),
        ])
    func loopback(host: String, isLoopback: Bool) {
        #expect(Loopback.contains(host) == isLoopback)
    }

    @Test("a host that other machines reach needs insecure, whichever way either is said")
    func insecure() throws {
        let error = try #require(throws: SettingError.self) { try configuration(environment: ["DIGITD_HOST": "0.0.0.0"]) }
        #expect(
            "\(error)"
                == "host (variable DIGITD_HOST): found '0.0.0.0', which other machines can reach, and digitd has no keys yet: anybody there may use it; "
                + "expected a loopback address (127.0.0.0/8, ::1, localhost), or --insecure to let everybody ask")
        #expect(error.status.rawValue == 78)
        let ofFlag = try #require(throws: SettingError.self) { try configuration(flags: ["host": "::"]) }
        #expect(ofFlag.status.rawValue == 64)
        #expect(try configuration(flags: ["host": "0.0.0.0", "insecure": "true"]).host == "0.0.0.0")
        #expect(try configuration(flags: ["host": "0.0.0.0"], environment: ["DIGITD_INSECURE": "1"]).host == "0.0.0.0")
    }

    @Test("the log is text in colour on a terminal and JSON elsewhere, unless it is told; NO_COLOR takes the colour off")
    func logFormat() {
        typealias Format = ServeConfiguration.LogFormat
        #expect(Format.auto.resolved(isTerminal: true, environment: [:]) == .text(inColour: true))
        #expect(Format.auto.resolved(isTerminal: true, environment: ["NO_COLOR": "1"]) == .text(inColour: false))
        #expect(Format.auto.resolved(isTerminal: true, environment: ["NO_COLOR": ""]) == .text(inColour: true))
        #expect(Format.auto.resolved(isTerminal: false, environment: [:]) == .json)
        #expect(Format.text.resolved(isTerminal: false, environment: [:]) == .text(inColour: false))
        #expect(Format.json.resolved(isTerminal: true, environment: [:]) == .json)
    }
}
