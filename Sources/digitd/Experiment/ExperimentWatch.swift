import ArgumentParser
import DigitAPI
import DigitClient
import HTTPServing

/// Follows an experiment by the server's stream of events, over as many connections as that takes.
struct ExperimentWatch {
    /// Waits before the attempts to come back to a server that is gone: a restart takes a second or two. After the last one the watch
    /// gives up; every connection that brings something begins them anew.
    static let reconnectDelaysSeconds: [Double] = [0.5, 1, 2, 4, 8] + Array(repeating: 10, count: 12)

    private let id: ExperimentID
    private let client: ExperimentClient
    private let bar: ProgressBar
    /// Without a terminal, and so without a bar, each change of state is a line.
    private let isTerminal: Bool
    private let delaysSeconds: [Double]

    private var lastEventID: String?
    private var state = ExperimentState.queued
    private var finishedTrialCount = 0
    private var failedConnectionCount = 0

    /// - Parameter write: takes everything that is shown on the way, in place of standard error.
    init(
        _ id: ExperimentID, client: ExperimentClient, isTerminal: Bool = StandardError.isTerminal,
        delaysSeconds: [Double] = reconnectDelaysSeconds, width: @escaping @Sendable () -> Int? = { StandardError.width },
        write: @escaping @Sendable (String) -> Void = { StandardError.write($0) }
    ) {
        self.id = id
        self.client = client
        self.isTerminal = isTerminal
        self.delaysSeconds = delaysSeconds
        bar = ProgressBar(total: 0, unit: "trials", isShown: isTerminal, width: width, write: write)
    }

    /// Watches as a command does: until the end, or Ctrl-C, and then prints what came of it.
    ///
    /// - Throws: `ExitCode.failure` for an experiment that has failed or was cancelled; as `run`.
    static func showToEnd(_ id: ExperimentID, client: ExperimentClient) async throws {
        let message = "no longer watching; the experiment goes on, and 'digitd experiment watch \(id)' comes back to it"
        let experiment = try await Interruption.run(message: message) {
            var watch = ExperimentWatch(id, client: client)
            return try watch.run()
        }
        Narration.standardOutput.write(ExperimentText.summary(of: experiment))
        if experiment.state != .succeeded { throw ExitCode.failure }
    }

    /// Shows what happens until the experiment has ended, and gives what it is then. Holds its thread all the time; ends soon where its
    /// task is cancelled.
    ///
    /// - Throws: `HTTPClientError` or `ServerProblem` of the first request, of one that no later attempt would do better, or of the last
    ///   attempt.
    mutating func run() throws -> ExperimentDescription {
        var experiment = try client.experiment(id)
        defer { bar.finish() }
        show(experiment.progress, best: experiment.best)
        bar.show(title: experiment.state.rawValue)
        bar.print(ExperimentText.heading(of: experiment))
        while !experiment.state.isFinished {
            do {
                try follow()
                experiment = try client.experiment(id)
                // An end that it was queued again after is none.
                let hasEnded = experiment.state.isFinished || state.isFinished
                state = experiment.state
                guard hasEnded else { throw HTTPClientError.connectionBroken(reason: "the server ended the stream") }
            } catch  where Self.mayPass(error) && failedConnectionCount < delaysSeconds.count {
                let delay = delaysSeconds[failedConnectionCount]
                failedConnectionCount += 1
                bar.print("\(Self.reason(of: error)); trying again in \(delay.decimals(1)) s")
                try ClientSocket.pause(seconds: delay)
            }
        }
        return experiment
    }

    /// Shows the events of one connection, until the last of the experiment's or of the connection's.
    private mutating func follow() throws {
        guard let stream = try client.events(id, after: lastEventID) else { return }
        var parser = EventStreamParser(lastEventID: lastEventID)
        while let bytes = try stream.nextBytes() {
            failedConnectionCount = 0
            let events = parser.take(bytes)
            lastEventID = parser.lastEventID
            for event in events {
                if let event = try ExperimentUpdate(event) { show(event) }
            }
            if state.isFinished { return }
        }
    }

    private mutating func show(_ event: ExperimentUpdate) {
        switch event {
        case .state(let change):
            state = change.state
            bar.show(title: state.rawValue)
            if !isTerminal { bar.print(ExperimentText.state(state, failure: change.failure)) }
        case .trials(let finished): show(finished.progress, best: finished.best)
        case .notice(let notice): bar.print("notice: \(notice.message)".printable)
        }
    }

    /// The stream begins with what has been: the bar does not go back to it.
    private mutating func show(_ progress: ExperimentProgress, best: BestCandidate?) {
        guard progress.finishedTrialCount >= finishedTrialCount else { return }
        finishedTrialCount = progress.finishedTrialCount
        bar.show(
            finishedCount: progress.finishedTrialCount, total: progress.trialCount, best: best.map(ExperimentText.score),
            secondsLeft: progress.secondsLeft)
    }

    /// Whether the same request may have an answer later: a server that is being started again is away, or says that it is not available.
    private static func mayPass(_ error: any Error) -> Bool {
        switch error {
        case HTTPClientError.connectionBroken, HTTPClientError.notReachable: true
        case let problem as ServerProblem: problem.status == .serviceUnavailable
        default: false
        }
    }

    private static func reason(of error: any Error) -> String {
        (error as? ServerProblem)?.detail.printable ?? "\(error)"
    }
}
