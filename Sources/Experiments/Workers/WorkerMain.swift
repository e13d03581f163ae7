internal import CLinux
import Foundation
import ModelSelection
import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// What `digitd worker` does: reads a search and then orders from standard input, a line of JSON each, and answers each order with a line
/// on standard output.
///
/// It ends where standard input does, in the middle of a unit too, so that no worker outlives what it works for; and Linux kills it with
/// its parent, whatever becomes of the pipe.
public enum WorkerMain {
    /// How the kernel is to treat a worker.
    public struct Limits: Sendable {
        /// Whether it runs only where nothing else wants to (`SCHED_IDLE`).
        public let isIdle: Bool
        /// Bytes of private memory that it may have; an allocation past them fails, and with it the worker. Nil for no limit.
        public let memoryBytes: Int?

        public init(isIdle: Bool = true, memoryBytes: Int? = nil) {
            self.isIdle = isIdle
            self.memoryBytes = memoryBytes
        }
    }

    /// Works until standard input ends.
    ///
    /// - Parameter parent: the process that started it.
    /// - Throws: where a line is no message of this protocol, or the search cannot be made.
    public static func run(parent: Int32?, limits: Limits) throws {
        _ = digitd_die_with_parent()
        // The parent may have died before that call.
        if let parent, getppid() != parent { return }
        restrict(to: limits)
        endWithStandardInput()
        guard let first = readLine() else { return }
        let search = try WorkerLine.message(WorkerSearch.self, of: first.utf8).search()
        write(try WorkerLine.bytes(of: WorkerReady(isReady: true)))
        while let line = readLine() {
            let order = try WorkerLine.message(WorkerOrder.self, of: line.utf8)
            write(try WorkerLine.bytes(of: answer(to: order, of: search)))
        }
    }

    private static func answer(to order: WorkerOrder, of search: GridSearch) -> WorkerAnswer {
        let start = ContinuousClock.now
        func seconds() -> Double { (ContinuousClock.now - start) / .seconds(1) }
        switch order {
        case .trials(let unit):
            let trials = JournalUnit(search.trials(of: unit))
            return WorkerAnswer(order: order, trials: trials, refit: nil, seconds: seconds())
        case .refit(let refit):
            let result = refit.carriedOut(in: search)
            return WorkerAnswer(order: order, trials: nil, refit: result, seconds: seconds())
        }
    }

    /// Ends the process, whatever it is doing, when nobody can write to standard input any more.
    private static func endWithStandardInput() {
        Thread.detachNewThread {
            // No event is asked for: the end of a pipe is reported without asking.
            var input = pollfd(fd: STDIN_FILENO, events: 0, revents: 0)
            while poll(&input, 1, -1) < 0, errno == EINTR {}
            _exit(0)
        }
    }

    private static func restrict(to limits: Limits) {
        // The first to go where memory is short: a worker's unit is done again, the server's predictions are not.
        if let file = fopen("/proc/self/oom_score_adj", "w") {
            fputs("1000", file)
            fclose(file)
        }
        if limits.isIdle { _ = digitd_run_when_idle() }
        if let bytes = limits.memoryBytes {
            var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
            setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
        }
    }

    private static func write(_ bytes: [UInt8]) {
        do {
            try FileDescriptor.standardOutput.writeAll(bytes)
        } catch {
            _exit(0) // Nobody reads: nobody wants the answer.
        }
    }
}
