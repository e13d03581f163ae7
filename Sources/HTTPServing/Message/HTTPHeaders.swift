/// Header fields in the order they were added; names compare without case.
///
/// A value kept in a `static let` and given to many responses costs a reference count each, not a copy.
public struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral {
    public struct Field: Sendable, Hashable {
        public let name: String
        public let value: String
    }

    public private(set) var fields: [Field]

    public init() { fields = [] }

    public init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// Adds a field after those that are there, also where one of the same name is.
    public mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// The value of the first field of that name.
    public subscript(name: String) -> String? {
        fields.first { $0.name.utf8.equalsIgnoringASCIICase(name.utf8) }?.value
    }

    /// The value of the first field of that name, without making a `String` of the name.
    func value(of name: StaticString) -> String? {
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return fields.first { $0.name.utf8.equalsIgnoringASCIICase(wanted) }?.value
    }
}

extension Sequence<UInt8> {
    func equalsIgnoringASCIICase(_ other: some Sequence<UInt8>) -> Bool {
        func lowercased(_ byte: UInt8) -> UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte }
        return elementsEqual(other) { lowercased($0) == lowercased($1) }
    }
}
