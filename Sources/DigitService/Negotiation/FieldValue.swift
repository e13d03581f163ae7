/// Reading the value of a header field by its bytes; no `String` is made.
extension Span<UInt8> {
    /// The part without the spaces and tabs at its ends.
    func withoutBlanks(_ part: Range<Int>) -> Range<Int> {
        var start = part.lowerBound
        var end = part.upperBound
        while start < end, isBlank(at: start) { start += 1 }
        while end > start, isBlank(at: end - 1) { end -= 1 }
        return start..<end
    }

    /// The part up to the first `separator`, or all of it.
    func prefix(of part: Range<Int>, before separator: UInt8) -> Range<Int> {
        var end = part.lowerBound
        while end < part.upperBound, self[end] != separator { end += 1 }
        return part.lowerBound..<end
    }

    /// Whether the part begins with this name, which is in lower case; the case of the value does not matter.
    func part(_ part: Range<Int>, startsWith name: StaticString) -> Bool {
        guard part.count >= name.utf8CodeUnitCount else { return false }
        for offset in 0..<name.utf8CodeUnitCount {
            let byte = self[part.lowerBound + offset]
            let isUpperCase = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            if (isUpperCase ? byte | 0x20 : byte) != name.utf8Start[offset] { return false }
        }
        return true
    }

    /// Whether the part is this name, which is in lower case; the case of the value does not matter.
    func part(_ part: Range<Int>, equals name: StaticString) -> Bool {
        part.count == name.utf8CodeUnitCount && self.part(part, startsWith: name)
    }

    private func isBlank(at index: Int) -> Bool { self[index] == UInt8(ascii: " ") || self[index] == UInt8(ascii: "\t") }
}
