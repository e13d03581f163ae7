/// Kinds of files that are no digits in themselves, told by how they begin: packed bitmaps have no mark, so that any bytes of the right length
/// would be taken for them.
public enum FileSignature: String, CaseIterable, Sendable {
    case png = "PNG"
    case jpeg = "JPEG"
    case gif = "GIF"
    case webp = "WebP"
    case pdf = "PDF"
    case bmp = "BMP"
    case tiff = "TIFF"
    case gzip = "gzip"

    /// Nil for bytes that begin as none of them.
    public init?(_ bytes: borrowing Span<UInt8>) {
        var found: FileSignature?
        for kind in FileSignature.allCases where found == nil && kind.begins(bytes) { found = kind }
        guard let found else { return nil }
        self = found
    }

    private func begins(_ bytes: borrowing Span<UInt8>) -> Bool {
        switch self {
        case .png: bytes.holds([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], at: 0)
        case .jpeg: bytes.holds([0xFF, 0xD8, 0xFF], at: 0)
        case .gif: bytes.holds(Array("GIF8".utf8), at: 0)
        case .webp: bytes.holds(Array("RIFF".utf8), at: 0) && bytes.holds(Array("WEBP".utf8), at: 8)
        case .pdf: bytes.holds(Array("%PDF-".utf8), at: 0)
        // Its two letters may be the first row of a digit; its length, which follows, cannot be the next two.
        case .bmp:
            bytes.holds(Array("BM".utf8), at: 0) && bytes.holds((0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) }, at: 2)
        case .tiff: bytes.holds([0x49, 0x49, 0x2A, 0x00], at: 0) || bytes.holds([0x4D, 0x4D, 0x00, 0x2A], at: 0)
        case .gzip: bytes.holds([0x1F, 0x8B, 0x08], at: 0)
        }
    }
}

extension Span<UInt8> {
    fileprivate func holds(_ mark: [UInt8], at offset: Int) -> Bool {
        guard count >= offset + mark.count else { return false }
        for index in mark.indices where self[offset + index] != mark[index] { return false }
        return true
    }
}
