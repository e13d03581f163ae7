/// An event of a stream of server-sent events.
package struct ServerSentEvent: Hashable, Sendable {
    /// `message` where the stream names none.
    package let name: String
    /// Its lines, joined by newlines.
    package let data: String
    /// The stream's last identifier, where it has given any: what a client that comes again names as `Last-Event-ID`.
    package let id: String?
}

/// Reads server-sent events from bytes as they come, in pieces of any size: WHATWG HTML, section 9.2.6.
///
/// The field `retry` is passed over: who reads here has delays of its own. An event that the end of the stream cuts off is none.
package struct EventStreamParser {
    /// The identifier of the last event that was whole.
    package private(set) var lastEventID: String?

    private var line: [UInt8] = []
    private var name = ""
    private var data: String?
    private var id: String?
    private var isFirstLine = true
    /// Whether a carriage return has just ended a line: a newline after it belongs to it.
    private var followsCarriageReturn = false

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// - Parameter lastEventID: what an earlier stream ended with, where this one resumes it.
    package init(lastEventID: String? = nil) {
        self.lastEventID = lastEventID
        id = lastEventID
    }

    /// Takes the next bytes and gives the events that they complete.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            defer { followsCarriageReturn = byte == UInt8(ascii: "\r") }
            switch byte {
            case UInt8(ascii: "\n") where followsCarriageReturn: break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if let event = endLine() { events.append(event) }
            default: line.append(byte)
            }
        }
        return events
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer {
            line.removeAll(keepingCapacity: true)
            isFirstLine = false
        }
        if isFirstLine, line.starts(with: Self.byteOrderMark) { line.removeFirst(Self.byteOrderMark.count) }
        guard !line.isEmpty else { return dispatch() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "event": name = text
        case "data": data = data.map { $0 + "\n" + text } ?? text
        case "id" where !value.contains(0): id = text
        default: break
        }
        return nil
    }

    /// The event that an empty line ends; nil where it has no line of data.
    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            name = ""
            data = nil
        }
        lastEventID = id
        guard let data else { return nil }
        return ServerSentEvent(name: name.isEmpty ? "message" : name, data: data, id: id)
    }
}
