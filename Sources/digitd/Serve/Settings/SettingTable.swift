/// The table of settings as text: in force for `--print-config`, with defaults for the file that is shipped and for the documentation.
enum SettingTable {
    /// The settings in force and where each comes from.
    static func inForce(_ sources: SettingSources) -> String {
        var table = TextTable([("setting", .left), ("value", .left), ("from", .left)])
        for setting in Setting.all {
            let found = sources.value(of: setting)
            table.append([setting.key, found.text, "\(found.origin)"])
        }
        return table.text(width: StandardOutput.width)
    }

    /// `config/digitd.yaml`: every setting at its default, with what it is for.
    static var yaml: String {
        var text = """
            # Settings of `digitd serve`, all at their defaults. An environment variable beats this file, and a flag beats both:
            # bodyLimitBytes is DIGITD_BODY_LIMIT_BYTES and --body-limit-bytes; level under log is DIGITD_LOG_LEVEL and --log-level.
            # `digitd serve --print-config` shows what is in force and where it comes from.

            """
        var group: Substring = ""
        for setting in Setting.all {
            let parts = setting.key.split(separator: ".")
            let isMember = parts.count == 2
            if isMember, parts[0] != group {
                group = parts[0]
                text += "\n\(group):"
            }
            let indent = isMember ? "  " : ""
            let value = setting.defaultText.isEmpty ? "\"\"" : setting.defaultText
            text += "\n" + lines(of: setting.explanation, width: 110).map { "\(indent)# \($0)\n" }.joined()
            text += "\(indent)\(parts[parts.count - 1]): \(value)\n"
        }
        return text
    }

    /// The table of the documentation.
    static var markdown: String {
        let rows = Setting.all.map { setting in
            let standard = setting.defaultText.isEmpty ? "none" : "`\(setting.defaultText)`"
            return "| `\(setting.key)` | `\(setting.flag)` | `\(setting.variable)` | \(standard) | \(setting.explanation) |\n"
        }
        return "| in the file | flag | variable | default | what it is |\n|---|---|---|---|---|\n" + rows.joined()
    }

    /// The words of a text in lines.
    private static func lines(of text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
