import Experiments
import JSONText
import Logging

/// One entry of the log as a line.
enum LogLine {
    enum Format: Hashable {
        /// For people: `2026-05-30T12:00:00.000Z info digitd: listening host=127.0.0.1`
        case text(inColour: Bool)
        /// For programs: an object.
        case json
    }

    /// The line with its newline. Metadata stand in alphabetical order; a line break within a value never ends the line. In JSON, numbers
    /// and truths among the metadata stay what they are, and a key of the line's own that metadata repeat gets an underscore.
    static func line(
        _ format: Format, time: Timestamp, level: Logger.Level, label: String, message: String, metadata: Logger.Metadata
    ) -> String {
        var line = opening(format, time: time, level: level, label: label, message: message)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            switch format {
            case .text: line += text(key, value)
            case .json: line += ",\(JSONWriter.quoted(ownKeys.contains(key) ? "_" + key : key)):\(json(value))"
            }
        }
        return line + closing(format)
    }

    private static let ownKeys = ["time", "level", "label", "message"]

    /// A line up to its metadata.
    static func opening(_ format: Format, time: Timestamp, level: Logger.Level, label: String, message: String) -> String {
        switch format {
        case .text(let inColour):
            let name = inColour ? "\(colour(of: level))\(level.rawValue)\u{1B}[0m" : level.rawValue
            return "\(time.text) \(name) \(label): \(isPrintable(message) ? message : quoted(message))"
        case .json:
            return "{\"time\":\"\(time.text)\",\"level\":\"\(level.rawValue)\",\"label\":\(JSONWriter.quoted(label)),"
                + "\"message\":\(JSONWriter.quoted(message))"
        }
    }

    /// What ends a line.
    static func closing(_ format: Format) -> String { format == .json ? "}\n" : "\n" }

    /// ` key=value`, or ` key.member=value` for each member of a dictionary.
    private static func text(_ key: String, _ value: Logger.MetadataValue) -> String {
        guard case .dictionary(let members) = value else { return " \(plainOrQuoted(key))=\(plainOrQuoted("\(value)"))" }
        return members.sorted { $0.key < $1.key }.map { text("\(key).\($0.key)", $0.value) }.joined()
    }

    private static func json(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): return JSONWriter.quoted(text)
        case .stringConvertible(let value):
            let isBare = value is any BinaryInteger || value is Bool || (value as? Double)?.isFinite == true
            return isBare ? "\(value)" : JSONWriter.quoted("\(value)")
        case .dictionary(let members):
            let texts = members.sorted { $0.key < $1.key }.map { "\(JSONWriter.quoted($0.key)):\(json($0.value))" }
            return "{\(texts.joined(separator: ","))}"
        case .array(let values): return "[\(values.map(json).joined(separator: ","))]"
        }
    }

    /// ECMA-48's select graphic rendition: faint, green, yellow, red.
    private static func colour(of level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "\u{1B}[2m"
        case .info, .notice: "\u{1B}[32m"
        case .warning: "\u{1B}[33m"
        case .error, .critical: "\u{1B}[31m"
        }
    }

    private static func plainOrQuoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && isPrintable(text) && !text.utf8.contains { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\"") }
        return isPlain ? text : quoted(text)
    }

    /// For a terminal: what JSON does not escape and a terminal obeys is escaped too.
    private static func quoted(_ text: String) -> String { JSONWriter.quoted(text).printable }

    /// Whether a terminal shows the text as it is: nothing that would end the line, command the terminal or turn the order of the text.
    private static func isPrintable(_ text: String) -> Bool { text.printable == text }
}
