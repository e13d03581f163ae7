import Foundation
import ModelSelection
import Subprocess
import SystemPackage

/// A place for one worker process at a time, which carries out orders until there are none left.
struct WorkerSlot: Sendable {
    let executable: FilePath
    let arguments: [String]
    let definition: WorkerSearch
    let search: GridSearch
    /// What a worker has for standard error.
    let errorDescriptor: FileDescriptor

    /// An order that a worker has, and how often it was begun.
    private struct Attempt {
        let order: WorkerOrder
        var count = 0
        var start = ContinuousClock.now

        var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
    }

    /// How often in a row a worker may die before it takes orders.
    private static let startLimit = 5
    /// Before the second start in a row; twice as long before each that follows.
    private static let startPauseSeconds = 0.05

    /// - Throws: `WorkerError.notStarted` where workers die again and again before they take orders; `.cancelled` where the current task was
    ///   cancelled.
    func work(on queue: OrderQueue, report: @Sendable (WorkerOutcome) async -> Void) async throws(WorkerError) {
        var attempt: Attempt?
        var failedStartCount = 0
        while true {
            // A process is not started for nothing.
            if attempt == nil { attempt = await queue.next().map { Attempt(order: $0) } }
            if attempt == nil { return }
            let (status, wasReady) = try await runProcess(attempt: &attempt, queue: queue, report: report)
            if Task.isCancelled { throw .cancelled }
            guard wasReady else {
                failedStartCount += 1
                guard failedStartCount < WorkerSlot.startLimit else {
                    throw .notStarted(
                        reason: "it \(WorkerSlot.words(for: status)) before it had read its search, \(failedStartCount) times in a row")
                }
                try? await Task.sleep(for: .seconds(WorkerSlot.startPauseSeconds * Double(1 << (failedStartCount - 1))))
                continue
            }
            failedStartCount = 0
            guard let failed = attempt, failed.count >= WorkerPool.attemptLimit else { continue }
            let cause = "its worker \(WorkerSlot.words(for: status)), \(failed.count) times in a row"
            await report(
                WorkerOutcome(order: failed.order, result: .lost(cause: cause), seconds: failed.seconds, attemptCount: failed.count))
            attempt = nil
        }
    }

    /// Starts a worker and gives it orders until there are none, or it dies; `attempt` is then the one that it had.
    ///
    /// - Returns: how it ended, and whether it took orders at all.
    private func runProcess(
        attempt: inout Attempt?, queue: OrderQueue, report: @Sendable (WorkerOutcome) async -> Void
    ) async throws(WorkerError) -> (status: TerminationStatus, wasReady: Bool) {
        do {
            let current = attempt
            let result = try await Subprocess.run(
                .path(executable), arguments: Arguments(arguments), environment: .inherit.updating(["SWIFT_BACKTRACE": "enable=no"]),
                input: .inputWriter, output: .sequence, error: .fileDescriptor(errorDescriptor, closeAfterSpawningProcess: false)
            ) { execution -> Conversation in
                await converse(
                    from: current, writer: execution.standardInputWriter,
                    lines: execution.standardOutput.strings(bufferingPolicy: .unbounded), queue: queue, report: report)
            }
            attempt = result.closureResult.unanswered
            return (result.terminationStatus, result.closureResult.wasReady)
        } catch {
            if Task.isCancelled { throw .cancelled }
            throw .notStarted(reason: "\(error)")
        }
    }

    /// What came of the talk with one worker.
    private struct Conversation {
        /// The order that was not answered; nil where all were.
        var unanswered: Attempt?
        /// Whether it has read its search and took orders.
        var wasReady = false
    }

    /// Sends orders and takes in answers.
    private func converse(
        from first: Attempt?, writer: StandardInputWriter, lines: SubprocessOutputSequence.StringSequence<UTF8>, queue: OrderQueue,
        report: @Sendable (WorkerOutcome) async -> Void
    ) async -> Conversation {
        var conversation = Conversation(unanswered: first)
        var answers = lines.makeAsyncIterator()
        // What cannot be written, or is not answered, is a dead worker's: its termination says more than these errors do.
        do {
            _ = try await writer.write(WorkerLine.bytes(of: definition))
            guard let line = try await answers.next() else { return conversation }
            conversation.wasReady = try WorkerLine.message(WorkerReady.self, of: line.utf8).isReady
            while conversation.wasReady {
                if conversation.unanswered == nil { conversation.unanswered = await queue.next().map { Attempt(order: $0) } }
                guard var begun = conversation.unanswered else { break }
                begun.count += 1
                begun.start = .now
                conversation.unanswered = begun
                _ = try await writer.write(WorkerLine.bytes(of: begun.order))
                guard let line = try await answers.next() else { break }
                let answer = try WorkerLine.message(WorkerAnswer.self, of: line.utf8)
                guard let result = result(of: answer, to: begun.order) else { break }
                await report(WorkerOutcome(order: begun.order, result: result, seconds: answer.seconds, attemptCount: begun.count))
                conversation.unanswered = nil
            }
            return conversation
        } catch {
            return conversation
        }
    }

    /// What an answer says; nil where it is none to this order.
    private func result(of answer: WorkerAnswer, to order: WorkerOrder) -> WorkerOutcome.Result? {
        guard answer.order == order else { return nil }
        return switch order {
        case .trials(let unit): answer.trials?.trials(of: unit, search: search).map { .trials($0) }
        case .refit: answer.refit.map { .refit($0) }
        }
    }

    private static func words(for status: TerminationStatus) -> String {
        switch status {
        case .exited(let code): "ended with exit code \(code)"
        case .signaled(let signal): "was ended by signal \(signal)"
        }
    }
}
