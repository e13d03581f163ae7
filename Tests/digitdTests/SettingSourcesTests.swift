import ArgumentParser
import Files
import TestData
import Testing

@testable import digitd

@Suite("Sources of the server's settings")
struct SettingSourcesTests {
    private let folder: ServeTestFolder

    init() throws {
        folder = try ServeTestFolder()
    }

    private func sources(
        flags: [String: String] = [:], yaml: String = "", environment: [String: String] = [:]
    ) throws -> SettingSources {
        try SettingSources(flags: flags, configFile: try folder.write(yaml, to: "digitd.yaml"), environment: environment)
    }

    private func setting(_ key: String) throws -> Setting { try #require(Setting.named(key)) }

    /// The YAML that gives one setting a value.
    private func yaml(_ key: String, _ value: String) -> String {
        let parts = key.split(separator: ".")
        return parts.count == 1 ? "\(parts[0]): \(value)\n" : "\(parts[0]):\n  \(parts[1]): \(value)\n"
    }

    @Test("every setting is taken from its flag before its variable before the file before the default", arguments: Setting.all.map(\.key))
    func precedence(key: String) throws {
        let setting = try setting(key)
        let variable = setting.variable
        let yaml = yaml(key, "of-the-file")
        let environment = [variable: "of-the-variable"]
        let file = "\(folder.path)/digitd.yaml"
        let line = key.contains(".") ? 2 : 1
        #expect(
            try sources(flags: [key: "of-the-flag"], yaml: yaml, environment: environment).value(of: setting)
                == .init(text: "of-the-flag", origin: .flag(setting.flag)))
        #expect(
            try sources(yaml: yaml, environment: environment).value(of: setting)
                == .init(text: "of-the-variable", origin: .environment(variable: variable)))
        #expect(try sources(yaml: yaml).value(of: setting) == .init(text: "of-the-file", origin: .file(path: file, line: line)))
        #expect(try sources().value(of: setting) == .init(text: setting.defaultText, origin: .standard))
    }

    @Test("variables that look like settings and are none are told")
    func unknownVariables() throws {
        let environment = [
            "DIGITD_PROT": "1", "DIGITD_A": "", "DIGITD_PORT": "2", "DIGITD_CONFIG": "x", "DIGITD_SERVER": "y", "DIGITD_CPU": "avx2",
            "PATH": "/bin",
        ]
        #expect(try sources(environment: environment).unknownVariables == ["DIGITD_A", "DIGITD_PROT"])
    }

    @Test("every setting has a flag of its name", arguments: Setting.all.map(\.key))
    func flags(key: String) throws {
        let flag = try setting(key).flag
        let isSwitch = ["insecure", "workerIdle"].contains(key)
        #expect(try SettingFlags.parse(isSwitch ? [flag] : [flag, "7"]).given == [key: isSwitch ? "true" : "7"])
    }

    @Test("the flag and the variable of a camel-case and of a grouped name")
    func spellings() throws {
        #expect(try setting("bodyLimitBytes").flag == "--body-limit-bytes")
        #expect(try setting("bodyLimitBytes").variable == "DIGITD_BODY_LIMIT_BYTES")
        #expect(try setting("log.access").flag == "--log-access")
        #expect(try setting("log.access").variable == "DIGITD_LOG_ACCESS")
    }

    @Test("--no-insecure beats a file that says insecure")
    func inversion() throws {
        let flags = try SettingFlags.parse(["--no-insecure"]).given
        #expect(
            try sources(flags: flags, yaml: "insecure: true\n").value(of: setting("insecure"))
                == .init(text: "false", origin: .flag("--insecure")))
    }

    @Test("DIGITD_CONFIG names the file, and --config beats it")
    func configFile() throws {
        let first = try folder.write("port: 1\n", to: "first.yaml")
        let second = try folder.write("port: 2\n", to: "second.yaml")
        let environment = ["DIGITD_CONFIG": first]
        #expect(try SettingSources(flags: [:], configFile: nil, environment: environment).value(of: setting("port")).text == "1")
        #expect(try SettingSources(flags: [:], configFile: second, environment: environment).value(of: setting("port")).text == "2")
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
        #expect(try sources(yaml: yaml).value(of: setting("port")).origin == .standard)
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

    @Test("an unknown name is refused with the one that was probably meant")
    func nearestName() throws {
        let error = try #require(throws: SettingError.self) { try sources(yaml: "\nprot: 1\n") }
        #expect("\(error)".hasSuffix("; did you mean 'port'?"))
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

    @Test("the file that is shipped is what the table says, and read as the defaults")
    func shippedFile() throws {
        let path = "\(TestData.packageRoot)/config/digitd.yaml"
        #expect(String(decoding: try FileBytes.read(path), as: UTF8.self) == SettingTable.yaml, "scripts/document-settings writes it")
        let shipped = try SettingSources(flags: [:], configFile: path, environment: [:])
        for setting in Setting.all {
            let found = shipped.value(of: setting)
            #expect(found.text == setting.defaultText, "\(setting.key)")
            guard case .file(path, _) = found.origin else {
                Issue.record("\(setting.key) is not in the file")
                continue
            }
        }
    }

    @Test("the article on settings has the table")
    func article() throws {
        let path = "\(TestData.packageRoot)/Sources/digitd/Documentation.docc/Settings.md"
        let text = String(decoding: try FileBytes.read(path), as: UTF8.self)
        #expect(text.contains("\n\n\(SettingTable.markdown)\n"), "scripts/document-settings writes it")
    }

    @Test("--help has the flag, purpose, range and default of every setting, and shells complete folders, files and choices")
    func help() throws {
        let words = ServeCommand.helpMessage(columns: 10_000).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for line in [
            "--port <port> The port to listen on; 0 for any that is free. A whole number from 0 to 65535. Default: 8080.",
            "--insecure/--no-insecure Listen also on an address that other machines reach, where everybody may ask. Default: false.",
            "--models <folder> The folder of model documents. Default: Models.",
            "besides localhost and addresses; separated by commas. Default: none.",
            "--grace-period-seconds <seconds> Seconds that requests under way get when the server is told to stop. A number from 0 to 86400.",
            "One of auto, text, json. Default: auto.",
        ] { #expect(words.contains(line), "\(line)") }
        for setting in Setting.all { #expect(words.contains(" \(setting.flag)"), "\(setting.flag)") }
        let completion = ServeCommand.completionScript(for: .fish)
        #expect(completion.contains("-l 'log-format' ") && completion.contains("-rfka 'auto text json'"))
        #expect(completion.contains("-l 'models' ") && completion.contains("complete_directories)'"))
    }

    @Test("a misspelt flag is refused with the nearest name, and a switch takes no value")
    func misspeltFlags() throws {
        for (arguments, message) in [
            (["--prot", "1"], "Unknown option '--prot'. Did you mean '--port'?"),
            (["--insecure=1"], "The option '--insecure' does not take any value, but '1' was specified."),
            (["--port"], "Missing value for '--port <port>'"),
        ] {
            let error = try #require(throws: (any Error).self) { try ServeCommand.parse(arguments) }
            #expect(ServeCommand.message(for: error) == message)
            #expect(ServeCommand.exitCode(for: error).rawValue == 64)
        }
    }

    @Test("the printed configuration is a table of values and where each comes from")
    func table() throws {
        let sources = try sources(
            flags: ["port": "0"], yaml: "# limits\nbodyLimitBytes: 65536\nlog:\n  access: all\n", environment: ["DIGITD_THREADS": "2"])
        let file = "\(folder.path)/digitd.yaml"
        let lines = SettingTable.inForce(sources).split(separator: "\n").map(String.init)
        #expect(lines.count == 2 + Setting.all.count)
        #expect(
            lines[..<6] == [
                "setting                   value              from",
                "------------------------  -----------------  -----\(String(repeating: "-", count: file.count + 2))",
                "host                      127.0.0.1          default",
                "port                      0                  flag --port",
                "insecure                  false              default",
                "models                    Models             default",
            ])
        for line in [
            "hostNames                                    default",
            "threads                   2                  variable DIGITD_THREADS",
            "bodyLimitBytes            65536              file \(file):2",
            "log.access                all                file \(file):4",
        ] { #expect(lines.contains(line), "\(line)") }
    }
}
