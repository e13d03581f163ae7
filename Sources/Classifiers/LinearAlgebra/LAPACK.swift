internal import CLAPACK

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The functions of LAPACK, by OpenBLAS, loaded when the first of them is needed.
///
/// They are not linked, for every process would pay: as it is loaded Debian's OpenBLAS starts a thread for each further processor, and each
/// of them spins for a tenth of a second before it sleeps. A server only predicts, and never comes here.
///
/// OpenBLAS gets one thread: a search runs as many jobs as there are processors, and with more threads the last bits would depend on how many.
struct LAPACK: Sendable {
    let dsyevd: digitd_dsyevd
    let dpotrf: digitd_dpotrf
    let dtrtrs: digitd_dtrtrs

    static let columnMajor = Int32(digitd_lapack_column_major)
    /// The half of a symmetric or triangular matrix that is read.
    static let lower = CChar(UInt8(ascii: "L"))

    /// - Throws: `TrainingError.libraryMissing` where OpenBLAS or LAPACKE is not installed.
    static func loaded() throws(TrainingError) -> LAPACK {
        try shared.get()
    }

    private static let shared = Result { () throws(TrainingError) in try LAPACK() }

    private init() throws(TrainingError) {
        // Read while OpenBLAS is loaded: without it the threads would be started first and sent to sleep afterwards. Nothing else changes the
        // environment, and the first change of all leaves the old one where it is, so that other threads may go on reading it.
        setenv("OPENBLAS_NUM_THREADS", "1", 1)
        let blas = try Library("libopenblas.so.0")
        unsafeBitCast(try blas.function("openblas_set_num_threads"), to: digitd_set_num_threads.self)(1)
        let lapack = try Library("liblapacke.so.3")
        dsyevd = unsafeBitCast(try lapack.function("LAPACKE_dsyevd"), to: digitd_dsyevd.self)
        dpotrf = unsafeBitCast(try lapack.function("LAPACKE_dpotrf"), to: digitd_dpotrf.self)
        dtrtrs = unsafeBitCast(try lapack.function("LAPACKE_dtrtrs"), to: digitd_dtrtrs.self)
    }

    /// A shared library, open to the end of the process.
    private struct Library {
        let name: String
        private let handle: UnsafeMutableRawPointer

        /// Its symbols are found by libraries opened after it: so LAPACKE finds OpenBLAS's LAPACK rather than another one's.
        init(_ name: String) throws(TrainingError) {
            guard let handle = dlopen(name, RTLD_NOW | RTLD_GLOBAL) else {
                throw .libraryMissing(name: name, reason: dlerror().map { String(cString: $0) } ?? "it cannot be loaded")
            }
            self.name = name
            self.handle = handle
        }

        func function(_ symbol: String) throws(TrainingError) -> UnsafeMutableRawPointer {
            guard let address = dlsym(handle, symbol) else { throw .libraryMissing(name: name, reason: "it has no function \(symbol)") }
            return address
        }
    }
}
