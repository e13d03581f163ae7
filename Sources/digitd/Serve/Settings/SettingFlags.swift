import ArgumentParser

/// The server's settings as flags. Values are taken as they are written: one place checks them, wherever they come from.
///
/// The parser knows the options of a type by reflection, from the property wrappers in an instance, and fills it by decoding. Both can be
/// had without a property for each setting: the mirror shows an `Option` or a `Flag` for every row of the table, and the decoder is asked
/// for the same ones.
struct SettingFlags: ParsableArguments, CustomReflectable {
    /// The values of the flags that were given, by the key of their setting.
    private(set) var given: [String: String] = [:]

    init() {}

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: FlagName.self)
        for setting in Setting.all {
            let name = FlagName(stringValue: setting.flagName)
            given[setting.key] =
                setting.isSwitch
                ? try values.decode(Flag<Bool?>.self, forKey: name).wrappedValue.map { "\($0)" }
                : try values.decode(Option<String?>.self, forKey: name).wrappedValue
        }
    }

    var customMirror: Mirror {
        Mirror(self, children: Setting.all.map { (label: $0.flagName, value: SettingFlags.argument(for: $0)) })
    }

    /// The option or flag of a setting, with what `--help` says: what it is for, its range, its default.
    private static func argument(for setting: Setting) -> Any {
        let help = ArgumentHelp(
            "\(setting.explanation) Default: \(setting.defaultText.isEmpty ? "none" : setting.defaultText).", valueName: setting.valueName)
        return setting.isSwitch
            ? Flag<Bool?>(name: .customLong(setting.flagName), inversion: .prefixedNo, help: help)
            : Option<String?>(
                name: .customLong(setting.flagName), parsing: setting.isNumber ? .unconditional : .next, help: help,
                completion: setting.completion)
    }
}

/// The name of a flag, without its dashes.
private struct FlagName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
