/// The settings in force and where each comes from, for `--print-config`.
enum ConfigurationTable {
    static func text(of sources: SettingSources) -> String {
        var table = TextTable([("setting", .left), ("value", .left), ("from", .left)])
        for setting in Setting.allCases {
            let found = sources.value(of: setting)
            table.append([setting.key, found.text, "\(found.origin)"])
        }
        return table.text
    }
}
