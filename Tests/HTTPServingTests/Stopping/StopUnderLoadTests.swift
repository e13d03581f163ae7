import Dispatch
import Foundation
import HTTPServing
import Testing
import Threads

/// A stop under load: whoever has a connection gets an answer to its request.
@Suite(.timeLimit(.minutes(20))) struct StopUnderLoadTests {
    /// How often a server is stopped: 100 times where `DIGITD_LONG_TESTS` is 1.
    private static let runCount = ProcessInfo.processInfo.environment["DIGITD_LONG_TESTS"] == "1" ? 100 : 3
    private static let keptClientCount = 16
    private static let freshClientCount = 16
    private static let request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    private struct Counts: Sendable {
        var answers = 0
        /// Requests on a connection that was made, and that ended without an answer.
        var losses: [String] = []
    }

    /// Asks on one connection until it is told to close, and then, where it is to, on others until it cannot connect any more.
    private func ask(port: UInt16, again: Bool, _ counts: Locked<Counts>) {
        repeat {
            guard let client = try? RawClient(port: port) else { return }
            var isKept = true
            while isKept {
                guard let answer = client.answerAtOnce(to: StopUnderLoadTests.request) else {
                    return counts.withLock { $0.losses.append("after \($0.answers) answers, again: \(again)") }
                }
                counts.withLock { $0.answers += 1 }
                isKept = !again && !answer.contains("Connection: close")
            }
        } while again
    }

    @Test("no request is lost, on connections that are kept or made anew", arguments: ["immediate", "deferred"])
    func noLoss(kind: String) async throws {
        let route: Route =
            kind == "immediate" ? .immediate(.get, "/a") { _ in .text("answered") } : .deferred(.get, "/a") { _ in .text("answered") }
        for run in 0..<StopUnderLoadTests.runCount {
            let counts = Locked(Counts())
            try await withServer([route]) { port, server in
                let clients = DispatchGroup()
                for number in 0..<StopUnderLoadTests.keptClientCount + StopUnderLoadTests.freshClientCount {
                    let again = number >= StopUnderLoadTests.keptClientCount
                    clients.enter()
                    Thread {
                        self.ask(port: port, again: again, counts)
                        clients.leave()
                    }.start()
                }
                // All of them are at it, each at another point of its request.
                try await eventually { counts.withLock { $0.answers } > 200 + 13 * run % 97 }
                await server.stop(gracePeriodSeconds: 60)
                await withCheckedContinuation { continuation in clients.notify(queue: .global()) { continuation.resume() } }
            }
            let (answers, losses) = counts.withLock { ($0.answers, $0.losses) }
            #expect(losses.isEmpty, "run \(run), \(kind): \(losses.count) of \(answers + losses.count): \(losses.prefix(3))")
        }
    }
}
