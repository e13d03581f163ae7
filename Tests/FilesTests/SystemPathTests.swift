import Files
import Testing

struct SystemPathTests {
    @Test(
        "any bytes come back from the text of a path",
        arguments: [
            Array("plain/é/数".utf8), [0xE9], [0x61, 0xE9, 0x62], [0xFF, 0xFE], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98, 0x80, 0x80],
            Array("\u{10FFE9}x".utf8), Array("\u{10FF00}".utf8), [0xED, 0xA0, 0x80],
        ] as [[UInt8]])
    func roundTrip(bytes: [UInt8]) {
        let text = SystemPath.text(decoding: bytes)
        let path = SystemPath.path(text).withPlatformString { pointer in
            (0..<bytes.count).map { UInt8(bitPattern: pointer[$0]) } + (pointer[bytes.count] == 0 ? [] : [1])
        }
        #expect(path == bytes)
    }

    @Test("text that is UTF-8 stands for itself")
    func plain() {
        #expect(SystemPath.text(decoding: Array("data/größe.csv".utf8)) == "data/größe.csv")
        #expect(SystemPath.text(decoding: [0x61, 0xE9]).unicodeScalars.last.flatMap { SystemPath.byte(of: $0) } == 0xE9)
    }
}
