import Foundation
import HTTPServing
import TestData

/// A `digitd serve`, or another command, as a process of its own, ended with the last reference.
final class ServeProcess: Sendable {
    struct Failure: Error {
        let reason: String
    }

    /// The executable that was built with these tests; nil where only the tests were built.
    static let executable: String? = {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let path = tests.deletingLastPathComponent().appending(path: "digitd").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    private let program: StartedProgram
    /// Only what hangs takes so long: under a sanitizer, while other tests fill every core, a server may be minutes from start to end.
    private static let patienceSeconds = 600.0

    /// Starts `digitd serve`, or another command, with these arguments and no `DIGITD_` variables but the given ones.
    ///
    /// - Parameters:
    ///   - shell: a command of the shell before it, such as `ulimit -n 64`.
    ///   - folder: the working directory.
    init(
        command: String = "serve", _ arguments: [String], environment: [String: String] = [:], after shell: String = "true", folder: String
    ) throws {
        guard let executable = ServeProcess.executable else { throw Failure(reason: "digitd is not built") }
        program = try StartedProgram(
            "/bin/sh", ["-c", "\(shell) && exec \"$0\" \"$@\"", executable, command] + arguments,
            environment: ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("DIGITD_") }.merging(environment) { $1 },
            folder: folder)
    }

    var processID: pid_t { program.processID }
    var errorText: String { program.errorText }
    var outputText: String { program.outputText }
    private var exitStatus: Int32? { program.status }

    func send(signal: Int32) { program.send(signal: signal) }

    /// The first whole line on standard error that holds `text`, when it comes.
    func line(containing text: String) async throws -> String {
        try await waited("a line with '\(text)'") {
            self.errorText.split(separator: "\n", omittingEmptySubsequences: false).dropLast().first { $0.contains(text) }.map(String.init)
        }
    }

    /// The port of the line that says ready.
    func port() async throws -> UInt16 {
        let line = try await line(containing: "\"message\":\"ready\"")
        guard let url = line.firstMatch(of: /"url":"http:\/\/127\.0\.0\.1:(\d+)"/), let port = UInt16(url.1) else {
            throw Failure(reason: "no address in \(line)")
        }
        return port
    }

    func exit() async throws -> Int32 {
        try await waited("its end") { self.exitStatus }
    }

    private func waited<Result>(_ what: String, _ look: () -> Result?) async throws -> Result {
        let end = ContinuousClock.now + .seconds(ServeProcess.patienceSeconds)
        while ContinuousClock.now < end {
            if let result = look() { return result }
            if exitStatus != nil, let result = look() { return result }
            if let exitStatus { throw Failure(reason: "ended with \(exitStatus) before \(what): \(errorText)") }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Failure(reason: "waited too long for \(what): \(errorText)")
    }
}

/// A connection to a server on 127.0.0.1 that sends exactly what it is told.
final class ServeConnection: Sendable {
    private let descriptor: Int32

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let descriptor = descriptor
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else { throw ServeProcess.Failure(reason: "cannot connect: \(errno)") }
    }

    deinit { close(descriptor) }

    /// A port that nobody listens on.
    static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard result == 0 else { throw ServeProcess.Failure(reason: "no port: \(errno)") }
        return UInt16(bigEndian: address.sin_port)
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// All that comes until the server closes, or until it ends with `suffix`.
    func received(to suffix: String? = nil) -> String {
        var all = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
            all += String(decoding: buffer[..<count], as: UTF8.self)
            if let suffix, all.hasSuffix(suffix) { break }
        }
        return all
    }

    /// A request for a prediction of which the server has the head, and waits for the body.
    static func halfSent(port: UInt16) throws -> ServeConnection {
        let connection = try ServeConnection(port: port)
        connection.send("POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 64\r\nExpect: 100-continue\r\n\r\n")
        let answer = connection.received(to: "\r\n\r\n")
        guard answer == "HTTP/1.1 100 Continue\r\n\r\n" else { throw ServeProcess.Failure(reason: "not told to go on: \(answer)") }
        return connection
    }

    /// One request and its whole answer.
    static func answer(_ request: String, body: String = "", headers: [String] = [], port: UInt16) throws -> String {
        let connection = try ServeConnection(port: port)
        let head = ["\(request) HTTP/1.1", "Host: localhost", "Connection: close", "Content-Length: \(body.utf8.count)"] + headers
        connection.send(head.map { $0 + "\r\n" }.joined() + "\r\n" + body)
        return connection.received()
    }
}
