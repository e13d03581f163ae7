import ArgumentParser

/// The written form of a setting's value: which texts are accepted, and what they mean.
struct SettingForm<Value>: Sendable {
    /// What is accepted, as messages say it: `a whole number from 0 to 65535`.
    let expectation: String
    /// Whether `--help` and the documentation repeat the expectation: for ranges and choices.
    var isExpectationShown = true
    /// The placeholder in `--help`: the `port` of `--port <port>`. Nil for a switch, which takes no value on the command line.
    let valueName: String?
    /// What shells offer to complete a value with.
    var completion: CompletionKind = .default
    /// Nil for a text that is not accepted.
    let read: @Sendable (String) -> Value?
    /// The text that `read` takes as this value.
    let write: @Sendable (Value) -> String
}

extension SettingForm where Value == String {
    /// Any text but the empty one.
    static func text(_ valueName: String, completion: CompletionKind = .default) -> Self {
        Self(
            expectation: "a text that is not empty", isExpectationShown: false, valueName: valueName, completion: completion,
            read: { $0.isEmpty ? nil : $0 }, write: { $0 })
    }

    /// The path of a folder.
    static var folder: Self { text("folder", completion: .directory) }

    /// The path of a file.
    static var file: Self { text("file", completion: .file()) }
}

extension SettingForm where Value == Set<String> {
    /// Names with commas between them, or none; read in lower case, without spaces.
    static var names: Self {
        Self(
            expectation: "names separated by commas", isExpectationShown: false, valueName: "names",
            read: { text in Set(text.lowercased().split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }) },
            write: { $0.sorted().joined(separator: ",") })
    }
}

extension SettingForm where Value == Bool {
    /// True or false: a flag without a value, and its opposite with `no-` before its name.
    static var truth: Self {
        Self(
            expectation: "true or false", isExpectationShown: false, valueName: nil,
            read: { text in
                switch text.lowercased() {
                case "true", "1", "yes": true
                case "false", "0", "no": false
                default: nil
                }
            },
            write: { "\($0)" })
    }
}

extension SettingForm where Value: FixedWidthInteger & Sendable {
    /// A whole number.
    static func whole(_ range: ClosedRange<Value>, valueName: String = "count") -> Self {
        Self(
            expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)", valueName: valueName,
            read: { text in Value(text).flatMap { range.contains($0) ? $0 : nil } }, write: { "\($0)" })
    }
}

extension SettingForm where Value == Int? {
    /// A whole number from 0, where 0 stands for nil.
    static func wholeOrNil(upTo upperBound: Int, valueName: String = "count") -> Self {
        let whole = SettingForm<Int>.whole(0...upperBound, valueName: valueName)
        return Self(
            expectation: whole.expectation, valueName: valueName,
            read: { text in whole.read(text).map { $0 == 0 ? nil : $0 } }, write: { whole.write($0 ?? 0) })
    }
}

extension SettingForm where Value == Double {
    /// Seconds, with decimals or without.
    static func seconds(_ range: ClosedRange<Double>) -> Self {
        Self(
            expectation: "a number from \(range.lowerBound.shortText) to \(range.upperBound.shortText)", valueName: "seconds",
            read: { text in Double(text).flatMap { range.contains($0) ? $0 : nil } }, write: { $0.shortText })
    }
}

extension SettingForm where Value: CaseIterable & RawRepresentable<String> & Sendable {
    /// One of the cases by name.
    static func choice(_ valueName: String) -> Self {
        let names = Value.allCases.map(\.rawValue)
        return Self(
            expectation: "one of \(names.joined(separator: ", "))", valueName: valueName, completion: .list(names),
            read: { Value(rawValue: $0) }, write: { $0.rawValue })
    }
}

extension SettingForm {
    /// One of the cases by name, or `auto`, which stands for nil.
    static func choiceOrNil<Choice>(_ valueName: String) -> Self
    where Value == Choice?, Choice: CaseIterable & RawRepresentable<String> & Sendable {
        let names = ["auto"] + Choice.allCases.map(\.rawValue)
        return Self(
            expectation: "one of \(names.joined(separator: ", "))", valueName: valueName, completion: .list(names),
            read: { text in text == "auto" ? .some(nil) : Choice(rawValue: text).map { .some($0) } }, write: { $0?.rawValue ?? "auto" })
    }
}

extension Double {
    /// Without the decimals of a whole number.
    fileprivate var shortText: String { self == rounded() ? "\(Int(self))" : "\(self)" }
}
