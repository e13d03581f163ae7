/// How long the head of a request may be.
///
/// libmicrohttpd keeps a head in the pool of its connection, with a record of 48 bytes for each field, and refuses by itself, with a page
/// in HTML, what does not fit. So the pool holds more than is taken, and what lies between is refused here, as everything else is.
///
/// The pool is cleared after every request (`MHD_pool_reset`). In microseconds of a bare server's CPU a request, on an EPYC with AVX2: 8.5
/// with 12 KiB, 9.6 with 24 KiB, 10.3 with 32 KiB, which is libmicrohttpd's own, and 12.4 with 48 KiB.
enum HeadLimits {
    /// Path and query: 1,000 items of 15 bytes.
    static let targetBytes = 16 << 10
    /// All of a head: 16 KiB of cookies, or of any other field, and 4 KiB of the rest.
    static let headBytes = 20 << 10
    static let connectionMemoryBytes = 24 << 10
}
