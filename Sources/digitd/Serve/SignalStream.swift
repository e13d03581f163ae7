// Dispatch sources may be used from any thread, which their declaration does not say.
@preconcurrency import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Signals as they come, instead of what they do by default.
struct SignalStream {
    let numbers: AsyncStream<Int32>
    private let continuation: AsyncStream<Int32>.Continuation

    /// Takes over the given signals, and ignores SIGPIPE: a client that goes away is no reason to stop.
    ///
    /// On Linux libdispatch brings its own handler and blocks the signal where it arrives; until it has, the default stands, so that no
    /// request to end is lost.
    init(_ signalNumbers: [Int32]) {
        signal(SIGPIPE, SIG_IGN)
        let (numbers, continuation) = AsyncStream.makeStream(of: Int32.self)
        let sources = signalNumbers.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.activate()
            return source
        }
        continuation.onTermination = { _ in
            for source in sources { source.cancel() }
        }
        self.numbers = numbers
        self.continuation = continuation
    }

    /// Ends the stream.
    func finish() {
        continuation.finish()
    }
}
