/// The name of an experiment: 26 characters that sort as experiments were made.
///
/// A ULID (github.com/ulid/spec): 48 bits of milliseconds since 1970 and 80 random bits, written in Crockford's base 32, most significant
/// digit first. Random, so that a name cannot be guessed from another; ordered, so that lists page by it.
public struct ExperimentID: Hashable, Sendable {
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let digitCount = 26
    private static let randomBitCount: UInt128 = 80

    private let value: UInt128

    private init(value: UInt128) {
        self.value = value
    }

    /// - Returns: nil for anything but the 26 upper-case characters of such a name.
    public init?(_ text: some StringProtocol) {
        let characters = Array(text.utf8)
        guard characters.count == ExperimentID.digitCount else { return nil }
        var value: UInt128 = 0
        for character in characters {
            guard let digit = ExperimentID.digits.firstIndex(of: character) else { return nil }
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 32)
            guard !overflow else { return nil }
            value = shifted | UInt128(digit)
        }
        self.value = value
    }

    /// A name for an experiment made now, greater than the last one's even within a millisecond and where the clock was set back.
    ///
    /// - Parameters:
    ///   - milliseconds: since the beginning of 1970 in UTC.
    ///   - randomWord: gives 64 random bits; called twice.
    package static func next(after last: ExperimentID?, at milliseconds: Int, randomWord: () -> UInt64) -> ExperimentID {
        let random = UInt128(randomWord()) << 64 | UInt128(randomWord())
        let milliseconds = UInt128(UInt64(max(0, milliseconds))) << randomBitCount
        let fresh = milliseconds | random & ((1 << randomBitCount) - 1)
        guard let last, fresh <= last.value else { return ExperimentID(value: fresh) }
        return ExperimentID(value: last.value + 1)
    }
}

extension ExperimentID: Comparable {
    public static func < (left: ExperimentID, right: ExperimentID) -> Bool { left.value < right.value }
}

extension ExperimentID: CustomStringConvertible {
    public var description: String {
        var rest = value
        var characters = [UInt8](repeating: 0, count: ExperimentID.digitCount)
        for place in characters.indices.reversed() {
            characters[place] = ExperimentID.digits[Int(rest & 31)]
            rest >>= 5
        }
        return String(decoding: characters, as: UTF8.self)
    }
}

extension ExperimentID: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = ExperimentID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not the name of an experiment")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
