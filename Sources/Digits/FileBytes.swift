#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Files, read whole.
public enum FileBytes {
    /// - Throws: `DigitsError.inFile` with the path, and `.unreadable` with the system's reason.
    public static func read(_ path: String) throws(DigitsError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw .inFile(path, .unreadable(reason: reason(of: error)))
        }
    }

    private static func reason(of error: any Error) -> String {
        guard let cause = (error as? CocoaError)?.underlying as? POSIXError else { return "\(error)" }
        return String(cString: strerror(cause.code.rawValue))
    }
}
