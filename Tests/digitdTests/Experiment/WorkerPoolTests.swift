import Digits
import Foundation
import ModelSelection
import Testing
import Threads

@testable import Experiments
@testable import digitd

/// Searches done by worker processes, beside the same searches done in this one.
@Suite("Worker processes", .serialized)
struct WorkerPoolTests {
    private let executable: String
    private let folder: ServeTestFolder
    private let search: GridSearch
    private let definition: WorkerSearch

    init() throws {
        executable = try #require(ServeProcess.executable, "digitd is not built")
        folder = try ServeTestFolder()
        let dataset = SyntheticDigits.dataset(rowCount: 300, seed: 8)
        let space = try SearchSpace(
            yaml: """
                search:
                  - classifier: svm
                    grid: {C: [0.1, 10], gamma: [auto, 0.03]}
                  - classifier: random-forest
                    grid: {n_estimators: [5, 40]}
                  - classifier: gaussian-naive-bayes
                """)
        search = try GridSearch(
            space: space, dataset: dataset, folds: .stratified(labels: dataset.labels, foldCount: 4, seed: 1), seed: 7)
        let path = folder.path + "/data.bin"
        try Data(dataset.encoded(as: .packed)).write(to: URL(filePath: path))
        definition = WorkerSearch(search, datasetPath: path)
    }

    private func pool(_ count: Int, arguments: [String] = ["worker", "--no-idle"]) -> WorkerPool {
        WorkerPool(executable: executable, arguments: arguments, workerCount: count)
    }

    private func outcomes(_ pool: WorkerPool, onOutcome: (WorkerOutcome) throws -> Void = { _ in }) async throws -> [WorkerOutcome] {
        var outcomes: [WorkerOutcome] = []
        try await pool.run(definition, of: search, orders: units(pool).map { .trials(of: $0) }) { outcome in
            outcomes.append(outcome)
            try onOutcome(outcome)
        }
        return outcomes
    }

    private func units(_ pool: WorkerPool) -> [SearchUnit] { search.units(jobCount: pool.workerCount) }

    private func trials(_ outcome: WorkerOutcome) -> [Trial] {
        guard case .trials(let unit) = outcome.order else { return [] }
        return outcome.trials(of: unit)
    }

    private static func sorted(_ trials: [Trial]) -> [String] {
        trials.map { trial in
            switch trial.outcome {
            case .succeeded(let success): "\(trial.candidate) \(trial.fold) \(success.predictions)"
            case .failed(let reason): "\(trial.candidate) \(trial.fold) \(reason)"
            }
        }.sorted()
    }

    @Test("one worker and three come to the trials of the search in this process")
    func sameTrials() async throws {
        let expected = Self.sorted(try await search.run(jobCount: 1))
        for count in [1, 3] {
            let outcomes = try await outcomes(pool(count))
            #expect(Self.sorted(outcomes.flatMap(trials)) == expected)
            #expect(outcomes.allSatisfy { $0.attemptCount == 1 })
        }
    }

    @Test("workers that are killed are replaced, and their units done by others")
    func killed() async throws {
        let expected = Self.sorted(try await search.run(jobCount: 1))
        var killedCount = 0
        let outcomes = try await outcomes(pool(2)) { _ in
            guard killedCount < 4 else { return }
            killedCount += Self.killWorkers(of: getpid())
        }
        #expect(killedCount >= 4)
        #expect(Self.sorted(outcomes.flatMap(trials)) == expected)
    }

    /// Workers that are a line of shell.
    private func pool(shell script: String, _ count: Int = 1) -> WorkerPool {
        WorkerPool(executable: "/bin/sh", arguments: ["-c", script], workerCount: count)
    }

    /// One worker that is a shell script in which the path of the test's folder occurs. No clock: its time is up once it is stopped.
    private func stoppable(shell script: String) -> WorkerPool {
        let path = folder.path
        var workers = pool(shell: script)
        workers.pause = { seconds in
            #expect(seconds == 3_600)
            while !ProcessTable.hasStopped(ofCommand: path) { try await Task.sleep(for: .milliseconds(5)) }
        }
        return workers
    }

    @Test("a unit that no worker lives through is tried three times, then each of its candidates alone, which has failed with the cause")
    func hopeless() async throws {
        let outcomes = try await outcomes(pool(shell: #"read -r search; echo '{"ready":true}'; read -r order; exit 9"#, 2))
        #expect(outcomes.count == search.trialCount)
        for outcome in outcomes {
            #expect(outcome.attemptCount == WorkerPool.attemptLimit)
            for trial in trials(outcome) {
                guard case .failed(let reason) = trial.outcome else {
                    Issue.record("a trial succeeded")
                    continue
                }
                #expect(reason == "its worker ended with exit code 9, 3 times in a row")
            }
        }
    }

    @Test("a candidate that is too much for a worker fails alone; those that share its unit are measured")
    func oneTooBig() async throws {
        // The larger forest, which shares its unit with the smaller one, ends every worker that is given it.
        let doomed = 5
        #expect(search.units(jobCount: 1).contains { $0.candidates.contains(doomed) && $0.candidates.count > 1 })
        let script = """
            while read -r line; do
                case "$line" in *'"candidates":['*\(doomed)*']'*) exit;; esac
                printf '%s\\n' "$line"
            done | '\(executable)' worker --no-idle
            """
        let trials = try await outcomes(pool(shell: script)).flatMap(trials)
        let expected = try await search.run(jobCount: 1)
        #expect(Self.sorted(trials.filter { $0.candidate != doomed }) == Self.sorted(expected.filter { $0.candidate != doomed }))
        let lost = trials.filter { $0.candidate == doomed }
        #expect(lost.map(\.fold).sorted() == [0, 1, 2, 3])
        for trial in lost {
            guard case .failed(let reason) = trial.outcome else {
                Issue.record("a trial succeeded")
                continue
            }
            #expect(reason == "its worker ended with exit code 0, 3 times in a row")
        }
    }

    @Test("a worker that is stopped is killed when its time is up, its unit done by another one, and the log told")
    func stopped() async throws {
        let script = """
            if mkdir '\(folder.path)/stopped' 2> /dev/null; then
                read -r search; echo '{"ready":true}'; read -r order; kill -STOP $$
            fi
            exec '\(executable)' worker --no-idle
            """
        let pool = stoppable(shell: script)
        let attempts = Locked<[FailedAttempt]>([])
        var trials: [Trial] = []
        try await pool.run(
            definition, of: search, orders: units(pool).map { .trials(of: $0) },
            onFailedAttempt: { attempt in attempts.withLock { $0.append(attempt) } }
        ) { trials += self.trials($0) }
        #expect(Self.sorted(trials) == Self.sorted(try await search.run(jobCount: 1)))
        let first = try #require(search.units(jobCount: 1).first)
        let classifier = search.space.rows[first.candidates[0]].candidate.classifier.rawValue
        let work = "\(first.candidates.count) candidates of \(classifier) on fold \(first.fold)"
        #expect(
            attempts.withLock { $0 } == [
                FailedAttempt(work: work, count: 1, limit: 3, ending: "was killed after 3600 s (the limit for a unit of work)")
            ])
    }

    @Test("workers that are stopped before they have read their search are killed too, and end the run with the reason")
    func stoppedAtStart() async throws {
        let workers = stoppable(shell: ": '\(folder.path)'; kill -STOP $$")
        let reason = "it was killed after 3600 s (the limit for a unit of work) before it had read its search, 5 times in a row"
        await #expect(throws: WorkerError.notStarted(reason: reason)) { try await outcomes(workers) }
    }

    @Test("workers that die before they have read a search, however long that is, end the run with the reason", .timeLimit(.minutes(2)))
    func neverReady() async throws {
        // Longer than a pipe holds.
        let rows = SyntheticDigits.dataset(rowCount: 40_000, seed: 1)
        let search = try GridSearch(
            space: search.space, dataset: rows, folds: .leaveOneOut(rowCount: rows.count), seed: 7)
        let definition = WorkerSearch(search, datasetPath: folder.path + "/none.bin")
        let orders = [WorkerOrder.trials(of: SearchUnit(candidates: [0], fold: 0, cost: 1))]
        func end(_ pool: WorkerPool) async throws { try await pool.run(definition, of: search, orders: orders) { _ in } }
        let reason = "it ended with exit code 3 before it had read its search, 5 times in a row"
        await #expect(throws: WorkerError.notStarted(reason: reason)) { try await end(pool(shell: "exit 3")) }
        // One that reads, and cannot make the search of it: its rows are not there.
        await #expect(throws: WorkerError.self) { try await end(pool(1)) }
    }

    @Test("a cancelled run ends at once and leaves no worker behind")
    func cancelled() async throws {
        let task = Task { try await outcomes(pool(2)) }
        while ProcessTable.workers(of: getpid()).isEmpty, !task.isCancelled { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: WorkerError.cancelled) { try await task.value }
        #expect(ProcessTable.workers(of: getpid()).isEmpty)
    }

    @Test("a program that is not there is said to be it")
    func notStarted() async throws {
        let pool = WorkerPool(executable: folder.path + "/nothing", arguments: [], workerCount: 1)
        await #expect(throws: WorkerError.self) { try await outcomes(pool) }
    }

    /// Returns how many there were.
    private static func killWorkers(of parent: Int32) -> Int {
        let workers = ProcessTable.workers(of: parent)
        for worker in workers { kill(worker, SIGKILL) }
        return workers.count
    }
}
