import Foundation
import ModelSelection
import Subprocess
import SystemPackage

/// Worker processes that do a search's work.
///
/// Each worker does one order at a time. One that dies (killed, out of memory, trapped) is replaced, and its order tried again, at most
/// twice. One that takes longer over an order than the time limit, or does not move at all, is killed, and has died. A unit that was tried
/// in vain is then done a candidate at a time, so that one which is too much for a worker does not take with it those that share its work;
/// any other order is lost, with the cause, and the work goes on. What the orders come to depends neither on the number of workers nor on
/// what becomes of them.
public struct WorkerPool: Sendable {
    /// How often an order is begun before it is lost.
    public static let attemptLimit = 3

    private let executable: FilePath
    private let arguments: [String]
    private let errorDescriptor: FileDescriptor
    /// Workers side by side, 1 or more.
    public let workerCount: Int
    private let unitTimeoutSeconds: Double
    /// Waits for so many seconds, in which the machine does not sleep; a test may wait for something else.
    var pause: @Sendable (_ seconds: Double) async throws -> Void = { try await Task.sleep(for: .seconds($0), clock: .suspending) }

    /// - Parameters:
    ///   - executable: a program that calls `WorkerMain.run` with these arguments.
    ///   - workerCount: 1 or more.
    ///   - errorDescriptor: what workers have for standard error, open for as long as the pool is used.
    ///   - unitTimeoutSeconds: how long a worker may take over an order, or over reading its search, before it is killed; more than 0.
    public init(
        executable: String, arguments: [String], workerCount: Int, errorDescriptor: Int32 = STDERR_FILENO,
        unitTimeoutSeconds: Double = 3_600
    ) {
        precondition(workerCount >= 1, "work needs a worker")
        self.executable = FilePath(executable)
        self.arguments = arguments
        self.errorDescriptor = FileDescriptor(rawValue: errorDescriptor)
        self.workerCount = workerCount
        self.unitTimeoutSeconds = unitTimeoutSeconds
    }

    /// A write to a worker that has died is to fail, and not to end this process with SIGPIPE.
    private static let brokenPipesAreErrors: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    /// What a slot for a worker reports.
    private enum Event: Sendable {
        case outcome(WorkerOutcome)
        /// The slot has no more to do, or cannot do it.
        case ended(WorkerError?)
    }

    /// Does the work in the order in which it is given.
    ///
    /// - Parameters:
    ///   - definition: `search` as workers receive it.
    ///   - onFailedAttempt: called with every worker that died over its work, whether or not it is tried again.
    ///   - onOutcome: called by the current task with every order that is done, or lost for good. What it throws ends the work.
    /// - Throws: `WorkerError.cancelled` where the current task was cancelled: workers are killed in the middle of their work;
    ///   `WorkerError.notStarted`; what `onOutcome` throws.
    public func run(
        _ definition: WorkerSearch, of search: GridSearch, orders: [WorkerOrder],
        onFailedAttempt: @escaping @Sendable (FailedAttempt) -> Void = { _ in }, onOutcome: (WorkerOutcome) async throws -> Void
    ) async throws {
        _ = WorkerPool.brokenPipesAreErrors
        let queue = OrderQueue(orders)
        let slotCount = min(workerCount, orders.count)
        let mailbox = EventMailbox<Event>()
        try await withThrowingTaskGroup(of: Void.self) { slots in
            // Whatever ends this block, workers end with it.
            defer { slots.cancelAll() }
            for _ in 0..<slotCount {
                slots.addTask {
                    let slot = WorkerSlot(
                        executable: executable, arguments: arguments, definition: definition, search: search,
                        errorDescriptor: errorDescriptor, timeoutSeconds: unitTimeoutSeconds, pause: pause,
                        onFailedAttempt: onFailedAttempt)
                    do throws(WorkerError) {
                        try await slot.work(on: queue) { await mailbox.put(.outcome($0)) }
                        await mailbox.put(.ended(nil))
                    } catch {
                        await mailbox.put(.ended(error))
                    }
                }
            }
            var endedCount = 0
            while endedCount < slotCount {
                // A slot reports its end also where this task was cancelled, and its slots with it.
                switch await mailbox.next() {
                case .outcome(let outcome): try await onOutcome(outcome)
                case .ended(let error?): throw error
                case .ended(nil): endedCount += 1
                }
            }
        }
        if Task.isCancelled { throw WorkerError.cancelled }
    }
}
