import Experiments
import Logging

/// A handler of swift-log that gives lines to the queue of the log.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level

    private let label: String
    private let format: LogLine.Format
    private let queue: LogQueue

    init(label: String, format: LogLine.Format, level: Logger.Level, queue: LogQueue) {
        self.label = label
        self.format = format
        self.queue = queue
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var merged = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
        if let error = event.error { merged["error"] = "\(error)" }
        queue.append(
            LogLine.line(format, time: .now, level: event.level, label: label, message: "\(event.message)", metadata: merged))
    }
}
