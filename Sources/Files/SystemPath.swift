public import SystemPackage

/// Paths as text, whatever bytes they are made of.
///
/// Linux takes any bytes for a file's name; a Swift string holds Unicode alone. A byte that is no part of UTF-8 stands in the text as a
/// private code point, U+10FF80 for 0x80 to U+10FFFF for 0xFF, and becomes that byte again where the file is opened: what Python's
/// `surrogateescape` does (PEP 383), with code points that a Swift string can hold. A name that has such code points of its own has them
/// escaped byte by byte, so that every name comes back as it was.
public enum SystemPath {
    private static let escapes: ClosedRange<UInt32> = 0x10FF80...0x10FFFF

    /// The text of a name that the system gave.
    public static func text(decoding bytes: some Collection<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        var parser = UTF8.ForwardParser()
        var rest = bytes.makeIterator()
        var undecoded = bytes[...]
        while true {
            switch parser.parseScalar(from: &rest) {
            case .emptyInput: return String(text)
            case .valid(let encoded):
                let scalar = UTF8.decode(encoded)
                if byte(of: scalar) == nil { text.append(scalar) } else { text.append(contentsOf: encoded.compactMap(escape)) }
                undecoded = undecoded.dropFirst(encoded.count)
            case .error(let length):
                text.append(contentsOf: undecoded.prefix(length).compactMap(escape))
                undecoded = undecoded.dropFirst(length)
            }
        }
    }

    /// The byte that a code point of a path's text stands for; nil for one that stands for itself.
    public static func byte(of scalar: Unicode.Scalar) -> UInt8? {
        escapes.contains(scalar.value) ? UInt8(scalar.value & 0xFF) : nil
    }

    /// The path that a text stands for.
    public static func path(_ text: String) -> FilePath {
        guard text.unicodeScalars.contains(where: { byte(of: $0) != nil }) else { return FilePath(text) }
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if let byte = byte(of: scalar) { bytes.append(byte) } else { bytes.append(contentsOf: String(scalar).utf8) }
        }
        return FilePath(platformString: bytes.map { CChar(bitPattern: $0) } + [0])
    }

    private static func escape(_ byte: UInt8) -> Unicode.Scalar? { Unicode.Scalar(0x10FF00 + UInt32(byte)) }
}
