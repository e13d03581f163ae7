#if canImport(FoundationEssentials)
    public import struct FoundationEssentials.Date
#else
    public import struct Foundation.Date
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A moment, in whole milliseconds since the beginning of 1970 in UTC.
public struct Timestamp: Hashable, Comparable, Sendable {
    public let milliseconds: Int

    public init(milliseconds: Int) {
        self.milliseconds = milliseconds
    }

    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }

    /// - Parameter date: to the nearest millisecond.
    public init(_ date: Date) { self.init(milliseconds: Int((date.timeIntervalSince1970 * 1000).rounded())) }

    public var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// As RFC 3339 spells it, in UTC: `2026-05-30T12:00:00.000Z`.
    public var text: String {
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return String(unsafeUninitializedCapacity: 24) { characters in
            var position = 0
            func append(_ number: Int, width: Int, then separator: Unicode.Scalar) {
                var rest = number
                for place in stride(from: position + width - 1, through: position, by: -1) {
                    characters[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                characters[position + width] = UInt8(ascii: separator)
                position += width + 1
            }
            append(Int(parts.tm_year) + 1900, width: 4, then: "-")
            append(Int(parts.tm_mon) + 1, width: 2, then: "-")
            append(Int(parts.tm_mday), width: 2, then: "T")
            append(Int(parts.tm_hour), width: 2, then: ":")
            append(Int(parts.tm_min), width: 2, then: ":")
            append(Int(parts.tm_sec), width: 2, then: ".")
            append(milliseconds % 1000, width: 3, then: "Z")
            return position
        }
    }
}
