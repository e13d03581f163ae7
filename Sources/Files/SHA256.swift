internal import CGnuTLS

/// SHA-256 (FIPS 180-4) of bytes that come in pieces, computed by GnuTLS.
public struct SHA256: ~Copyable {
    /// Bytes of a digest.
    public static let byteCount = 32

    private let handle: gnutls_hash_hd_t

    public init() {
        var handle: gnutls_hash_hd_t?
        // It fails only where memory is out, or where a build of GnuTLS lacks the one digest that TLS 1.3 cannot do without.
        guard gnutls_hash_init(&handle, GNUTLS_DIG_SHA256) == 0, let handle else { preconditionFailure("GnuTLS has no SHA-256") }
        self.handle = handle
    }

    deinit {
        gnutls_hash_deinit(handle, nil)
    }

    public mutating func update(_ bytes: borrowing Span<UInt8>) {
        bytes.withUnsafeBufferPointer { _ = gnutls_hash(handle, $0.baseAddress, $0.count) }
    }

    /// The digest of everything so far, in 64 lower-case hexadecimal digits.
    public consuming func hexadecimal() -> String {
        var digest = [UInt8](repeating: 0, count: SHA256.byteCount)
        gnutls_hash_output(handle, &digest)
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The digest of these bytes, in 64 lower-case hexadecimal digits.
    public static func hexadecimal(of bytes: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(bytes.span)
        return hash.hexadecimal()
    }
}
