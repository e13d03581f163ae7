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
    private let width: @Sendable () -> Int?
    private let write: @Sendable (String) -> Void
    private let state: Locked<State>

    private static let erasure = "\r\u{1B}[2K"

    /// - Parameters:
    ///   - title: stands before the bar where there is one.
    ///   - width: columns of the terminal, asked for at every drawing since windows change; nil where any width will do.
    ///   - write: where the bar is drawn.
    init(
        total: Int, unit: String, title: String = "", isShown: Bool = StandardError.isTerminal,
        width: @escaping @Sendable () -> Int? = { StandardError.width },
        write: @escaping @Sendable (String) -> Void = { StandardError.write($0) }
    ) {
        self.unit = unit
        self.isShown = isShown
        self.width = width
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
            write(ProgressBar.erasure + line.wrapped(toWidth: width()) + "\n")
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
                    secondsLeft: state.secondsLeft, width: width()))
    }

    /// `[######..............] 216/720 trials  best svm 96.11 %  4 s left`
    ///
    /// A line that wraps would not be erased whole: on a narrow terminal the bar is shorter or left out, then what is best, then the rest.
    static func line(
        finishedCount: Int, total: Int, unit: String, title: String = "", best: String = "", secondsLeft: Double? = nil, width: Int? = nil
    ) -> String {
        func line(barWidth: Int, best: String) -> String {
            let filled = total == 0 ? barWidth : min(finishedCount, total) * barWidth / total
            let bar = "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: barWidth - filled) + "] "
            var line = title.isEmpty ? "" : title + " "
            line += "\(barWidth > 0 ? bar : "")\(finishedCount)/\(total) \(unit)"
            if !best.isEmpty { line += "  best \(best)" }
            if let secondsLeft, finishedCount < total { line += "  \(duration(seconds: secondsLeft)) left" }
            return line
        }
        let whole = line(barWidth: 20, best: best)
        guard let width else { return whole }
        // The last column stays empty: with it full, some terminals are in the next line already.
        let lines = [whole] + [(10, best), (0, best), (0, "")].map(line)
        return lines.first { $0.columnCount < width } ?? lines[lines.count - 1].truncated(toWidth: width - 1)
    }

    /// Rounded up: `90 s`, `3 min`, `2 h 5 min`.
    private static func duration(seconds: Double) -> String {
        guard seconds > 120 else { return "\(Int(seconds.rounded(.up))) s" }
        let minutes = Int((seconds / 60).rounded(.up))
        return minutes < 120 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
    }
}
