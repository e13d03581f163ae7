import Files

extension String {
    /// This text with whatever a terminal would obey rather than show escaped as `\u{202E}`: control and format characters, line breaks
    /// among them, and code points without a meaning. What others have written stays on its line, in its order, and commands nothing.
    ///
    /// Bytes of a file's name that are no UTF-8 are shown as `\xE9`.
    var printable: String {
        guard unicodeScalars.contains(where: \.isObeyed) else { return self }
        var shown = ""
        for scalar in unicodeScalars {
            if let byte = SystemPath.byte(of: scalar) {
                shown += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            } else if scalar.isObeyed {
                shown += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// As `printable`, of each line.
    var printableLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }.joined(separator: "\n")
    }
}

extension Unicode.Scalar {
    /// The joiners, which hold the parts of an emoji or of a Persian word together, are format characters that do no harm.
    fileprivate var isObeyed: Bool {
        guard value >= 0x7F else { return value < 0x20 }
        return switch properties.generalCategory {
        case .format: value != 0x200C && value != 0x200D
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }
}
