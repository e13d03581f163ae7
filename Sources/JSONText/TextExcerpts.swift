/// Parts of a text, as messages show them.
extension Span<UInt8> {
    /// The part as text for a message: at most 40 bytes, with U+FFFD for what is not UTF-8 and for what would steer a terminal.
    package func excerpt(_ range: Range<Int>) -> String {
        let shown = range.prefix(40)
        var text = String.UnicodeScalarView()
        for scalar in String(decoding: shown.map { self[$0] }, as: UTF8.self).unicodeScalars {
            text.append(scalar.isVisible ? scalar : "\u{FFFD}")
        }
        return String(text) + (shown.count < range.count ? "…" : "")
    }

    /// The character that starts at this offset, for a message: quoted where it can be seen, else its name.
    package func characterName(at offset: Int) -> String {
        let byte = self[offset]
        switch byte {
        case UInt8(ascii: " "): return "a space"
        case UInt8(ascii: "\t"): return "a tab"
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return "a line break"
        default:
            // The scalar that these up to four bytes begin with, where they are UTF-8.
            let following = (offset..<Swift.min(offset + 4, count)).map { self[$0] }
            let scalar = String(decoding: following, as: UTF8.self).unicodeScalars.first
            if let scalar, scalar.isVisible, scalar != "\u{FFFD}" { return "'\(Character(scalar))'" }
            let hexadecimal = String(byte, radix: 16, uppercase: true)
            return "the byte 0x" + (hexadecimal.count == 1 ? "0" : "") + hexadecimal
        }
    }
}

extension Unicode.Scalar {
    /// Neither a control character nor one that only changes how its neighbours are shown.
    fileprivate var isVisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
