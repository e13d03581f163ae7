#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Room on the disk that is kept for the bad day: when the disk is full it is given back, so that the end of the experiment that filled it
/// can still be written down.
struct DiskReserve: Sendable {
    private static let byteCount = 1 << 20

    let path: String

    /// Takes the room where it is not taken yet; without it digitd runs as well, it only cannot write down a failure on a full disk.
    func take() {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let isTaken = posix_fallocate(descriptor, 0, off_t(DiskReserve.byteCount)) == 0
        close(descriptor)
        if !isTaken { unlink(path) }
    }

    /// Gives the room back.
    ///
    /// - Returns: whether there was any.
    func give() -> Bool {
        unlink(path) == 0
    }
}
