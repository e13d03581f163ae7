import Foundation

/// A few threads for whatever waits for the disk, apart from those that answer predictions and from those that Swift's tasks share.
public final class ServiceQueue: TaskExecutor {
    private let operations = OperationQueue()

    /// - Parameter threadCount: jobs side by side, 1 or more.
    public init(name: String, threadCount: Int) {
        operations.name = name
        operations.maxConcurrentOperationCount = threadCount
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        operations.addOperation { job.runSynchronously(on: executor) }
    }

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
