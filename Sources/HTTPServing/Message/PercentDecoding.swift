extension String {
    /// `bytes` with its percent escapes decoded (RFC 3986, section 2.1) and read as UTF-8. An escape that is none stands for itself, and
    /// bytes that are no UTF-8 become U+FFFD.
    init(percentDecoding bytes: Span<UInt8>) {
        self.init(decoding: percentDecoded(bytes), as: UTF8.self)
    }
}

func percentDecoded(_ bytes: Span<UInt8>) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
        if bytes[index] == UInt8(ascii: "%"), let byte = escapedByte(bytes, at: index) {
            decoded.append(byte)
            index += 3
        } else {
            decoded.append(bytes[index])
            index += 1
        }
    }
    return decoded
}

/// The byte that the escape at `index` stands for; nil where there is no whole escape.
func escapedByte(_ bytes: Span<UInt8>, at index: Int) -> UInt8? {
    func hexadecimalValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
    guard index + 2 < bytes.count, let high = hexadecimalValue(bytes[index + 1]), let low = hexadecimalValue(bytes[index + 2]) else {
        return nil
    }
    return high << 4 | low
}
