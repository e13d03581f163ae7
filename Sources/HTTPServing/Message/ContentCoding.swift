internal import CZlib

/// The codings of a request's body that the server undoes: gzip (RFC 1952) and deflate (RFC 1950), both zlib's (RFC 9110, section 8.4.1).
enum ContentCoding {
    /// As `Accept-Encoding` names them.
    static let names = "gzip, deflate"

    /// Whether a field's value is one of them; nil for a coding that is not read.
    static func isCompressed(_ value: Span<UInt8>) -> Bool? {
        if value.isEmpty || value.spells("identity") { return false }
        return value.spells("gzip") || value.spells("x-gzip") || value.spells("deflate") ? true : nil
    }

    enum Failure: Error {
        case tooLong
        case malformed
    }

    /// What compressed bytes hold.
    ///
    /// - Parameter limitBytes: the most that may come out: a small body may hold more than there is memory for.
    static func decompressed(_ packed: [UInt8], limitBytes: Int) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        guard digitd_begin_inflate(&stream) == Z_OK else { throw .malformed }
        defer { inflateEnd(&stream) }
        var bytes: [UInt8] = []
        var status = Z_OK
        packed.withUnsafeBufferPointer { input in
            stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0) }
            stream.avail_in = UInt32(input.count)
            while status == Z_OK, bytes.count <= limitBytes {
                let room = min(64 << 10, limitBytes - bytes.count + 1)
                bytes += [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(room)
                    status = inflate(&stream, Z_NO_FLUSH)
                    count = room - Int(stream.avail_out)
                }
            }
        }
        guard bytes.count <= limitBytes else { throw .tooLong }
        guard status == Z_STREAM_END, stream.avail_in == 0 else { throw .malformed }
        return bytes
    }
}
