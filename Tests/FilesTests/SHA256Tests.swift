import Files
import Testing

struct SHA256Tests {
    /// FIPS 180-4's examples, as NIST publishes them.
    @Test(
        "the digests are those of the standard's examples",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func examples(_ text: String, _ expected: String) {
        #expect(SHA256.hexadecimal(of: Array(text.utf8)) == expected)
    }

    @Test("pieces give the digest of the whole")
    func pieces() {
        let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0) }
        var hash = SHA256()
        for start in stride(from: 0, to: bytes.count, by: 77) { hash.update(Array(bytes[start..<min(start + 77, bytes.count)]).span) }
        #expect(hash.hexadecimal() == SHA256.hexadecimal(of: bytes))
    }
}
