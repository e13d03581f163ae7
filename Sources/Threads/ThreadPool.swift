internal import CLinux
internal import DequeModule
import Foundation

/// A fixed number of threads that run the jobs of Swift tasks, apart from the cooperative pool that all other tasks share.
///
/// Work that blocks, on a disk or on a long computation, holds up no task elsewhere; and a task that runs here waits for nobody who
/// blocks the cooperative pool. Jobs begin in the order in which they came. The threads end with the pool.
public final class ThreadPool: TaskExecutor {
    /// How the kernel is to treat the threads.
    public enum Priority: Sendable {
        /// As any other's: somebody waits for the answer.
        case normal
        /// Only where nothing else wants to run, as workers are; processes that they start begin so too. A prediction that comes does not
        /// wait for the end of their slice of time.
        case idle
    }

    private let jobs = JobQueue()

    /// - Parameters:
    ///   - name: begins the names of the threads, as debuggers and `top` show them.
    ///   - threadCount: jobs side by side, 1 or more.
    public init(name: String, threadCount: Int, priority: Priority = .normal) {
        for number in 0..<threadCount {
            let executor = asUnownedTaskExecutor()
            // The threads do not keep the pool: it ends them. A task keeps the pool that it runs on.
            let thread = Thread { [jobs] in
                if priority == .idle { _ = digitd_run_when_idle() }
                while let job = jobs.take() { job.runSynchronously(on: executor) }
            }
            thread.name = "\(name).\(number)"
            thread.start()
        }
    }

    deinit {
        jobs.close()
    }

    public func enqueue(_ job: consuming ExecutorJob) { jobs.add(UnownedJob(job)) }

    /// Does the work on one of these threads.
    public func run<Value: Sendable, Failure: Error>(
        _ work: @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withTaskExecutorPreference(self) {
            do throws(Failure) {
                return .success(try await work())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// The jobs that no thread has begun.
///
/// Sendable without being checked: what it holds is reached only with the condition's lock held, by one thread at a time. A lock that can
/// also be waited for is not to be had otherwise.
private final class JobQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private var jobs: Deque<UnownedJob> = []
    private var isClosed = false

    func add(_ job: UnownedJob) {
        condition.lock()
        defer { condition.unlock() }
        jobs.append(job)
        condition.signal()
    }

    /// The oldest job, when there is one; nil when there will be none.
    func take() -> UnownedJob? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty, !isClosed { condition.wait() }
        return jobs.popFirst()
    }

    func close() {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        condition.broadcast()
    }
}
