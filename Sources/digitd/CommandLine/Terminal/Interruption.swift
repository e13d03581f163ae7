import ArgumentParser
// Dispatch sources may be used from any thread, which their declaration does not say.
@preconcurrency import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Work that Ctrl-C and SIGTERM end soon, whatever it is doing.
enum Interruption {
    /// How long work has to notice that it was cancelled, before the process ends without it.
    private static let graceMilliseconds = 400

    /// Runs `work` to its end, or ends with the exit code of the signal, 130 or 143, as shells do.
    ///
    /// A signal cancels the work; what does not notice within the grace is abandoned with the process. So `work` keeps on disk, at any
    /// time, what must not be lost. Signals are taken on a queue of their own, which gets a thread of its own: Dispatch's global queues
    /// have no more threads than there are processors, and these may all be busy for minutes.
    /// - Parameter message: what the user reads at the signal: what is kept.
    static func run<Result: Sendable>(
        message: @escaping @autoclosure @Sendable () -> String, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await work() }
        let received = ReceivedSignal()
        let queue = DispatchQueue(label: "signals")
        let sources = [SIGINT, SIGTERM].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                guard received.take(number) else { _exit(128 + number) }
                task.cancel()
                StandardError.write("\ndigitd: ".appending(message()).printableLines.wrapped(toWidth: StandardError.width) + "\n")
                queue.asyncAfter(deadline: .now() + .milliseconds(graceMilliseconds)) { _exit(128 + number) }
            }
            source.activate()
            return source
        }
        defer {
            for source in sources { source.cancel() }
        }
        let outcome = await task.result
        // Also where the work came to its end all the same: its user was told that it was interrupted.
        if let exitCode = received.exitCode { throw exitCode }
        return try outcome.get()
    }
}

/// The first signal that came.
private final class ReceivedSignal: Sendable {
    private let number = Atomic<Int32>(0)

    /// False where there has been one before.
    func take(_ signal: Int32) -> Bool {
        number.compareExchange(expected: 0, desired: signal, ordering: .sequentiallyConsistent).exchanged
    }

    var exitCode: ExitCode? {
        let signal = number.load(ordering: .sequentiallyConsistent)
        return signal == 0 ? nil : ExitCode(128 + signal)
    }
}
