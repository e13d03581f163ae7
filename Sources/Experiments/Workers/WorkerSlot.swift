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
    /// How long a worker may take over an order, or over reading its search.
    let timeoutSeconds: Double
    /// Waits for so many seconds.
    let pause: @Sendable (_ seconds: Double) async throws -> Void
    let onFailedAttempt: @Sendable (FailedAttempt) -> Void

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
            let (ending, wasReady) = try await runProcess(attempt: &attempt, queue: queue, report: report)
            if Task.isCancelled { throw .cancelled }
            guard wasReady else {
                failedStartCount += 1
                onFailedAttempt(
                    FailedAttempt(work: "reading a search", count: failedStartCount, limit: WorkerSlot.startLimit, ending: ending))
                guard failedStartCount < WorkerSlot.startLimit else {
                    throw .notStarted(reason: "it \(ending) before it had read its search, \(failedStartCount) times in a row")
                }
                try? await Task.sleep(for: .seconds(WorkerSlot.startPauseSeconds * Double(1 << (failedStartCount - 1))))
                continue
            }
            failedStartCount = 0
            guard let failed = attempt else { continue }
            onFailedAttempt(
                FailedAttempt(work: words(for: failed.order), count: failed.count, limit: WorkerPool.attemptLimit, ending: ending))
            guard failed.count >= WorkerPool.attemptLimit else { continue }
            attempt = nil
            if case .trials(let unit) = failed.order, unit.candidates.count > 1 {
                await queue.putFirst(unit.ofSingleCandidates.map { .trials(of: $0) })
                continue
            }
            let cause = "its worker \(ending), \(failed.count) times in a row"
            await report(
                WorkerOutcome(order: failed.order, result: .lost(cause: cause), seconds: failed.seconds, attemptCount: failed.count))
        }
    }

    /// Starts a worker and gives it orders until there are none, or it dies; `attempt` is then the one that it had.
    ///
    /// - Returns: how it ended, in words, and whether it took orders at all.
    private func runProcess(
        attempt: inout Attempt?, queue: OrderQueue, report: @Sendable (WorkerOutcome) async -> Void
    ) async throws(WorkerError) -> (ending: String, wasReady: Bool) {
        do {
            let current = attempt
            let result = try await Subprocess.run(
                .path(executable), arguments: Arguments(arguments), environment: .inherit.updating(["SWIFT_BACKTRACE": "enable=no"]),
                input: .inputWriter, output: .sequence, error: .fileDescriptor(errorDescriptor, closeAfterSpawningProcess: false)
            ) { execution -> Conversation in
                await converse(
                    from: current, writer: execution.standardInputWriter,
                    lines: execution.standardOutput.strings(bufferingPolicy: .unbounded), queue: queue,
                    // A worker that is gone already need not be killed.
                    kill: { try? execution.send(signal: .kill) }, report: report)
            }
            let conversation = result.closureResult
            attempt = conversation.unanswered
            let ending = conversation.isOverdue ? "was killed after \(timeoutInWords)" : WorkerSlot.words(for: result.terminationStatus)
            return (ending, conversation.wasReady)
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
        /// Whether it was killed because it took too long.
        var isOverdue = false
    }

    /// Sends orders and takes in answers.
    private func converse(
        from first: Attempt?, writer: StandardInputWriter, lines: SubprocessOutputSequence.StringSequence<UTF8>, queue: OrderQueue,
        kill: @escaping @Sendable () -> Void, report: @Sendable (WorkerOutcome) async -> Void
    ) async -> Conversation {
        var conversation = Conversation(unanswered: first)
        var answers = lines.makeAsyncIterator()
        // What cannot be written, or is not answered, is a dead worker's: its termination says more than these errors do.
        do {
            let ready = await withinTimeout(kill: kill) {
                _ = try await writer.write(WorkerLine.bytes(of: definition))
                return try await answers.next()
            }
            conversation.isOverdue = ready.isOverdue
            guard let line = try ready.value.get() else { return conversation }
            conversation.wasReady = try WorkerLine.message(WorkerReady.self, of: line.utf8).isReady
            while conversation.wasReady, !conversation.isOverdue {
                if conversation.unanswered == nil { conversation.unanswered = await queue.next().map { Attempt(order: $0) } }
                guard var begun = conversation.unanswered else { break }
                begun.count += 1
                begun.start = .now
                conversation.unanswered = begun
                let answered = await withinTimeout(kill: kill) {
                    _ = try await writer.write(WorkerLine.bytes(of: begun.order))
                    return try await answers.next()
                }
                conversation.isOverdue = answered.isOverdue
                guard let line = try answered.value.get() else { break }
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

    /// Waits for what a worker does, and kills it where that takes longer than the time limit: one that is stopped, or never comes to an
    /// end, does not stand in the way of all that wait for their turn.
    ///
    /// - Returns: what `body` came to, and whether the worker was killed; where the answer came at the last moment, both.
    private func withinTimeout<Value: Sendable>(
        kill: @escaping @Sendable () -> Void, _ body: () async throws -> Value
    ) async -> (value: Result<Value, any Error>, isOverdue: Bool) {
        await withTaskGroup(of: Bool.self) { tasks in
            tasks.addTask {
                do { try await pause(timeoutSeconds) } catch { return false }
                kill()
                return true
            }
            let value: Result<Value, any Error>
            do { value = .success(try await body()) } catch { value = .failure(error) }
            tasks.cancelAll()
            return (value, await tasks.next() ?? false)
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

    private var timeoutInWords: String {
        "\(timeoutSeconds == timeoutSeconds.rounded() ? "\(Int(timeoutSeconds))" : "\(timeoutSeconds)") s (the limit for a unit of work)"
    }

    /// What an order is, for the log.
    private func words(for order: WorkerOrder) -> String {
        func classifier(of candidate: Int) -> String { search.space.rows[candidate].candidate.classifier.rawValue }
        switch order {
        case .trials(let unit):
            let count = unit.candidates.count
            return "\(count) candidate\(count == 1 ? "" : "s") of \(classifier(of: unit.candidates[0])) on fold \(unit.fold)"
        case .refit(let refit): return "the refit of \(classifier(of: refit.candidate))"
        }
    }

    private static func words(for status: TerminationStatus) -> String {
        switch status {
        case .exited(let code): "ended with exit code \(code)"
        case .signaled(let signal): "was ended by signal \(signal)"
        }
    }
}
