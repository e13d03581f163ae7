#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How much memory this process may have.
public enum MemoryLimit {
    /// Bytes: of the machine, or fewer where `ulimit -v`, or the control group of a container, allows fewer.
    public static let byteCount: Int = {
        let machine = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        return ([machine] + [addressSpaceLimit, controlGroupLimit].compactMap { $0 }).min() ?? machine
    }()

    /// Nil where there is none.
    private static var addressSpaceLimit: Int? {
        var limit = rlimit()
        #if canImport(Glibc)
            let addressSpace = CInt(RLIMIT_AS.rawValue)
        #else
            let addressSpace = RLIMIT_AS
        #endif
        guard getrlimit(addressSpace, &limit) == 0, limit.rlim_cur != .max else { return nil }
        return Int(clamping: limit.rlim_cur)
    }

    /// Of control groups, version 2, as a container sees its own; nil where there is none.
    private static var controlGroupLimit: Int? {
        guard let file = fopen("/sys/fs/cgroup/memory.max", "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 64)
        guard fgets(&line, CInt(line.count), file) != nil else { return nil }
        return Int(String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}
