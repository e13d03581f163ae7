import HTTPServing
import ModelSelection

/// A line on standard error that shows how far a search is, what is best so far and how long it will still take.
///
/// Where standard error is not a terminal there is no bar. Safe to update from any thread.
final class ProgressBar: Sendable {
    private struct State {
        var finishedCount = 0
        var best = ""
        var secondsLeft: Double?
        var lastDraw: ContinuousClock.Instant?
    }

    private let total: Int
    private let unit: String
    private let title: String
    private let isShown: Bool
    private let state = Locked(State())

    /// - Parameter title: stands before the bar where there is one.
    init(total: Int, unit: String, title: String = "", isShown: Bool = StandardError.isTerminal) {
        self.total = total
        self.unit = unit
        self.title = title
        self.isShown = isShown
    }

    /// Counts what is finished, and draws at most ten times a second.
    func advance(by count: Int, best: String? = nil, secondsLeft: Double? = nil) {
        guard isShown else { return }
        state.withLock { state in
            state.finishedCount += count
            if let best { state.best = best }
            state.secondsLeft = secondsLeft
            let now = ContinuousClock.now
            if let last = state.lastDraw, now - last < .milliseconds(100), state.finishedCount < total { return }
            state.lastDraw = now
            StandardError.write("\r\u{1B}[2K" + line(state))
        }
    }

    /// Removes the line.
    func finish() {
        if isShown { StandardError.write("\r\u{1B}[2K") }
    }

    private func line(_ state: State) -> String {
        ProgressBar.line(
            finishedCount: state.finishedCount, total: total, unit: unit, title: title, best: state.best, secondsLeft: state.secondsLeft)
    }

    /// `[######..............] 216/720 trials  best svm 96.11 %  4 s left`
    static func line(
        finishedCount: Int, total: Int, unit: String, title: String = "", best: String = "", secondsLeft: Double? = nil
    ) -> String {
        let width = 20
        let filled = total == 0 ? width : finishedCount * width / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        var line = title.isEmpty ? "" : title + " "
        line += "[\(bar)] \(finishedCount)/\(total) \(unit)"
        if !best.isEmpty { line += "  best \(best)" }
        if let secondsLeft, finishedCount < total { line += "  \(Int(secondsLeft.rounded(.up))) s left" }
        return line
    }
}
