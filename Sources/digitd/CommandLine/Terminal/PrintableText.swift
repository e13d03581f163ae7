extension String {
    /// This text with every control character shown as `\u{FFFD}`: what others have written stays on its line, and commands the terminal to
    /// nothing.
    var printable: String {
        guard unicodeScalars.contains(where: \.properties.isControl) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0.properties.isControl ? "\u{FFFD}" : $0 }))
    }
}

extension Unicode.Scalar.Properties {
    fileprivate var isControl: Bool { generalCategory == .control || generalCategory == .lineSeparator }
}
