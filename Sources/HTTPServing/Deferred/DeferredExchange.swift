import Threads

/// A request of a deferred route from its suspension to its answer.
///
/// waiting -> suspended -> answered -> ended; a stop may answer while waiting, and then nothing is suspended. The handler's task,
/// libmicrohttpd's thread and `stop` meet here only.
final class DeferredExchange: Sendable {
    private enum State: Sendable {
        case waiting
        case suspended(SuspendableConnection)
        case answered(HTTPResponse)
        case ended
    }

    private let state = Locked(State.waiting)
    private let task = Locked<Task<Void, Never>?>(nil)
    let requestID: RequestID

    init(requestID: RequestID) { self.requestID = requestID }

    /// Suspends the connection and starts the handler; false where there is an answer already. To be called on the connection's thread.
    ///
    /// - Parameter handlers: the threads on which the handler runs.
    func begin(
        _ connection: SuspendableConnection, on handlers: ThreadPool, handler: @escaping @Sendable () async -> HTTPResponse
    ) -> Bool {
        let mustStart = state.withLock { state in
            guard case .waiting = state else { return false }
            connection.suspend()
            state = .suspended(connection)
            return true
        }
        guard mustStart else { return false }
        let started = Task(executorPreference: handlers) {
            let response = await handler()
            self.answer(response)
        }
        task.withLock { $0 = started }
        return true
    }

    /// Takes the answer and resumes the connection; of several answers the first counts.
    func answer(_ response: HTTPResponse) {
        state.withLock { state in
            switch state {
            case .waiting:
                state = .answered(response)
            case .suspended(let connection):
                state = .answered(response)
                connection.resume()
            case .answered, .ended:
                break
            }
        }
    }

    /// The answer, on the connection's thread after it was resumed.
    func takeResponse() -> HTTPResponse? {
        state.withLock { state in
            guard case .answered(let response) = state else { return nil }
            state = .ended
            return response
        }
    }

    /// Cancels the handler where the client is gone; its answer still resumes the connection, and libmicrohttpd then finds it closed.
    func cancelIfAbandoned() {
        let isAbandoned = state.withLock { state in
            guard case .suspended(let connection) = state else { return false }
            return connection.isAbandoned(orHalf: false)
        }
        if isAbandoned { cancel() }
    }

    func cancel() {
        task.withLock { $0 }?.cancel()
    }

    /// The request is over; a handler that still runs answers nobody.
    func end() {
        state.withLock { $0 = .ended }
        cancel()
    }
}
