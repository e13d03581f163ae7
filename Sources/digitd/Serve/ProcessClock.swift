import Digits

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How long this process has been running.
enum ProcessClock {
    /// Milliseconds since the kernel started the process, to 10 ms; nil where /proc does not say.
    static var millisecondsSinceStart: Int? {
        guard let bytes = try? FileBytes.read("/proc/self/stat") else { return nil }
        // The name of the program stands in parentheses and may hold anything; the start time is the 20th field after it.
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 19, let startTicks = Int(fields[19]) else { return nil }
        var now = timespec()
        clock_gettime(CLOCK_BOOTTIME, &now)
        let ticksPerSecond = sysconf(Int32(_SC_CLK_TCK))
        return now.tv_sec * 1000 + now.tv_nsec / 1_000_000 - startTicks * 1000 / ticksPerSecond
    }
}
