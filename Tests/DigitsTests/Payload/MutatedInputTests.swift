import Foundation
import JSONText
import Testing

@testable import Digits

/// Inputs that are right but for a few bytes: where most of the ways to run past an end are found.
@Suite struct MutatedInputTests {
    private static let inputCount = 20_000

    private static let seeds: [[UInt8]] = {
        let digits = SyntheticDigits.dataset(rowCount: 3, seed: 1)
        let pixels = (0..<16).map { row in
            "[" + (0..<16).map { digits.bitmaps[1][row: row, column: $0] ? "1" : "0" }.joined(separator: ",") + "]"
        }
        return [
            utf8(sixHexadecimal + "\n"), utf8(digits.bitmaps[0].zeroOneText), PortableBitmap.packed(digits.bitmaps[0]),
            utf8(PortableBitmap.text(digits.bitmaps[1])), utf8("{\"bitmap\": \"\(sixHexadecimal)\", \"x\": [1.5e-3, null, \"\\u00e9\"]}"),
            utf8("{\"bitmaps\": [\"\(sixHexadecimal)\", \"\(sixHexadecimal)\"]}"),
            utf8("{\"pixels\": [" + pixels.joined(separator: ",") + "]}"),
            utf8("{\"what\": \"folds\", \"fold\": [0, 1, 2, 0, 1, 2]}"),
        ] + DatasetFormat.allCases.map { digits.encoded(as: $0) }
    }()

    /// One of the seeds with up to four bytes changed, removed or doubled, or cut off.
    private func mutated(_ stream: inout RandomStream) -> [UInt8] {
        var bytes = MutatedInputTests.seeds[stream.integer(below: MutatedInputTests.seeds.count)]
        let alphabet = utf8("{}[]\",:01.eE-+\\u \n#P4tfn\0") + [0xC3, 0xFF]
        for _ in 0...stream.integer(below: 4) where !bytes.isEmpty {
            let place = stream.integer(below: bytes.count)
            switch stream.integer(below: 5) {
            case 0: bytes[place] = UInt8(stream.integer(below: 256))
            case 1: bytes[place] = alphabet[stream.integer(below: alphabet.count)]
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(alphabet[stream.integer(below: alphabet.count)], at: place)
            default: if stream.integer(below: 4) == 0 { bytes.removeSubrange(place...) }
            }
        }
        return bytes
    }

    @Test("whatever comes in is read or refused with a message of one line")
    func readOrRefused() {
        var stream = RandomStream(seed: 30, purpose: .test)
        var refusedCount = 0
        for _ in 0..<MutatedInputTests.inputCount {
            let bytes = mutated(&stream)
            var messages = PayloadForm.allCases.map { form in
                message { () throws(DigitsError) in _ = try DigitPayload(bytes.span, form: form, bitmapLimit: 2) }
            }
            messages += DatasetFormat.allCases.map { format in
                message { () throws(DigitsError) in _ = try DigitDataset(name: "x", bytes: bytes.span, format: format) }
            }
            messages.append(message { () throws(DigitsError) in _ = try FoldAssignment(json: bytes.span, rowCount: 6) })
            _ = PayloadForm(sniffing: bytes.span)
            _ = DatasetFormat(sniffing: bytes.span)
            refusedCount += messages.count { $0 != "no error" }
            for message in messages where message.utf8.count > 250 || message.contains(where: \.isNewline) {
                Issue.record("an unfit message: \(message)")
            }
        }
        // Of eight readings at most two or three can succeed.
        #expect((5 * MutatedInputTests.inputCount..<8 * MutatedInputTests.inputCount).contains(refusedCount))
    }

    /// Foundation takes `[1,]`, against RFC 8259, section 5; that is the only difference.
    @Test("JSON is taken for JSON exactly where Foundation takes it for JSON, but for commas before ']'")
    func agreesWithFoundation() {
        var stream = RandomStream(seed: 31, purpose: .test)
        var validCount = 0
        for _ in 0..<MutatedInputTests.inputCount {
            let bytes = mutated(&stream)
            guard bytes.first == UInt8(ascii: "{") else { continue }
            let isJSON = (try? JSONSerialization.jsonObject(with: Data(bytes))) != nil
            let refusal = message { () throws(DigitsError) in
                var cursor = JSONCursor<DigitsError>()
                try cursor.skipValue(bytes.span, depth: 0)
                try cursor.finish(bytes.span)
            }
            let isCommaBeforeBracket = refusal.hasPrefix("not JSON: expected a value at ") && refusal.hasSuffix(", found ']'")
            #expect((refusal == "no error") == isJSON || isCommaBeforeBracket, "\(refusal): \(String(decoding: bytes, as: UTF8.self))")
            if isJSON { validCount += 1 }
        }
        #expect(validCount > 500)
    }
}
