import HTTPServing
import ModelSelection
import Threads

/// A line on standard error that shows how far a search is, what is best so far and how long it will still take.
///
/// Where standard error is not a terminal there is no bar. Safe to update from any thread.
final class ProgressBar: Sendable {
    private struct State {
        var title: String
        var finishedCount = 0
        var total: Int
        var best = ""
        var secondsLeft: Double?
        var lastDraw: ContinuousClock.Instant?
    }

    private let unit: String
    private let isShown: Bool
    private let write: @Sendable (String) -> Void
    private let state: Locked<State>

    private static let erasure = "\r\u{1B}[2K"

    /// - Parameters:
    ///   - title: stands before the bar where there is one.
    ///   - write: where the bar is drawn.
    init(
        total: Int, unit: String, title: String = "", isShown: Bool = StandardError.isTerminal,
        write: @escaping @Sendable (String) -> Void = { StandardError.write($0) }
    ) {
        self.unit = unit
        self.isShown = isShown
        self.write = write
        state = Locked(State(title: title, total: total))
    }

    /// Counts what is finished, and draws at most ten times a second.
    func advance(by count: Int, best: String? = nil, secondsLeft: Double? = nil) {
        guard isShown else { return }
        state.withLock { state in
            state.finishedCount += count
            if let best { state.best = best }
            state.secondsLeft = secondsLeft
            drawUnlessJustDrawn(&state)
        }
    }

    /// As `advance`, of work that others count and that may turn out to be more or less than was thought.
    func show(finishedCount: Int, total: Int, best: String?, secondsLeft: Double?) {
        guard isShown else { return }
        state.withLock { state in
            state.finishedCount = finishedCount
            state.total = total
            if let best { state.best = best }
            state.secondsLeft = secondsLeft
            drawUnlessJustDrawn(&state)
        }
    }

    /// Puts another title before the bar.
    func show(title: String) {
        guard isShown else { return }
        state.withLock { state in
            state.title = title
            draw(&state)
        }
    }

    /// Writes a line that stays, above the bar where there is one.
    func print(_ line: String) {
        guard isShown else { return write(line + "\n") }
        state.withLock { state in
            write(ProgressBar.erasure + line + "\n")
            draw(&state)
        }
    }

    /// Removes the bar.
    func finish() {
        if isShown { write(ProgressBar.erasure) }
    }

    private func drawUnlessJustDrawn(_ state: inout State) {
        if let last = state.lastDraw, ContinuousClock.now - last < .milliseconds(100), state.finishedCount < state.total { return }
        draw(&state)
    }

    private func draw(_ state: inout State) {
        state.lastDraw = .now
        write(
            ProgressBar.erasure
                + ProgressBar.line(
                    finishedCount: state.finishedCount, total: state.total, unit: unit, title: state.title, best: state.best,
                    secondsLeft: state.secondsLeft))
    }

    /// `[######..............] 216/720 trials  best svm 96.11 %  4 s left`
    static func line(
        finishedCount: Int, total: Int, unit: String, title: String = "", best: String = "", secondsLeft: Double? = nil
    ) -> String {
        let width = 20
        let filled = total == 0 ? width : min(finishedCount, total) * width / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        var line = title.isEmpty ? "" : title + " "
        line += "[\(bar)] \(finishedCount)/\(total) \(unit)"
        if !best.isEmpty { line += "  best \(best)" }
        if let secondsLeft, finishedCount < total { line += "  \(duration(seconds: secondsLeft)) left" }
        return line
    }

    /// Rounded up: `90 s`, `3 min`, `2 h 5 min`.
    private static func duration(seconds: Double) -> String {
        guard seconds > 120 else { return "\(Int(seconds.rounded(.up))) s" }
        let minutes = Int((seconds / 60).rounded(.up))
        return minutes < 120 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
    }
}
