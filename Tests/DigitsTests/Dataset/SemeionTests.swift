import TestData
import Testing

@testable import Digits

@Suite(.enabled(if: TestData.semeionIsAvailable, "needs Semeion: run scripts/fetch-semeion"))
struct SemeionTests {
    /// Values of NumPy: `a = loadtxt("semeion.data")`, and SHA-256 over `packbits(row[:256]) + bytes([argmax(row[256:])])`.
    @Test("Semeion has its 1593 rows, their digits and their digest")
    func content() throws {
        let semeion = try TestData.semeion()
        #expect(semeion.name == "semeion")
        #expect(semeion.count == 1593)
        let classCounts = (0..<10).map { digit in semeion.labels.count { $0 == digit } }
        #expect(classCounts == [161, 162, 159, 159, 161, 159, 161, 158, 155, 158])
        #expect(semeion.bitmaps.reduce(0) { $0 + $1.inkCount } == 134_016)
        #expect(semeion.sha256 == "a9b2e4799ea2d7279cd8122ee75a7f102f93ef98b42f34bce2643925316927fd")
    }

    @Test("Semeion written in each format and read again is Semeion", arguments: DatasetFormat.allCases)
    func roundTrip(format: DatasetFormat) throws {
        let semeion = try TestData.semeion()
        let again = try DigitDataset(name: "again", bytes: semeion.encoded(as: format).span, format: format)
        #expect(again.sha256 == semeion.sha256)
    }

    @Test("a row of Semeion is a payload")
    func payload() throws {
        let semeion = try TestData.semeion()
        let text = semeion.selecting(rows: [100], name: "row").encoded(as: .semeion)
        #expect(PayloadForm(sniffing: text.span) == .text)
        #expect(try DigitPayload(text.span, form: .text, bitmapLimit: 1) == .one(semeion.bitmaps[100]))
    }
}
