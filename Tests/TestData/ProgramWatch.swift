import Subprocess
import SystemPackage
import Threads

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Ends the programs that a process has started when that process is gone, however it ended.
///
/// A shell beside it reads which programs run from a pipe. When the pipe ends, so does the process that wrote to it, and the shell kills what
/// still runs. The kernel's own way, a signal at the death of the parent, is not used: it comes at the death of the thread that started the
/// program, and threads of pools end earlier.
public final class ProgramWatch: Sendable {
    static let shared = ProgramWatch()

    private static let script = """
        trap '' INT TERM HUP
        running=' '
        while read -r change process; do
            case $change in
                +) running="$running$process " ;;
                -) running="${running%% "$process" *} ${running#* "$process" }" ;;
            esac
        done
        for process in $running; do kill -KILL "$process" 2>/dev/null; done
        """
    private static let threads = ThreadPool(name: "watch", threadCount: 1)

    private let writeEnd: Locked<FileDescriptor?>

    /// Starts the shell. Where it cannot be started, nothing is watched.
    public init() {
        guard let (input, output) = try? FileDescriptor.pipe(options: .closeOnExec) else {
            writeEnd = Locked(nil)
            return
        }
        writeEnd = Locked(output)
        Task(executorPreference: ProgramWatch.threads) {
            _ = try? await Subprocess.run(
                .path("/bin/sh"), arguments: ["-c", ProgramWatch.script],
                input: .fileDescriptor(input, closeAfterSpawningProcess: true), output: .discarded, error: .discarded)
        }
    }

    /// From now on the program is ended with this process.
    public func add(_ processID: pid_t) { write("+ \(processID)\n") }

    /// The program has ended: its number may become another one's.
    public func remove(_ processID: pid_t) { write("- \(processID)\n") }

    /// Does what happens when this process is gone.
    public func end() {
        writeEnd.withLock { descriptor in
            try? descriptor?.close()
            descriptor = nil
        }
    }

    private func write(_ line: String) {
        // The lock keeps lines whole, and in the order of the calls.
        writeEnd.withLock { descriptor in
            guard let descriptor else { return }
            _ = try? descriptor.writeAll(line.utf8)
        }
    }
}
