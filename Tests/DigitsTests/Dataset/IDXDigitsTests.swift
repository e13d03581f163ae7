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
}
