import Foundation
import Testing

@testable import Digits

@Suite("MNIST's format")
struct IDXDigitsTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "idx-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Two pictures of 2 x 3: a full one, and one with ink in the right column.
    private static let images: [UInt8] = [
        0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 200, 200, 200, 200, 200, 200, 0, 0, 255, 0, 127, 128,
    ]
    private static let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 1]

    private func write(images: [UInt8] = images, labels: [UInt8]? = labels) throws -> String {
        if let labels { try Data(labels).write(to: folder.appending(path: "two-labels-idx1-ubyte")) }
        let path = folder.appending(path: "two-images-idx3-ubyte")
        try Data(images).write(to: path)
        return path.path
    }

    @Test("pictures are cropped to their ink, stretched, and meet the labels of the file beside theirs")
    func pictures() throws {
        let dataset = try DigitDataset(contentsOfFile: write())
        #expect(dataset.name == "two")
        #expect(dataset.labels == [7, 1])
        #expect(dataset.bitmaps == [Bitmap(words: SIMD4(repeating: .max)), Bitmap(words: SIMD4(repeating: .max))])
    }

    @Test("what is not the format is refused by file, with what was expected and found")
    func refusals() throws {
        func message(_ images: [UInt8], _ labels: [UInt8]? = IDXDigitsTests.labels) throws -> String {
            try? FileManager.default.removeItem(at: folder.appending(path: "two-labels-idx1-ubyte"))
            let path = try write(images: images, labels: labels)
            let error = #expect(throws: DigitsError.self) { try DigitDataset(contentsOfFile: path) }
            return error.map { "\($0)".replacing(folder.path + "/", with: "") } ?? ""
        }
        #expect(
            try message([0, 0, 8, 1] + Self.images.dropFirst(4))
                == "two-images-idx3-ubyte: not the IDX format: expected a head of 16 bytes that begins with 0 0 8 3, found 0 0 8 1")
        #expect(
            try message(Self.images.dropLast())
                == "two-images-idx3-ubyte: not the IDX format: expected 12 values, 2 x 2 x 3, found 11")
        #expect(
            try message(Self.images, [0, 0, 8, 1, 0, 0, 0, 1, 7])
                == "two-labels-idx1-ubyte: expected one label a bitmap, found 2 bitmaps and 1 labels")
        #expect(try message(Self.images, nil).hasPrefix("two-labels-idx1-ubyte: cannot be read: "))
        #expect(
            try message(Self.images.dropLast(6) + [0, 0, 0, 0, 127, 0])
                == "two-images-idx3-ubyte: images[1]: expected a picture of a digit, found one without ink")
        #expect(
            try message(Self.images, [0, 0, 8, 1, 0, 0, 0, 2, 7, 10])
                == "two-images-idx3-ubyte: expected a label from 0 to 9 in row 1, found 10")
        #expect(
            try message([0, 0, 8, 3] + [UInt8](repeating: 255, count: 12))
                == "two-images-idx3-ubyte: not the IDX format: expected \(Int.max) values, 4294967295 x 4294967295 x 4294967295, found 0")
    }

    /// `printf 'digits' | gzip -n`.
    private static let packedWord: [UInt8] = [
        0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0x4B, 0xC9, 0x4C, 0xCF, 0x2C, 0x29, 0x06, 0x00, 0xB2, 0x5A, 0x2D, 0xD5, 0x06, 0, 0, 0,
    ]

    @Test("gzip's files are unpacked, and torn or altered ones refused")
    func gzip() throws {
        let isPacked = GzipBytes.areThese(Self.packedWord.span)
        #expect(isPacked)
        let unpacked = try GzipBytes.unpacked(Self.packedWord.span)
        #expect(unpacked == Array("digits".utf8))
        #expect(throws: DigitsError.notGzip(reason: "it ends too early")) {
            try GzipBytes.unpacked(Array(Self.packedWord.dropLast(4)).span)
        }
        var altered = Self.packedWord
        altered[18] ^= 1
        #expect(throws: DigitsError.notGzip(reason: "incorrect data check")) { try GzipBytes.unpacked(altered.span) }
    }

    @Test("all members of a gzip file are read, and zeros that pad it passed over; other bytes behind it are refused")
    func members() throws {
        let two = Self.packedWord + Self.packedWord
        #expect(try GzipBytes.unpacked(two.span) == Array("digitsdigits".utf8))
        #expect(try GzipBytes.unpacked((two + [0, 0, 0]).span) == Array("digitsdigits".utf8))
        #expect(throws: DigitsError.notGzip(reason: "it ends too early")) { try GzipBytes.unpacked(Array(two.dropLast()).span) }
        #expect(throws: DigitsError.notGzip(reason: "incorrect header check")) {
            try GzipBytes.unpacked((Self.packedWord + [1, 2, 3]).span)
        }
    }

    @Test("no more is unpacked than the limit, nor than the beginning that is asked for")
    func limits() throws {
        let two = Self.packedWord + Self.packedWord
        #expect(try GzipBytes.unpacked(two.span, limitBytes: 12).count == 12)
        #expect(throws: DigitsError.notGzip(reason: "expected at most 11 bytes in it, found more")) {
            try GzipBytes.unpacked(two.span, limitBytes: 11)
        }
        // What is behind the beginning may be torn.
        #expect(try GzipBytes.beginning(of: Array(Self.packedWord.dropLast(8)).span, byteCount: 4) == Array("digi".utf8))
    }

    @Test("no pictures are no data set")
    func empty() throws {
        let path = try write(images: [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3], labels: [0, 0, 8, 1, 0, 0, 0, 0])
        #expect(throws: DigitsError.inFile(path, .noRows)) { try DigitDataset(contentsOfFile: path) }
    }

    /// `gzip -n` of a text, by way of deflate's stored blocks (RFC 1951, section 3.2.4).
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var packed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        let blocks = stride(from: 0, to: max(1, bytes.count), by: 65_535).map { bytes[$0..<min($0 + 65_535, bytes.count)] }
        for (number, block) in blocks.enumerated() {
            let count = UInt16(block.count)
            packed.append(number == blocks.count - 1 ? 1 : 0)
            for word in [count, ~count] { packed += [UInt8(word & 0xFF), UInt8(word >> 8)] }
            packed += block
        }
        for word in [~crc, UInt32(bytes.count)] { packed += (0..<4).map { UInt8(word >> (8 * UInt32($0)) & 0xFF) } }
        return packed
    }

    @Test("the head of packed pictures says how much is unpacked: more behind it, or no such head, is refused without it")
    func packedHead() throws {
        #expect(try DigitDataset(contentsOfFile: write(images: Self.stored(Self.images))).labels == [7, 1])
        let longer = try write(images: Self.stored(Self.images + [UInt8](repeating: 0, count: 1 << 20)))
        #expect(throws: DigitsError.inFile(longer, .notGzip(reason: "expected at most 28 bytes in it, found more"))) {
            try DigitDataset(contentsOfFile: longer)
        }
        // Torn behind its head, which is looked at first.
        let other = try write(images: Array(Self.stored([UInt8](repeating: 1, count: 100)).dropLast(50)))
        #expect(
            throws: DigitsError.inFile(
                other, .notIDX(expected: "a head of 16 bytes that begins with 0 0 8 3", found: "1 1 1 1"))
        ) {
            try DigitDataset(contentsOfFile: other)
        }
    }

    @Test("a data set that gzip has packed is read by what is in it, and named without the ending")
    func packedDatasets() throws {
        let dataset = SyntheticDigits.dataset(rowCount: 20, seed: 1)
        for (name, format) in [
            ("a.csv.gz", DatasetFormat.csv), ("b.data.gz", .semeion), ("c.bin.gz", .packed), ("d", .csv), ("e.csv", .csv),
        ] {
            let path = folder.appending(path: name).path
            try Data(Self.stored(dataset.encoded(as: format))).write(to: URL(filePath: path))
            let again = try DigitDataset(contentsOfFile: path)
            #expect(again.sha256 == dataset.sha256)
            #expect(again.name == String(name.prefix(1)))
        }
    }

    @Test("a packed bitmap may begin as gzip does")
    func bitmapsLikeGzip() throws {
        let path = folder.appending(path: "g.bin").path
        try Data([0x1F, 0x8B, 8] + [UInt8](repeating: 0, count: 29) + [4]).write(to: URL(filePath: path))
        #expect(try DigitDataset(contentsOfFile: path).labels == [4])
    }
}
