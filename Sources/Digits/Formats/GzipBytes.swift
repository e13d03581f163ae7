internal import CZlib

/// Bytes packed as gzip does (RFC 1952), unpacked by zlib.
enum GzipBytes {
    /// Whether the bytes begin as a gzip file does.
    static func areThese(_ bytes: borrowing Span<UInt8>) -> Bool {
        bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
    }

    /// - Throws: `DigitsError.notGzip` for what is torn or altered: the format ends with a checksum.
    static func unpacked(_ packed: borrowing Span<UInt8>) throws(DigitsError) -> [UInt8] {
        var stream = z_stream()
        guard digitd_begin_gunzip(&stream) == Z_OK else { throw .notGzip(reason: "zlib does not start") }
        defer { inflateEnd(&stream) }
        var unpacked: [UInt8] = []
        var status = Z_OK
        packed.withUnsafeBufferPointer { input in
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.avail_in = UInt32(clamping: input.count)
            while status == Z_OK {
                unpacked += [UInt8](unsafeUninitializedCapacity: pieceBytes) { buffer, initializedCount in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(pieceBytes)
                    status = inflate(&stream, Z_NO_FLUSH)
                    initializedCount = pieceBytes - Int(stream.avail_out)
                }
            }
        }
        guard status == Z_STREAM_END else {
            throw .notGzip(reason: stream.msg.map { String(cString: $0) } ?? "it ends too early")
        }
        return unpacked
    }

    private static let pieceBytes = 1 << 20
}
