import ArgumentParser

/// Prints the table of settings for the files that show it; `scripts/document-settings` calls it.
struct SettingsCommand: ParsableCommand {
    enum Form: String, CaseIterable, ExpressibleByArgument {
        /// The whole of `config/digitd.yaml`.
        case yaml
        /// The table of the documentation.
        case markdown
    }

    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Print the table of the server's settings, with their defaults.", shouldDisplay: false)

    @Argument(help: "As a file of settings (yaml) or as a table (markdown).")
    var form: Form

    func run() {
        switch form {
        case .yaml: StandardOutput.write(SettingTable.yaml)
        case .markdown: StandardOutput.write(SettingTable.markdown)
        }
    }
}
