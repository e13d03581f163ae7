/// A place in a text: line and column from 1, columns counted in bytes.
public struct TextPosition: Hashable, Sendable, CustomStringConvertible {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The place of the byte at this offset; an offset past the end is the place after the last byte.
    package init(offset: Int, in bytes: borrowing Span<UInt8>) {
        var line = 1
        var lineStart = 0
        for position in 0..<min(offset, bytes.count) where bytes[position] == UInt8(ascii: "\n") {
            line += 1
            lineStart = position + 1
        }
        self.init(line: line, column: offset - lineStart + 1)
    }

    public var description: String { "line \(line), column \(column)" }
}
