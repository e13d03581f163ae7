import Foundation
import Threads

/// Runs work that blocks on a thread of its own: those of Swift's tasks are few, and servers in this process may need them.
///
/// The result is handed over under a lock, because ThreadSanitizer does not see that a continuation is resumed before it goes on.
public func onThread<Result: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Result
) async throws(Failure) -> Result {
    let result = Locked<Swift.Result<Result, Failure>?>(nil)
    await withCheckedContinuation { continuation in
        Thread.detachNewThread {
            let outcome = Swift.Result { () throws(Failure) in try work() }
            result.withLock { $0 = outcome }
            continuation.resume()
        }
    }
    return try result.withLock { $0! }.get()
}
