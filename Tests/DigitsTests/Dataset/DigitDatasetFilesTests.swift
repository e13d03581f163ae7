import Foundation
import Testing

@testable import Digits

@Suite struct DigitDatasetFilesTests {
    private func read(_ bytes: [UInt8], _ format: DatasetFormat) throws(DigitsError) -> DigitDataset {
        try DigitDataset(name: "test", bytes: bytes.span, format: format)
    }
    private func refusal(_ text: String, _ format: DatasetFormat) -> String {
        message { () throws(DigitsError) in _ = try read(utf8(text), format) }
    }

    private static let zeros = Array(repeating: "0", count: 256)
    private static let semeionRow = (zeros + ["0", "0", "1", "0", "0", "0", "0", "0", "0", "0"]).joined(separator: " ")
    private static let csvRow = (zeros + ["7"]).joined(separator: ",")

    private func randomDataset(rowCount: Int) throws -> DigitDataset {
        var stream = RandomStream(seed: 3, purpose: .test)
        let bitmaps = (0..<rowCount).map { _ in randomBitmap(&stream) }
        return try DigitDataset(name: "test", bitmaps: bitmaps, labels: bitmaps.map { _ in UInt8(stream.integer(below: 10)) })
    }

    @Test("a data set comes back from each format, and its digest with it", arguments: DatasetFormat.allCases)
    func roundTrip(format: DatasetFormat) throws {
        let dataset = try randomDataset(rowCount: 100)
        let bytes = dataset.encoded(as: format)
        #expect(DatasetFormat(sniffing: bytes.span) == format)
        let again = try read(bytes, format)
        #expect(again.bitmaps == dataset.bitmaps)
        #expect(again.labels == dataset.labels)
        #expect(again.sha256 == dataset.sha256)
    }

    @Test("the three formats look as they are documented")
    func layout() throws {
        var bitmap = Bitmap.blank
        bitmap[1] = true
        let dataset = try DigitDataset(name: "test", bitmaps: [bitmap], labels: [9])
        let semeion = String(decoding: dataset.encoded(as: .semeion), as: UTF8.self)
        #expect(semeion.hasPrefix("0.0000 1.0000 0.0000 "))
        #expect(semeion.hasSuffix("0.0000 0 0 0 0 0 0 0 0 0 1 \n"))
        let csv = String(decoding: dataset.encoded(as: .csv), as: UTF8.self)
        #expect(csv.hasPrefix("p0,p1,p2,"))
        #expect(csv.contains(",p254,p255,label\n0,1,0,0,"))
        #expect(csv.hasSuffix(",0,0,9\n"))
        #expect(dataset.encoded(as: .packed) == [0x40] + [UInt8](repeating: 0, count: 31) + [9])
    }

    @Test("the digest is SHA-256 of the packed rows")
    func digest() throws {
        // Python: hashlib.sha256(bytes(32) + b'\x07').hexdigest()
        let dataset = try DigitDataset(name: "test", bitmaps: [.blank], labels: [7])
        #expect(dataset.sha256 == "36ca344219d739d971ddbe4046065dcc95c594a160afa4b8e223c6b4fab6fc63")
    }

    @Test("line ends, blank lines, a byte order mark and spaces around commas do not matter")
    func leniency() throws {
        let semeion = DigitDatasetFilesTests.semeionRow
        let csv = DigitDatasetFilesTests.csvRow
        #expect(try read(utf8("\n" + semeion + " \r\n\r\n" + semeion), .semeion).labels == [2, 2])
        #expect(try read(utf8("\u{FEFF}" + csv + "\r\n" + csv.replacing(",", with: " , ") + "\n\n"), .csv).labels == [7, 7])
        let header = (0..<256).map { "\"p\($0)\"" }.joined(separator: ",") + ",\"Label\"\r\n"
        #expect(try read(utf8("\u{FEFF}" + header + csv + ".0"), .csv).labels == [7])
        #expect(DatasetFormat(sniffing: utf8("\u{FEFF}" + header).span) == .csv)
    }

    @Test("a file without rows is refused", arguments: DatasetFormat.allCases)
    func noRows(format: DatasetFormat) {
        #expect(refusal("", format) == "expected a data set, found no rows")
    }

    @Test("a wrong row of Semeion's text is named by line, and a wrong value by column")
    func semeionFaults() {
        let row = DigitDatasetFilesTests.semeionRow
        #expect(refusal(row + "\n\n" + row.dropLast(2), .semeion) == "expected 266 values in line 3, found 265")
        #expect(refusal(row + "\n" + row + " 0 0", .semeion) == "expected 266 values in line 2, found 268")
        #expect(refusal(row + "\n0 0.25" + row.dropFirst(3), .semeion) == "expected 0 or 1 at line 2, column 3, found '0.25'")
        #expect(refusal(row + "\n0 x" + row.dropFirst(3), .semeion) == "expected 0 or 1 at line 2, column 3, found 'x'")
        #expect(refusal(row.replacing("1", with: "0"), .semeion) == "expected exactly one 1 among the last 10 values of line 1, found 0")
        #expect(refusal(row.dropLast(1) + "1", .semeion) == "expected exactly one 1 among the last 10 values of line 1, found 2")
        #expect(refusal(DigitDatasetFilesTests.csvRow, .semeion).hasPrefix("expected 0 or 1 at line 1, column 1, found '0,0,0,"))
    }

    @Test("a wrong row of CSV is named by line, and a wrong value by column")
    func csvFaults() {
        let row = DigitDatasetFilesTests.csvRow
        #expect(refusal(row + "\n" + row.dropLast(2), .csv) == "expected 257 values in line 2, found 256")
        #expect(refusal(row + ",1", .csv) == "expected 257 values in line 1, found 258")
        #expect(refusal(row + ",,", .csv) == "expected 257 values in line 1, found 259")
        #expect(refusal(row + "\n0,,0" + row.dropFirst(5), .csv) == "expected 0 or 1 at line 2, column 3, found nothing")
        #expect(refusal(row + "\n0,9" + row.dropFirst(3), .csv) == "expected 0 or 1 at line 2, column 3, found '9'")
        #expect(refusal(row.dropLast() + "10", .csv) == "expected a label from 0 to 9 at line 1, column 513, found '10'")
        #expect(refusal(row.dropLast() + "-1", .csv) == "expected a label from 0 to 9 at line 1, column 513, found '-1'")
        #expect(refusal(row.dropLast() + "1.5", .csv) == "expected a label from 0 to 9 at line 1, column 513, found '1.5'")
        #expect(refusal(String(row.dropLast()), .csv) == "expected a label from 0 to 9 at line 1, column 513, found nothing")
        #expect(refusal("a,b\n" + row, .csv) == "expected 257 values in line 1, found 2")
        let names = (0..<257).map { "p\($0)" }.joined(separator: ",") + "\n"
        #expect(
            refusal(names + row, .csv)
                == "expected a header with one column named label, found none or several; the last column is 'p256'")
    }

    @Test("packed rows that are cut off or have no digit for a label are named by row")
    func packedFaults() {
        let row = [UInt8](repeating: 0, count: 33)
        #expect(
            message { () throws(DigitsError) in _ = try read(row + row.dropLast(3), .packed) }
                == "expected 33 bytes a row, found 63 bytes, 30 past row 1")
        #expect(
            message { () throws(DigitsError) in _ = try read(row + row.dropLast() + [10], .packed) }
                == "expected a label from 0 to 9 in row 1, found 10")
    }

    @Test("labels and bitmaps of different number are refused")
    func rowCounts() {
        let refusal = message { () throws(DigitsError) in
            _ = try DigitDataset(name: "test", bitmaps: [.blank, .blank], labels: [1])
        }
        #expect(refusal == "expected one label a bitmap, found 2 bitmaps and 1 labels")
    }

    @Test("a file's extension says its format, its content where the extension does not, and its name is the data set's")
    func files() throws {
        #expect(DatasetFormat(fileName: "data/semeion.data") == .semeion)
        #expect(DatasetFormat(fileName: "A.CSV") == .csv)
        #expect(DatasetFormat(fileName: "a.bin") == .packed)
        #expect(DatasetFormat(fileName: "a.txt") == nil)

        let folder = FileManager.default.temporaryDirectory.appending(path: "digits-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let dataset = try randomDataset(rowCount: 10)
        for (name, format) in [("a.csv", DatasetFormat.csv), ("b", .packed), ("c.d", .semeion)] {
            let file = folder.appending(path: name)
            try Data(dataset.encoded(as: format)).write(to: file)
            let again = try DigitDataset(contentsOfFile: file.path)
            #expect(again.sha256 == dataset.sha256)
            #expect(again.name == String(name.prefix(1)))
        }
        let bad = folder.appending(path: "bad.csv").path
        try Data("1,2\n".utf8).write(to: URL(filePath: bad))
        #expect(
            message { () throws(DigitsError) in _ = try DigitDataset(contentsOfFile: bad) }
                == "\(bad): expected 0 or 1 at line 1, column 3, found '2'")
        let missing = folder.appending(path: "missing.csv").path
        #expect(
            message { () throws(DigitsError) in _ = try DigitDataset(contentsOfFile: missing) }
                == "\(missing): cannot be read: No such file or directory")
    }

    @Test("chosen rows keep their order, and classes are those that occur")
    func selection() throws {
        let dataset = try DigitDataset(
            name: "test", bitmaps: (0..<4).map { Bitmap(words: SIMD4(UInt64($0), 0, 0, 0)) }, labels: [5, 0, 9, 5])
        let selected = dataset.selecting(rows: [3, 1], name: "part")
        #expect(selected.bitmaps.map { $0.words[0] } == [3, 1])
        #expect(selected.labels == [5, 0])
        #expect(dataset.classes == [0, 5, 9])
        #expect(selected.name == "part")
        #expect(selected.sha256 != dataset.sha256)
    }
}
