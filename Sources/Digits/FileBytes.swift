#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Files, read whole.
public enum FileBytes {
    /// - Throws: `DigitsError.inFile` with the path, and `.unreadable` with the system's reason.
    public static func read(_ path: String) throws(DigitsError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            let reason = (error as? CocoaError).flatMap { $0.underlying as? POSIXError }.map { String(cString: strerror($0.code.rawValue)) }
            throw .inFile(path, .unreadable(reason: reason ?? "\(error)"))
        }
    }
}
