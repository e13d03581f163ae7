#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A value behind a lock.
///
/// As `Synchronization.Mutex`, but on a lock of the C library: ThreadSanitizer sees that one, and not Swift 6.3's on Linux, of which it
/// reports every use as a race. Sendable without being checked: the value is reached only in `withLock`, by one thread at a time,
/// and is itself Sendable.
package final class Locked<Value: Sendable>: @unchecked Sendable {
    private var value: Value
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    package init(_ value: Value) {
        self.value = value
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Calls `body` with the value; `body` must not come back here.
    package func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
