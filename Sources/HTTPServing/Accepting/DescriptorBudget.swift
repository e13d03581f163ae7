#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// How many descriptors the process may have, and how many of them connections get.
///
/// Connections must not take them all: the database and the pipes of workers need some.
struct DescriptorBudget: Equatable {
    /// What the process may have now, the limit raised.
    let limitCount: Int
    /// Connections at once, 1 or more.
    let connectionCount: Int
    /// Connections that linger at once, which are descriptors beside those.
    let lingeringCount: Int

    /// Connections that linger at once where there are descriptors enough.
    private static let mostLingering = 256
    /// For files, databases and pipes to workers, beside what is open already.
    private static let reserveCount = 256
    /// What the server opens in any case once it listens: its threads' epoll sets, the database's readers, a worker.
    private static let leastReserveCount = 20

    /// Raises the soft limit as far as these connections need it and the hard limit allows.
    init(connectionLimit: Int) {
        var limit = rlimit()
        getrlimit(Self.resource, &limit)
        let openCount = Self.openCount
        let neededCount = openCount + Self.reserveCount + Self.mostLingering + connectionLimit
        if limit.rlim_cur < rlim_t(neededCount) {
            limit.rlim_cur = min(limit.rlim_max, rlim_t(neededCount))
            setrlimit(Self.resource, &limit)
            getrlimit(Self.resource, &limit)
        }
        self.init(connectionLimit: connectionLimit, limitCount: Int(clamping: limit.rlim_cur), openCount: openCount)
    }

    /// Where there are not enough for all, three of four that can be spared go to connections, and half of the rest may linger.
    init(connectionLimit: Int, limitCount: Int, openCount: Int) {
        let freeCount = max(0, limitCount - openCount - Self.leastReserveCount)
        self.limitCount = limitCount
        if freeCount >= connectionLimit + Self.mostLingering + Self.reserveCount {
            connectionCount = connectionLimit
            lingeringCount = Self.mostLingering
        } else {
            connectionCount = max(1, min(connectionLimit, freeCount * 3 / 4))
            lingeringCount = min(Self.mostLingering, freeCount / 8)
        }
    }

    /// Descriptors that are open.
    private static var openCount: Int {
        guard let entries = opendir("/proc/self/fd") else { return 64 }
        defer { closedir(entries) }
        var count = 0
        while readdir(entries) != nil { count += 1 }
        return count
    }

    #if canImport(Glibc)
        private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let resource = RLIMIT_NOFILE
    #endif
}
