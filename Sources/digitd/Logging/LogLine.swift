import Logging

/// One entry of the log as a line.
enum LogLine {
    /// The line with its newline. Metadata stand in alphabetical order; a line break within a value never ends the line.
    static func text(
        time: String, level: Logger.Level, label: String, message: String, metadata: Logger.Metadata, format: StandardErrorLogHandler.Format
    ) -> String {
        let fields = metadata.map { ($0.key, "\($0.value)") }.sorted { $0.0 < $1.0 }
        switch format {
        case .text(let inColour):
            let name = inColour ? "\(colour(of: level))\(level.rawValue)\u{1B}[0m" : level.rawValue
            let tail = fields.map { " \($0.0)=\(quotedIfNeeded($0.1))" }.joined()
            return "\(time) \(name) \(label): \(singleLine(message))\(tail)\n"
        case .json:
            let known = [("time", time), ("level", level.rawValue), ("label", label), ("message", message)]
            let members = (known + fields.map { (known.map(\.0).contains($0.0) ? "_" + $0.0 : $0.0, $0.1) })
                .map { "\(JSONString.quoted($0.0)):\(JSONString.quoted($0.1))" }
            return "{\(members.joined(separator: ","))}\n"
        }
    }

    private static func colour(of level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "\u{1B}[2m"
        case .info, .notice: "\u{1B}[32m"
        case .warning: "\u{1B}[33m"
        case .error, .critical: "\u{1B}[31m"
        }
    }

    private static func quotedIfNeeded(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > UInt8(ascii: " ") && $0 != UInt8(ascii: "\"") && $0 != 0x7F }
        return isPlain ? value : JSONString.quoted(value)
    }

    private static func singleLine(_ message: String) -> String {
        message.utf8.contains { $0 < 0x20 } ? JSONString.quoted(message) : message
    }
}
