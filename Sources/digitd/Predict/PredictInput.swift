import Digits

/// The digits of one input of `digitd predict`.
struct PredictInput {
    /// A digit and what answers call it.
    struct Item {
        let name: String
        let bitmap: Bitmap
    }

    let items: [Item]

    /// Reads an input of any form: one that is a digit or a batch as a whole, or a text with a digit on each line.
    ///
    /// The whole comes first: a digit may be written in sixteen lines of sixteen pixels. Blank lines are passed over.
    /// - Parameter name: of the input; digits of a batch are numbered from 0 in brackets, those of lines as lines, from 1, behind a colon.
    /// - Throws: `DigitsError.inField` with the line that is wrong; the error of the whole where already the first line is no digit.
    init(_ bytes: [UInt8], name: String) throws(DigitsError) {
        let failure: DigitsError
        do throws(DigitsError) {
            switch try PredictInput.payload(bytes) {
            case .one(let bitmap): items = [Item(name: name, bitmap: bitmap)]
            case .many(let bitmaps): items = bitmaps.enumerated().map { Item(name: "\(name)[\($0)]", bitmap: $1) }
            }
            return
        } catch {
            failure = error
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
            .filter { !$1.allSatisfy { $0 == UInt8(ascii: " ") || (9...13).contains($0) } }
        guard lines.count > 1 else { throw failure }
        var items: [Item] = []
        for (index, line) in lines {
            do throws(DigitsError) {
                guard case .one(let bitmap) = try PredictInput.payload(Array(line)) else { throw failure }
                items.append(Item(name: "\(name):\(index + 1)", bitmap: bitmap))
            } catch {
                throw items.isEmpty ? failure : .inField("line \(index + 1)", error)
            }
        }
        self.items = items
    }

    private static func payload(_ bytes: [UInt8]) throws(DigitsError) -> DigitPayload {
        try DigitPayload(bytes.span, form: PayloadForm(sniffing: bytes.span), bitmapLimit: .max)
    }
}
