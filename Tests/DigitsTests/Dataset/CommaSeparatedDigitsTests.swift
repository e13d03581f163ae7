import Testing

@testable import Digits

@Suite("CSV as other programs write it")
struct CommaSeparatedDigitsTests {
    /// Rows with known pixels, among them the corners, by which a row that is read shifted would show.
    private static let dataset: DigitDataset = {
        var bitmaps = [Bitmap](repeating: .blank, count: 4)
        for (row, pixels) in [[1, 17], [2, 255], [0, 40, 41], [100]].enumerated() {
            for pixel in pixels { bitmaps[row][pixel] = true }
        }
        return DigitDataset(validName: "test", bitmaps: bitmaps, labels: [7, 0, 1, 9])
    }()

    private static func pixels(_ row: Int) -> [String] { (0..<256).map { dataset.bitmaps[row][$0] ? "1" : "0" } }

    /// The file's rows, each as `fields` makes it of pixels and label, under a header.
    private static func indexed(
        header: [String]? = nil, separator: String = ",", end: String = "\n", _ fields: ([String], String, Int) -> [String]
    ) -> String {
        let rows = (0..<dataset.count).map { fields(pixels($0), "\(dataset.labels[$0])", $0) }
        return ((header.map { [$0] } ?? []) + rows).map { $0.joined(separator: separator) + end }.joined()
    }

    private static func text(
        header: [String]? = nil, separator: String = ",", end: String = "\n", _ fields: ([String], String) -> [String]
    ) -> String {
        indexed(header: header, separator: separator, end: end) { pixels, label, _ in fields(pixels, label) }
    }

    private static let names = (0..<256).map { "p\($0)" }
    private static let numbers = (0..<256).map { "\($0)" }

    private static let zeros = String(repeating: "0", count: 40)

    static let files: [(name: String, text: String)] = [
        ("to_csv with an index and numeric names", indexed(header: [""] + numbers + ["label"]) { ["\($2)"] + $0 + [$1] }),
        ("to_csv without an index", text(header: numbers + ["label"]) { $0 + [$1] }),
        ("to_csv of an array, numbers for all names", text(header: numbers + ["256"]) { $0 + [$1] }),
        ("to_csv of an array with an index", indexed(header: [""] + numbers + ["256"]) { ["\($2)"] + $0 + [$1] }),
        ("names from 1", text(header: (1...257).map { "\($0)" }) { $0 + [$1] }),
        ("an array with the label first", text(header: numbers + ["256"]) { [$1] + $0 }),
        ("the label first, as its header says", text(header: ["label"] + names) { [$1] + $0 }),
        (
            "the label in the middle",
            text(header: Array(names[..<9]) + ["Class"] + Array(names[9...])) { Array($0[..<9]) + [$1] + Array($0[9...]) }
        ),
        ("an index by name and the label first", indexed(header: ["Index", "digit"] + names) { ["\($2 + 5)", $1] + $0 }),
        ("quotes around everything", text(header: (names + ["label"]).map { "\"\($0)\"" }) { ($0 + [$1]).map { "\"\($0)\"" } }),
        ("quotes around everything, without a header", text { ($0 + [$1]).map { "\"\($0)\"" } }),
        ("semicolons", text(header: names + ["target"], separator: ";") { $0 + [$1] }),
        ("semicolons, without a header, and CRLF", text(separator: ";", end: "\r\n") { $0 + [$1] }),
        ("a comma at the end of each line", text(header: names + ["label", ""]) { $0 + [$1, ""] }),
        ("a comma at the end of each row alone", text(header: names + ["label"]) { $0 + [$1, ""] }),
        ("a comma at the end of each row, without a header", text { $0 + [$1, ""] }),
        ("an index and a last comma", indexed(header: [""] + names + ["label", ""]) { ["\($2)"] + $0 + [$1, ""] }),
        ("the label last, without a header", text { $0 + [$1] }),
        ("the label first, without a header", text { [$1] + $0 }),
        ("decimals", text(header: names + ["y"]) { $0.map { $0 + ".0" } + [$1 + ".0"] }),
        ("%.40e", text { ($0 + [$1]).map { "\($0).\(zeros)e+00" } }),
        ("many decimals", text { ($0 + [$1]).map { "\($0).\(zeros)" } }),
    ]

    @Test("every layout gives the same rows", arguments: files)
    func layouts(name: String, text: String) throws {
        let dataset = try DigitDataset(name: "test", bytes: utf8(text).span, format: .csv)
        #expect(dataset.labels == Self.dataset.labels)
        #expect(dataset.bitmaps == Self.dataset.bitmaps)
        #expect(DatasetFormat(sniffing: utf8(text).span) == .csv)
    }

    private func refusal(_ text: String) -> String {
        message { () throws(DigitsError) in _ = try DigitDataset(name: "test", bytes: utf8(text).span, format: .csv) }
    }

    @Test("with labels of 0 and 1 alone, the column that has both is the label; where that is neither or each, nothing is guessed")
    func binary() throws {
        func text(_ rows: [(first: Int, last: Int)]) -> String {
            rows.map { "\($0.first)," + String(repeating: "0,", count: 255) + "\($0.last)\n" }.joined()
        }
        func labels(_ rows: [(first: Int, last: Int)]) throws -> [UInt8] {
            try DigitDataset(name: "test", bytes: utf8(text(rows)).span, format: .csv).labels
        }
        #expect(try labels([(0, 0), (1, 0), (1, 0)]) == [0, 1, 1])
        #expect(try labels([(0, 1), (0, 0), (0, 1)]) == [1, 0, 1])
        let unknown =
            "expected a header that names the column label, found none: with labels of 0 and 1 alone it may be the first or the last"
        #expect(refusal(text([(0, 1), (1, 0)])) == unknown)
        #expect(refusal(text([(1, 0)])) == unknown)
    }

    @Test("rows of which one has the label first and another last are refused at the second")
    func contradiction() {
        let (first, last) = ("7," + String(repeating: "0,", count: 255) + "0\n", String(repeating: "0,", count: 256) + "7\n")
        #expect(refusal(first + last) == "expected 0 or 1 at line 2, column 513, found '7'")
        #expect(refusal(last + first) == "expected 0 or 1 at line 2, column 1, found '7'")
    }

    @Test("a header that names no label, or two, or too many columns, is refused")
    func headers() {
        let row = Self.pixels(0).joined(separator: ",") + ",7\n"
        #expect(
            refusal((Self.names + ["x"]).joined(separator: ",") + "\n" + row)
                == "expected a header with one column named label, found none or several; the last column is 'x'")
        #expect(
            refusal((Self.names.dropLast() + ["label", "digit"]).joined(separator: ",") + "\n" + row)
                == "expected a header with one column named label, found none or several; the last column is 'digit'")
        #expect(refusal((["a", "b"] + Self.names).joined(separator: ",") + "\n" + row) == "expected 257 values in line 1, found 258")
    }
}
