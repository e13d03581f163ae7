/// The identity of one request, given by the server and never by the client; sent back as `X-Request-Id`.
///
/// Within a process no two are equal: the numbers 0, 1, 2, … go through a bijection of 64 bits (xor with a key drawn at the
/// start of the process, then the finaliser of SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014), so that ids reveal nothing of the number of requests and those of two processes hardly ever meet.
public struct RequestID: Sendable, Hashable, CustomStringConvertible {
    public let rawValue: UInt64

    private static let processKey = UInt64.random(in: .min ... .max)

    /// The id with serial number `serial`.
    init(serial: UInt64) {
        var mixed = serial ^ Self.processKey
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        rawValue = mixed ^ (mixed >> 31)
    }

    init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The number of characters of every id.
    static let characterCount = 13

    /// Thirteen characters of Crockford's base 32, most significant first; short enough to need no allocation.
    public var description: String {
        String(unsafeUninitializedCapacity: Self.characterCount) { characters in
            write(to: UnsafeMutableRawBufferPointer(characters))
            return Self.characterCount
        }
    }

    /// Writes the thirteen characters to the front of `destination`.
    func write(to destination: UnsafeMutableRawBufferPointer) {
        let alphabet: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"
        var rest = rawValue
        for position in stride(from: Self.characterCount - 1, through: 0, by: -1) {
            destination[position] = alphabet.utf8Start[Int(rest & 31)]
            rest >>= 5
        }
    }
}
