import Digits
import Files

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The finished trials of a running search in a file that only grows, so that a search which is interrupted goes on where it was.
///
/// The first line of JSON identifies the search; each finished unit adds a line, in one write. A process that dies in the middle of a
/// line leaves it without its line feed, by which the next run recognises it and drops it. The search that writes a journal locks it.
/// The file survives a killed process. Units that a power failure takes from it run again.
public final class SearchJournal {
    /// The trials that earlier runs have finished.
    public let finished: [Trial]
    private let path: String
    private let lock: FileLock

    /// The journal of a search whose report goes to `report`.
    public static func path(besideReport report: String) -> String { report + ".journal" }

    /// Opens the journal of a search, or begins one.
    ///
    /// - Parameter resuming: whether to go on with a journal that holds finished trials; one that holds none is begun anew either way.
    /// - Throws: `SearchError.journalUnwritable`, `.journalInUse`, `.notAJournal`, `.journalDamaged`; `.journalExists` where it holds
    ///   finished trials and `resuming` is false; `.journalMismatch` where it is of another search.
    public init(path: String, search: GridSearch, resuming: Bool) throws(SearchError) {
        self.path = path
        do throws(FileError) {
            lock = try FileLock(path: path)
        } catch {
            switch error {
            case .locked: throw .journalInUse(file: path)
            case .unreadable(_, let reason), .unwritable(_, let reason): throw .journalUnwritable(file: path, reason: reason)
            }
        }
        let descriptor = lock.descriptor
        let header = try JournalHeader(identity: SearchIdentity(search)).line()
        let content = try SearchJournal.content(of: descriptor, path: path)
        let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        guard let first = lines.first else {
            // Nothing, or the beginning of the first line.
            guard header.starts(with: content) else { throw .notAJournal(file: path) }
            try SearchJournal.begin(descriptor, path: path, header: header)
            finished = []
            return
        }
        guard let found = JournalHeader(line: first) else { throw .notAJournal(file: path) }
        if lines.count == 1 {
            try SearchJournal.begin(descriptor, path: path, header: header)
            finished = []
        } else {
            guard resuming else { throw .journalExists(file: path) }
            if let difference = SearchIdentity.difference(found: found.identity, expected: SearchIdentity(search)) {
                throw .journalMismatch(file: path, what: difference.what, found: difference.found, expected: difference.expected)
            }
            let units = try JournalUnit.units(of: Array(lines.dropFirst()), file: path)
            finished = try JournalUnit.trials(of: units, search: search, file: path, firstLine: 2)
            let wholeByteCount = lines.reduce(0) { $0 + $1.count + 1 }
            guard ftruncate(descriptor, wholeByteCount) == 0 else { throw SearchJournal.unwritable(path) }
        }
    }

    /// Adds the trials of a unit.
    ///
    /// - Throws: `SearchError.journalUnwritable`.
    public func record(_ unit: FinishedUnit) throws(SearchError) {
        try SearchJournal.append(JournalUnit(unit.trials).line(), to: lock.descriptor, path: path)
    }

    /// Removes the file, once the report holds everything.
    public func remove() {
        DurableFile.remove(path)
    }

    private static func begin(_ descriptor: Int32, path: String, header: [UInt8]) throws(SearchError) {
        guard ftruncate(descriptor, 0) == 0 else { throw unwritable(path) }
        try append(header, to: descriptor, path: path)
    }

    /// One `write`: the kernel appends the whole line or, on a full disk, the beginning of it, without the line feed.
    private static func append(_ line: [UInt8], to descriptor: Int32, path: String) throws(SearchError) {
        while true {
            let count = write(descriptor, line, line.count)
            if count == line.count { return }
            if count < 0, errno == EINTR { continue }
            throw count < 0 ? unwritable(path) : .journalUnwritable(file: path, reason: String(cString: strerror(ENOSPC)))
        }
    }

    private static func content(of descriptor: Int32, path: String) throws(SearchError) -> [UInt8] {
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { return content }
            if count > 0 {
                content += buffer[..<count]
            } else if errno != EINTR {
                throw unwritable(path)
            }
        }
    }

    private static func unwritable(_ path: String) -> SearchError {
        .journalUnwritable(file: path, reason: String(cString: strerror(errno)))
    }
}
