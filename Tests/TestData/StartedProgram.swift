import Foundation
import Subprocess
import SystemPackage
import Threads

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A program that a test has started, with pipes to all three of its streams. It ends with its last reference, and with the test process.
///
/// `Foundation.Process` is not used: it looks for the largest open descriptor in a way that reads past a buffer where many are open. What
/// waits here waits on threads of its own. A test must not block a thread of Swift's tasks until the program has ended, though: swift-subprocess
/// needs one to notice. `onThread` is the way to wait.
public final class StartedProgram: Sendable {
    public struct NotStarted: Error {
        public let reason: String
    }

    private struct State {
        var processID: pid_t?
        var failure: String?
        var output: [UInt8] = []
        var errors: [UInt8] = []
        /// The exit code, or the number of the signal that ended it; from when all that it wrote is read.
        var status: Int32?
    }

    /// What the program's threads and tasks share; they do not keep the program.
    private final class Shared: Sendable {
        let state = Locked(State())
        let started = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
    }

    private static let threads = ThreadPool(name: "programs", threadCount: 2)
    private static let brokenPipesAreErrors: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    public let processID: pid_t
    private let shared = Shared()
    /// Where its output is read, until `readOutput` or at once.
    private let outputEnd: Int32
    private let isReading: Locked<Bool>

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - environment: in place of this process's own; nil for that.
    ///   - folder: the working directory.
    ///   - readsOutput: false where nothing is to read its standard output until `readOutput`: once the pipe is full, it waits.
    /// - Throws: `NotStarted`.
    public init(
        _ executable: String, _ arguments: [String], environment: [String: String]? = nil, folder: String? = nil, input: [UInt8] = [],
        readsOutput: Bool = true
    ) throws {
        _ = StartedProgram.brokenPipesAreErrors
        let (input, output, errors) = (try Pipe(writing: input), try Pipe(), try Pipe())
        outputEnd = output.readEnd
        isReading = Locked(false)
        let shared = shared
        Task(executorPreference: StartedProgram.threads) {
            do {
                let result = try await Subprocess.run(
                    .path(FilePath(executable)), arguments: Arguments(arguments),
                    environment: environment.map { .custom(Dictionary(uniqueKeysWithValues: $0.map { (.init(stringLiteral: $0), $1) })) }
                        ?? .inherit,
                    workingDirectory: folder.map { FilePath($0) },
                    input: .fileDescriptor(FileDescriptor(rawValue: input.readEnd), closeAfterSpawningProcess: true),
                    output: .fileDescriptor(FileDescriptor(rawValue: output.writeEnd), closeAfterSpawningProcess: true),
                    error: .fileDescriptor(FileDescriptor(rawValue: errors.writeEnd), closeAfterSpawningProcess: true)
                ) { execution in
                    let processID = execution.processIdentifier.value
                    ProgramWatch.shared.add(processID)
                    shared.state.withLock { $0.processID = processID }
                    shared.started.signal()
                }
                if let processID = shared.state.withLock({ $0.processID }) { ProgramWatch.shared.remove(processID) }
                let status =
                    switch result.terminationStatus {
                    case .exited(let code): code
                    case .signaled(let signal): signal
                    }
                // Children of the program may hold its pipes for longer than it runs: the pool's threads do not wait for them.
                Thread.detachNewThread {
                    // The status counts from when all that was written is read.
                    errors.isRead.wait()
                    if readsOutput { output.isRead.wait() }
                    shared.state.withLock { $0.status = status }
                    shared.ended.signal()
                }
            } catch {
                shared.state.withLock { $0.failure = "\(error)" }
                shared.started.signal()
            }
        }
        shared.started.wait()
        guard let processID = shared.state.withLock({ $0.processID }) else {
            throw NotStarted(reason: "\(executable): \(shared.state.withLock { $0.failure } ?? "no reason was given")")
        }
        self.processID = processID
        errors.read { piece in shared.state.withLock { $0.errors += piece } }
        if readsOutput {
            isReading.withLock { $0 = true }
            output.read { piece in shared.state.withLock { $0.output += piece } }
        }
    }

    deinit {
        if status == nil { kill(processID, SIGKILL) }
        if !isReading.withLock({ $0 }) { close(outputEnd) }
    }

    /// What it has written so far, as far as it was read.
    public var output: [UInt8] { shared.state.withLock { $0.output } }
    public var errors: [UInt8] { shared.state.withLock { $0.errors } }
    public var outputText: String { String(decoding: output, as: UTF8.self) }
    public var errorText: String { String(decoding: errors, as: UTF8.self) }

    /// The exit code, or the number of the signal that ended it; nil while it runs, or what it wrote is not read to its end.
    public var status: Int32? { shared.state.withLock { $0.status } }

    public func send(signal: Int32) { kill(processID, signal) }

    /// Blocks until it has ended, and what it wrote is read.
    @discardableResult
    public func waitUntilExit() -> Int32 {
        shared.ended.wait()
        shared.ended.signal()
        return status ?? -1
    }

    /// Blocks until so many bytes of standard output are there, or its end; for a program whose output nothing reads by itself.
    public func readOutput(_ count: Int) -> [UInt8] {
        isReading.withLock { $0 = true }
        var bytes: [UInt8] = []
        while bytes.count < count {
            let piece = StartedProgram.piece(of: outputEnd, limit: min(count - bytes.count, 1 << 16))
            if piece.isEmpty {
                close(outputEnd)
                break
            }
            bytes += piece
        }
        return bytes
    }

    /// The next bytes of a pipe; none at its end.
    fileprivate static func piece(of descriptor: Int32, limit: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: limit) { buffer, initializedCount in
            var count = read(descriptor, buffer.baseAddress, buffer.count)
            while count < 0, errno == EINTR { count = read(descriptor, buffer.baseAddress, buffer.count) }
            initializedCount = max(0, count)
        }
    }
}

/// A pipe whose ends no other child inherits.
private struct Pipe: Sendable {
    let readEnd: Int32
    let writeEnd: Int32
    let isRead = DispatchSemaphore(value: 0)

    init() throws {
        let ends = try FileDescriptor.pipe(options: .closeOnExec)
        (readEnd, writeEnd) = (ends.readEnd.rawValue, ends.writeEnd.rawValue)
    }

    /// A pipe into which a thread writes these bytes; then it ends.
    init(writing bytes: [UInt8]) throws {
        try self.init()
        let file = FileDescriptor(rawValue: writeEnd)
        Thread.detachNewThread {
            // A program that ends before it has read everything is no failure.
            try? file.closeAfter { _ = try file.writeAll(bytes) }
        }
    }

    /// Reads to the end on a thread of its own.
    func read(_ take: @escaping @Sendable ([UInt8]) -> Void) {
        Thread.detachNewThread {
            while case let piece = StartedProgram.piece(of: readEnd, limit: 1 << 16), !piece.isEmpty { take(piece) }
            close(readEnd)
            isRead.signal()
        }
    }
}
