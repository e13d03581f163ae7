/// How long this program has been running.
///
/// Counted from the beginning of `main`: the kernel's own start time is that of the script that became this program by `exec`.
enum ProcessClock {
    private static let beginning = ContinuousClock.now

    /// To be called first of all.
    static func begin() {
        _ = beginning
    }

    /// Milliseconds since `begin`.
    static var millisecondsSinceBegin: Int {
        Int((ContinuousClock.now - beginning) / .milliseconds(1))
    }
}
