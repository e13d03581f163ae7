import Experiments
import Foundation
import Logging
import Testing
import Threads

@testable import HTTPServing
@testable import digitd

@Suite("The server's log")
struct ServeLogTests {
    /// 2026-05-30T12:34:56.007Z
    private static let time = Timestamp(milliseconds: 1_780_144_496_007)

    @Test(
        "moments are written as RFC 3339 with milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_780_144_496_007, "2026-05-30T12:34:56.007Z"),
        ])
    func timestamp(milliseconds: Int, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).text == text)
    }

    @Test("a JSON line escapes what JSON or a terminal would take for more than text")
    func jsonEscapes() {
        let line = LogLine.line(
            .json, time: Self.time, level: .warning, label: "digitd", message: "a \"b\" \\ c\nd\u{1B}[31m\u{0}\u{7F}\u{9B} é 😀",
            metadata: ["k\"": "v\r\t", "level": "mine"])
        #expect(
            line == #"{"time":"2026-05-30T12:34:56.007Z","level":"warning","label":"digitd","#
                + #""message":"a \"b\" \\ c\nd\u001b[31m\u0000\u007f\u009b é 😀","k\"":"v\r\t","_level":"mine"}"# + "\n")
    }

    @Test("a JSON line keeps numbers, truths, lists and objects of the metadata")
    func jsonValues() {
        let line = LogLine.line(
            .json, time: Self.time, level: .info, label: "x", message: "m",
            metadata: [
                "a": .stringConvertible(-3), "b": .stringConvertible(true), "c": .stringConvertible(0.5),
                "d": .stringConvertible(Double.nan),
                "e": .array(["1", .stringConvertible(2)]), "f": .dictionary(["z": "1", "y": .array([])]),
            ])
        #expect(
            line == #"{"time":"2026-05-30T12:34:56.007Z","level":"info","label":"x","message":"m","a":-3,"b":true,"c":0.5,"d":"nan","#
                + #""e":["1",2],"f":{"y":[],"z":"1"}}"# + "\n")
    }

    @Test("a line for people has time, level, message and the metadata in alphabetical order, those within others by both names")
    func textLine() {
        let line = LogLine.line(
            .text(inColour: false), time: Self.time, level: .notice, label: "digitd", message: "ready",
            metadata: [
                "url": "http://127.0.0.1:8080", "bad": "a b", "empty": "", "break": "1\n2", "d": .dictionary(["z": "1", "y": "2 3"]),
            ])
        #expect(
            line == "2026-05-30T12:34:56.007Z notice digitd: ready bad=\"a b\" break=\"1\\n2\" d.y=\"2 3\" d.z=1 empty=\"\" "
                + "url=http://127.0.0.1:8080\n")
    }

    @Test("a message with control characters stays one line and commands no terminal")
    func textMessage() {
        let line = LogLine.line(
            .text(inColour: false), time: Self.time, level: .error, label: "digitd", message: "a\n\u{1B}[2J", metadata: [:])
        #expect(line == "2026-05-30T12:34:56.007Z error digitd: \"a\\n\\u001b[2J\"\n")
        let turned = LogLine.line(
            .text(inColour: false), time: Self.time, level: .error, label: "digitd", message: "m", metadata: ["name": "a\u{202E}b"])
        #expect(turned == #"2026-05-30T12:34:56.007Z error digitd: m name="a\u{202E}b""# + "\n")
    }

    @Test("colour is for the level's name only")
    func colour() {
        let line = LogLine.line(.text(inColour: true), time: Self.time, level: .error, label: "digitd", message: "m", metadata: [:])
        #expect(line == "2026-05-30T12:34:56.007Z \u{1B}[31merror\u{1B}[0m digitd: m\n")
    }

    // MARK: - Requests

    /// What an access log wrote.
    private final class Written: Sendable {
        let text = Locked("")

        /// Without their times.
        var lines: [String] {
            text.withLock { $0 }.split(separator: "\n").map { line in
                line.hasPrefix("{") ? "{" + line.dropFirst(#"{"time":"2026-05-30T12:34:56.007Z","#.count) : String(line.dropFirst(25))
            }
        }
    }

    private func summary(_ serial: UInt64, status: HTTPStatus?, route: String? = "/predict") -> RequestSummary {
        RequestSummary(
            id: RequestID(serial: serial), method: .post, route: route, status: status, microseconds: 12, requestBodyBytes: 64,
            responseBodyBytes: 187)
    }

    private func log(
        _ access: ServeConfiguration.LogAccess, _ format: LogLine.Format, capacity: Int = 8_192
    ) -> (AccessLog, Written) {
        let written = Written()
        // Written by `flush` only, however long the machine takes from one request to the next.
        let log = AccessLog(access: access, format: format, capacity: capacity, delay: .seconds(3_600)) { text in
            written.text.withLock { $0 += text }
        }
        return (log, written)
    }

    @Test("a request's JSON line has id, method, route, status, microseconds and bytes")
    func accessJSON() throws {
        let (log, written) = log(.all, .json)
        let observer = try #require(log.observer)
        observer(summary(1, status: .ok))
        observer(summary(2, status: nil, route: nil))
        log.flush()
        let start = #"{"level":"info","label":"digitd","message":"request","id":""#
        let end = #","microseconds":12,"bytesIn":64,"bytesOut":187}"#
        #expect(
            written.lines == [
                start + "\(RequestID(serial: 1))" + #"","method":"POST","route":"/predict","status":200"# + end,
                start + "\(RequestID(serial: 2))" + #"","method":"POST","route":null,"status":null"# + end,
            ])
    }

    @Test("a request's line for people has the same")
    func accessText() throws {
        let (log, written) = log(.all, .text(inColour: false))
        let observer = try #require(log.observer)
        observer(summary(1, status: 404))
        observer(summary(2, status: nil, route: nil))
        log.flush()
        let end = "microseconds=12 bytesIn=64 bytesOut=187"
        #expect(
            written.lines == [
                "info digitd: request id=\(RequestID(serial: 1)) method=POST route=/predict status=404 " + end,
                "info digitd: request id=\(RequestID(serial: 2)) method=POST route=- status=- " + end,
            ])
    }

    @Test("of errors only those answered with 400 or more, or not at all, get a line; of none, the server is not even observed")
    func filter() throws {
        let (log, written) = log(.errors, .text(inColour: false))
        let observer = try #require(log.observer)
        for (serial, status) in [HTTPStatus.ok, 399, 400, 503, nil].enumerated() { observer(summary(UInt64(serial), status: status)) }
        log.flush()
        #expect(written.lines.count == 3)
        #expect(
            written.lines.map { $0.split(separator: " ").first { $0.hasPrefix("status=") } } == ["status=400", "status=503", "status=-"])
        #expect(self.log(.none, .json).0.observer == nil)
    }

    @Test("requests past the log's capacity are dropped, counted, and told of")
    func drops() throws {
        let (log, written) = log(.all, .json, capacity: 10)
        let observer = try #require(log.observer)
        for serial in 0..<25 { observer(summary(UInt64(serial), status: .ok)) }
        log.flush()
        let lines = written.lines
        #expect(lines.count == 11)
        #expect(lines.prefix(10).allSatisfy { $0.contains(#""message":"request""#) })
        #expect(lines.last == #"{"level":"warning","label":"digitd","message":"requests came faster than the log","droppedCount":15}"#)
        observer(summary(25, status: .ok))
        log.flush()
        #expect(written.lines.count == 12, "after a flush there is room again, and the drops are not told twice")
    }

    @Test("lines are written in whole, in pieces that a pipe takes at once, and without being asked")
    func pieces() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let log = AccessLog(access: .all, format: .json) { continuation.yield($0) }
        let observer = try #require(log.observer)
        for serial in 0..<200 { observer(summary(UInt64(serial), status: .ok)) }
        var lineCount = 0
        for await piece in stream {
            #expect(piece.utf8.count <= 4_096)
            #expect(piece.hasSuffix("}\n"))
            lineCount += piece.split(separator: "\n").count
            if lineCount == 200 { break }
        }
        #expect(lineCount == 200)
    }

    // MARK: - The queue

    /// A pipe that nobody reads, until it is opened.
    private final class Blocked: Sendable {
        private let gate = DispatchSemaphore(value: 0)
        let text = Locked("")

        func write(_ piece: String) {
            gate.wait()
            gate.signal()
            text.withLock { $0 += piece }
        }

        func open() { gate.signal() }
    }

    @Test("a log that nobody reads holds up nobody; what it has no room for is counted, and reported once it is read")
    func blockedLog() throws {
        let blocked = Blocked()
        let log = LogQueue(format: .json, capacityBytes: 100, write: blocked.write)
        for number in 0..<25 { log.append("line \(number + 10)\n") }
        // 12 lines of 8 bytes fit, whether or not the thread has taken some.
        #expect(!log.flush(timeoutSeconds: 0.05))
        #expect(blocked.text.withLock { $0 }.isEmpty)
        blocked.open()
        #expect(log.flush(timeoutSeconds: 60))
        let lines = blocked.text.withLock { $0 }.split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.hasPrefix("line") } == (10..<22).map { "line \($0)" })
        // One report or two, as the thread took lines before some were dropped or after.
        let reports = lines.filter { $0.contains(#""message":"the log could not be written as fast as it came","droppedLines":"#) }
        #expect(reports.compactMap { $0.firstMatch(of: /"droppedLines":([0-9]+)}$/).flatMap { Int($0.1) } }.reduce(0, +) == 13)
        #expect(lines.count == 12 + reports.count)
        log.append("after\n")
        #expect(log.flush(timeoutSeconds: 60))
        #expect(blocked.text.withLock { $0.hasSuffix("}\nafter\n") })
    }

    @Test("lines are written whole, in their order, in pieces that a pipe takes at once")
    func queuePieces() {
        let pieces = Locked<[String]>([])
        let log = LogQueue(format: .json) { piece in pieces.withLock { $0.append(piece) } }
        let lines = (0..<2_000).map { "line \($0) \(String(repeating: "x", count: $0 % 90))\n" }
        for line in lines { log.append(line) }
        #expect(log.flush(timeoutSeconds: 60))
        #expect(pieces.withLock { $0.joined() } == lines.joined())
        #expect(pieces.withLock { $0.allSatisfy { $0.utf8.count <= 4_096 && $0.hasSuffix("\n") } })
    }

    @Test("what a worker writes to standard error is an entry of the log a line, whatever is in it")
    func workerErrors() throws {
        let written = Locked("")
        let log = LogQueue(format: .json) { piece in written.withLock { $0 += piece } }
        let logger = Logger(label: "digitd") { LineLogHandler(label: $0, format: .json, level: .info, queue: log) }
        let errors = try #require(WorkerErrors(logger: logger))
        let text = Array("Fatal error: \"out of\" memory\n\nsecond\u{1B}[2J line\n".utf8)
        #expect(text.withUnsafeBytes { Foundation.write(errors.descriptor, $0.baseAddress, $0.count) } == text.count)
        let end = ContinuousClock.now + .seconds(60)
        while written.withLock({ $0.utf8.count { $0 == 10 } }) < 2, ContinuousClock.now < end { usleep(2_000) }
        let lines = written.withLock { $0 }.split(separator: "\n").map { "{" + $0.dropFirst(#"{"time":"2026-05-30T12:34:56.007Z","#.count) }
        let start = #"{"level":"error","label":"digitd","message":"a worker wrote to standard error","text":""#
        #expect(lines == [start + #"Fatal error: \"out of\" memory"}"#, start + #"second\u001b[2J line"}"#])
    }
}
