extension StringProtocol {
    /// Columns of a terminal that this text takes: two for a wide character of East Asian scripts or an emoji, else one.
    ///
    /// Unicode Standard Annex 11, "East Asian Width"; the blocks whose characters are wide throughout, and no table of every character.
    var columnCount: Int {
        reduce(0) { count, character in
            count + (character.unicodeScalars.first.map(Self.isWide) == true ? 2 : 1)
        }
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x1100 else { return false }
        return switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }

    /// This line in lines of at most `width` columns, broken at spaces and indented as it is; a word that is longer is broken where the
    /// line ends.
    ///
    /// - Precondition: a width of 2 or more, so that each line takes a character.
    func lines(width: Int) -> [String] {
        precondition(width >= 2, "a line takes a wide character")
        let blankCount = prefix { $0 == " " }.count
        guard blankCount == 0 || blankCount + 2 > width else {
            let indent = String(repeating: " ", count: blankCount)
            return dropFirst(blankCount).lines(width: width - blankCount).map { indent + $0 }
        }
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ", omittingEmptySubsequences: false) {
            if !line.isEmpty, line.columnCount + 1 + word.columnCount <= width {
                line += " " + word
                continue
            }
            if !line.isEmpty { lines.append(line) }
            line = ""
            for character in word {
                if line.columnCount + String(character).columnCount > width {
                    lines.append(line)
                    line = ""
                }
                line.append(character)
            }
        }
        return lines + (line.isEmpty && !lines.isEmpty ? [] : [line])
    }

    /// Each line of this text broken as `lines(width:)` does; unchanged where there is no width to keep to.
    func wrapped(toWidth width: Int?) -> String {
        guard let width else { return String(self) }
        return split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.columnCount <= width ? String($0) : $0.lines(width: width).joined(separator: "\n") }
            .joined(separator: "\n")
    }

    /// As much of this text as fits, with an ellipsis in the last column where something is left out.
    func truncated(toWidth width: Int) -> String {
        guard columnCount > width else { return String(self) }
        var text = ""
        for character in self where text.columnCount + String(character).columnCount < width { text.append(character) }
        return text + "…"
    }
}
