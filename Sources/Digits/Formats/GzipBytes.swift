internal import CZlib
import Files

/// Bytes packed as gzip does (RFC 1952), unpacked by zlib.
enum GzipBytes {
    /// Whether the bytes begin as a gzip file does: its two marks and "deflate", the only method there is.
    static func areThese(_ bytes: borrowing Span<UInt8>) -> Bool {
        bytes.count >= 3 && bytes[0] == 0x1F && bytes[1] == 0x8B && bytes[2] == 8
    }

    /// What all members of the file hold, one after another (RFC 1952, section 2.2); zeros that pad the file are passed over, as gzip does.
    ///
    /// - Parameter limitBytes: the most that may come out: a small file may hold more than there is memory for.
    /// - Throws: `DigitsError.notGzip` for what is torn or altered, as each member's checksum says, and for more than the limit.
    static func unpacked(_ packed: borrowing Span<UInt8>, limitBytes: Int = FileBytes.standardLimitBytes) throws(DigitsError) -> [UInt8] {
        let (bytes, isWhole) = try unpack(packed, limitBytes: limitBytes)
        guard isWhole else { throw .notGzip(reason: "expected at most \(limitBytes) bytes in it, found more") }
        return bytes
    }

    /// The first bytes that the file holds: `byteCount`, or all where there are no more. What follows is not unpacked.
    ///
    /// - Throws: `DigitsError.notGzip` for what is torn or altered up to there.
    static func beginning(of packed: borrowing Span<UInt8>, byteCount: Int) throws(DigitsError) -> [UInt8] {
        try unpack(packed, limitBytes: byteCount).bytes
    }

    private static let pieceBytes = 1 << 20

    /// At most `limitBytes` of what the file holds, and whether that is all.
    private static func unpack(_ packed: borrowing Span<UInt8>, limitBytes: Int) throws(DigitsError) -> (bytes: [UInt8], isWhole: Bool) {
        var stream = z_stream()
        guard digitd_begin_gunzip(&stream) == Z_OK else { throw .notGzip(reason: "zlib does not start") }
        defer { inflateEnd(&stream) }
        var unpacked: [UInt8] = []
        var failure: String?
        var isWhole = false
        packed.withUnsafeBufferPointer { input in
            var offset = 0
            while failure == nil, !isWhole, unpacked.count <= limitBytes {
                // zlib counts in 32 bits.
                let given = min(input.count - offset, 1 << 30)
                stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + offset) }
                stream.avail_in = UInt32(given)
                var status = Z_OK
                let room = min(pieceBytes, limitBytes - unpacked.count + 1)
                unpacked += [UInt8](unsafeUninitializedCapacity: room) { buffer, initializedCount in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(room)
                    status = inflate(&stream, Z_NO_FLUSH)
                    initializedCount = room - Int(stream.avail_out)
                }
                offset += given - Int(stream.avail_in)
                switch status {
                case Z_OK: break
                case Z_STREAM_END:
                    while offset < input.count, input[offset] == 0 { offset += 1 }
                    isWhole = offset == input.count
                    inflateReset(&stream)
                case Z_BUF_ERROR: failure = "it ends too early"
                default: failure = stream.msg.map { String(cString: $0) } ?? "it ends too early"
                }
            }
        }
        if let failure { throw .notGzip(reason: failure) }
        return (Array(unpacked.prefix(limitBytes)), isWhole && unpacked.count <= limitBytes)
    }
}
