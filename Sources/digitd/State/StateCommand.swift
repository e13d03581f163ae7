import ArgumentParser
import Experiments

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What can be done with a state folder, whether or not a server uses it.
struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Back up a state folder, and check one.",
        discussion: "A server may use the folder meanwhile.\n\nExample:\n  digitd state verify",
        subcommands: [StateBackupCommand.self, StateVerifyCommand.self])
}

/// Which state folder is meant.
struct StateFolderOptions: ParsableArguments {
    @Option(
        help: "The state folder, or a backup of one. Default: as 'digitd serve' has it, from DIGITD_STATE or the file of settings.",
        completion: .directory)
    var state: String?

    /// Of the server's setting.
    private static let key = "state"

    /// - Throws: `SettingError` for a file of settings that cannot be read.
    func folder() throws(SettingError) -> String {
        let sources = try SettingSources(
            flags: state.map { [StateFolderOptions.key: $0] } ?? [:], configFile: nil, environment: ProcessInfo.processInfo.environment)
        return Setting.named(StateFolderOptions.key).map { sources.value(of: $0).text } ?? ServeConfiguration().stateFolder
    }
}

/// Copies a state folder.
struct StateBackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy a state folder: the database, model versions and data sets.",
        discussion: """
            The copy is of one moment, also while a server uses the folder, and a state folder itself: 'digitd serve --state' takes it. What \
            cannot be copied whole is named, and all else is copied.

            Example:
              digitd state backup backups/monday
            """)

    @OptionGroup var options: StateFolderOptions

    @Argument(help: "The folder to write, which must be empty or not be there.", completion: .directory)
    var folder: String

    func run() throws {
        let backup = try StateBackup(of: try options.folder(), to: folder)
        try StateText.requireNone(of: backup.faults, in: folder)
        Narration.standardOutput.write("wrote \(folder): \(StateText.text(of: backup.summary))\n")
    }
}

/// Checks a state folder.
struct StateVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check the database and every file of a state folder or a backup.",
        discussion: """
            Every fault is a line; where there are any, the exit code is \(ExitCode.dataError.rawValue).

            Example:
              digitd state verify --state backups/monday
            """)

    @OptionGroup var options: StateFolderOptions

    func run() throws {
        let folder = try options.folder()
        let verification = try StateVerification(folder: folder)
        try StateText.requireNone(of: verification.faults, in: folder)
        guard let summary = verification.summary else { return }
        Narration.standardOutput.write("\(folder) is whole: \(StateText.text(of: summary))\n")
    }
}

/// What these commands say.
enum StateText {
    static func text(of summary: StateSummary) -> String {
        [
            count(summary.experimentCount, "experiment"), count(summary.modelVersionCount, "model version"),
            count(summary.datasetCount, "data set"),
        ].joined(separator: ", ")
    }

    /// Says every fault.
    ///
    /// - Throws: `CommandFailure` where there are any.
    static func requireNone(of faults: [ExperimentsError], in folder: String) throws(CommandFailure) {
        guard !faults.isEmpty else { return }
        StandardOutput.write(faults.map { "\($0)".printable + "\n" }.joined())
        throw CommandFailure("\(folder): found \(count(faults.count, "fault"))", status: .dataError)
    }

    private static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
