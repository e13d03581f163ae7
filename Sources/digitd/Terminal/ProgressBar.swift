import HTTPServing
import ModelSelection

/// A line on standard error that shows how far a search is, what is best so far and how long it will still take.
///
/// Where standard error is not a terminal there is no bar. Safe to update from any thread.
final class ProgressBar: Sendable {
    private struct State {
        var finishedCount = 0
        var best = ""
        var lastDraw: ContinuousClock.Instant?
    }

    private let total: Int
    private let unit: String
    private let start = ContinuousClock.now
    private let isShown: Bool
    private let state = Locked(State())

    init(total: Int, unit: String, isShown: Bool = StandardError.isTerminal) {
        self.total = total
        self.unit = unit
        self.isShown = isShown
    }

    /// Counts what is finished, and draws at most ten times a second.
    func advance(by count: Int, best: String? = nil) {
        guard isShown else { return }
        state.withLock { state in
            state.finishedCount += count
            if let best { state.best = best }
            let now = ContinuousClock.now
            if let last = state.lastDraw, now - last < .milliseconds(100), state.finishedCount < total { return }
            state.lastDraw = now
            StandardError.write("\r\u{1B}[2K" + line(state, elapsed: now - start))
        }
    }

    /// Removes the line.
    func finish() {
        if isShown { StandardError.write("\r\u{1B}[2K") }
    }

    private func line(_ state: State, elapsed: Duration) -> String {
        ProgressBar.line(
            finishedCount: state.finishedCount, total: total, unit: unit, best: state.best,
            elapsedSeconds: Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
    }

    /// `[######..............] 216/720 trials  best svm 96.11 %  4 s left`
    static func line(finishedCount: Int, total: Int, unit: String, best: String, elapsedSeconds: Double) -> String {
        let width = 20
        let filled = total == 0 ? width : finishedCount * width / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        var line = "[\(bar)] \(finishedCount)/\(total) \(unit)"
        if !best.isEmpty { line += "  best \(best)" }
        if finishedCount > 0, finishedCount < total {
            let secondsLeft = elapsedSeconds / Double(finishedCount) * Double(total - finishedCount)
            line += "  \(Int(secondsLeft.rounded(.up))) s left"
        }
        return line
    }
}
