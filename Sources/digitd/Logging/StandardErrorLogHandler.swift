import Logging

/// A handler of swift-log that writes lines to standard error: for people, or a JSON object each.
struct StandardErrorLogHandler: LogHandler {
    enum Format {
        /// `2026-05-30T12:00:00.000Z info digitd: listening host=127.0.0.1`
        case text(inColour: Bool)
        case json
    }

    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level

    private let label: String
    private let format: Format

    init(label: String, format: Format, level: Logger.Level) {
        self.label = label
        self.format = format
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let merged = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
        StandardError.write(
            LogLine.text(
                time: Timestamp.now, level: event.level, label: label, message: "\(event.message)", metadata: merged, format: format))
    }
}
