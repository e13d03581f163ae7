import Threads

/// The exchanges that may have suspended their connection: deferred handlers and streamed bodies. All of them are resumed before the
/// daemon stops, because libmicrohttpd ends the process where one is not.
final class WaitingExchanges: Sendable {
    enum Exchange: Sendable {
        case deferred(DeferredExchange)
        case stream(BodyPipe)
    }

    private struct State: Sendable {
        var exchanges: [RequestID: Exchange] = [:]
        var isClosed = false
    }

    private let state = Locked(State())

    /// Enters an exchange; false where the server no longer suspends connections. An exchange that is entered before
    /// `closeAll` is seen by it, and one after is refused: the two take the same lock.
    func insert(_ exchange: Exchange, for id: RequestID) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.exchanges[id] = exchange
            return true
        }
    }

    func remove(_ id: RequestID) {
        _ = state.withLock { $0.exchanges.removeValue(forKey: id) }
    }

    private var all: [Exchange] { state.withLock { Array($0.exchanges.values) } }

    /// Cancels what works for a client that is gone.
    func cancelAbandoned() {
        for exchange in all {
            switch exchange {
            case .deferred(let exchange): exchange.cancelIfAbandoned()
            case .stream(let pipe): pipe.closeIfAbandoned()
            }
        }
    }

    /// Ends the streams that have no end of their own.
    func endStreams() {
        for case .stream(let pipe) in all { pipe.endWhenStopping() }
    }

    /// Lets nobody in any more, answers what is suspended with `response`, ends the streams.
    func closeAll(response: (RequestID) -> HTTPResponse) {
        state.withLock { $0.isClosed = true }
        for exchange in all {
            switch exchange {
            case .deferred(let exchange):
                exchange.answer(response(exchange.requestID))
                exchange.cancel()
            case .stream(let pipe):
                pipe.close()
            }
        }
    }
}
