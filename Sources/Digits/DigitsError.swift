import Files
import JSONText

/// What can be wrong with digits, data sets and folds that come from outside.
///
/// Its description is one sentence without a full stop, for terminals and for the `detail` of an HTTP problem. Rows, pixels, values
/// and elements are numbered from 0 as everywhere in digitd; lines and columns from 1.
public enum DigitsError: Error, Hashable, Sendable {
    // Bitmaps
    /// Nothing, or nothing but white space.
    case empty
    case wrongLength(DigitForm, found: Int)
    case notHexadecimal(character: String, at: TextPosition)
    case notAPixel(value: String, at: TextPosition)
    case notAPortableBitmap(expected: String, at: TextPosition)
    case portableBitmapSize(width: Int, height: Int)
    case noInk
    /// Bytes that begin as a file of another kind does, where packed bitmaps were expected.
    case otherFile(FileSignature)

    // JSON
    case notJSON(expected: String, found: String, at: TextPosition)
    case wrongJSONType(expected: String, found: String, at: TextPosition)
    case missingField(expected: [String])
    case conflictingFields([String])
    case unknownField(name: String, known: [String])

    // Many bitmaps
    case noBitmaps
    case tooManyBitmaps(limit: Int, found: Int)
    /// What is wrong within a field or one of its elements, such as `bitmaps[3]`.
    indirect case inField(String, DigitsError)

    // Data sets
    case rowCountMismatch(bitmapCount: Int, labelCount: Int)
    /// Elements of a list that are the same bitmap with different digits.
    case contradictoryLabels(firstIndex: Int, firstDigit: UInt8, index: Int, digit: UInt8)
    case labelOutOfRange(row: Int, found: Int)
    case notADigit(found: String)
    case noRows
    case wrongValueCount(expected: Int, found: Int, line: Int)
    case notALabel(value: String, at: TextPosition)
    case indicatorsWithoutDigit(markedCount: Int, line: Int)
    case unknownHeader(lastColumn: String)
    /// Of values without a header, in which the label may be the first or the last.
    case labelColumnUnknown
    case packedRemainder(byteCount: Int)
    case notIDX(expected: String, found: String)

    // Folds
    case foldOutOfRange(row: Int, found: Int, rowCount: Int)
    case foldMissing(fold: Int, foldCount: Int)
    case tooFewFolds(found: Int)
    case tooFewRows(digit: Int?, found: Int, foldCount: Int)
    case foldRowCountMismatch(expected: Int, found: Int)

    // Files
    case file(FileError)
    case notGzip(reason: String)
    indirect case inFile(String, DigitsError)

    /// The shapes that have a fixed length.
    public enum DigitForm: Hashable, Sendable {
        case hexadecimalDigits
        case pixels
        /// A text of zeros and ones without white space, which could have been meant as either.
        case hexadecimalDigitsOrPixels
        case rows
        case rowOfPixels
        case semeionRow
        case octets
        case portableBitmapRaster
    }
}

extension DigitsError: JSONFailure {}

extension DigitsError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty: "expected a digit, found nothing"
        case .wrongLength(let form, let found): "expected \(form.expected), found \(found)"
        case .notHexadecimal(let character, let position): "expected a hexadecimal digit at \(position), found \(character)"
        case .notAPixel(let value, let position): "expected 0 or 1 at \(position), found \(DigitsError.quoted(value))"
        case .notAPortableBitmap(let expected, let position): "not a portable bitmap: expected \(expected) at \(position)"
        case .portableBitmapSize(let width, let height):
            "expected a portable bitmap of \(Bitmap.side) x \(Bitmap.side) pixels, found \(width) x \(height)"
        case .otherFile(let kind): "expected packed bitmaps of 32 bytes each, found a \(kind.rawValue) file"
        case .noInk: "expected a picture of a digit, found one without ink"
        case .notJSON(let expected, let found, let position): "not JSON: expected \(expected) at \(position), found \(found)"
        case .wrongJSONType(let expected, let found, let position): "expected \(expected) at \(position), found \(found)"
        case .missingField(let names): "expected the field \(DigitsError.choice(of: names)), found none of that name"
        case .conflictingFields(let names): "expected only one field, found \(DigitsError.list(of: names))"
        case .unknownField(let name, let known):
            "expected the fields \(DigitsError.list(of: known)) and no other, found \(DigitsError.quoted(name))"
                + name.suggestion(among: known)
        case .noBitmaps: "expected at least one bitmap, found none"
        case .tooManyBitmaps(let limit, let found): "expected at most \(limit) bitmaps, found \(found)"
        case .inField(let name, let error): "\(name): \(error)"
        case .rowCountMismatch(let bitmapCount, let labelCount):
            "expected one label a bitmap, found \(bitmapCount) bitmaps and \(labelCount) labels"
        case .contradictoryLabels(let firstIndex, let firstDigit, let index, let digit):
            "expected one digit a bitmap, found \(firstDigit) for bitmaps[\(firstIndex)] and \(digit) for bitmaps[\(index)], which are the same"
        case .labelOutOfRange(let row, let found): "expected a label from 0 to 9 in row \(row), found \(found)"
        case .notADigit(let found): "expected a digit from 0 to 9, found \(found)"
        case .noRows: "expected a data set, found no rows"
        case .wrongValueCount(let expected, let found, let line): "expected \(expected) values in line \(line), found \(found)"
        case .notALabel(let value, let position): "expected a label from 0 to 9 at \(position), found \(DigitsError.quoted(value))"
        case .indicatorsWithoutDigit(let markedCount, let line):
            "expected exactly one 1 among the last 10 values of line \(line), found \(markedCount)"
        case .unknownHeader(let lastColumn):
            "expected a header with one column named label, found none or several; the last column is \(DigitsError.quoted(lastColumn))"
        case .labelColumnUnknown:
            "expected a header that names the column label, found none: with labels of 0 and 1 alone it may be the first or the last"
        case .packedRemainder(let byteCount):
            "expected \(PackedDigits.rowByteCount) bytes a row, found \(byteCount) bytes, "
                + "\(byteCount % PackedDigits.rowByteCount) past row \(byteCount / PackedDigits.rowByteCount)"
        case .notIDX(let expected, let found): "not the IDX format: expected \(expected), found \(found)"
        case .foldOutOfRange(let row, let found, let rowCount):
            "expected a fold from 0 to \(rowCount - 1) for row \(row) of \(rowCount), found \(found)"
        case .foldMissing(let fold, let foldCount): "expected rows in each of \(foldCount) folds, found none in fold \(fold)"
        case .tooFewFolds(let found): "expected at least 2 folds, found \(found)"
        case .tooFewRows(let digit?, let found, let foldCount):
            "expected at least \(foldCount) rows of digit \(digit), one a fold, found \(found)"
        case .tooFewRows(nil, let found, let foldCount): "expected at least \(foldCount) rows, one a fold, found \(found)"
        case .foldRowCountMismatch(let expected, let found): "expected the folds of \(expected) rows, found those of \(found)"
        case .file(let error): "\(error)"
        case .notGzip(let reason): "not a whole gzip file: \(reason)"
        case .inFile(let path, let error): "\(path): \(error)"
        }
    }

    private static func quoted(_ value: String) -> String {
        value.isEmpty ? "nothing" : "'\(value)'"
    }

    private static func choice(of names: [String]) -> String {
        names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }

    private static func list(of names: [String]) -> String {
        names.count == 1 ? names[0] + " twice" : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
    }
}

extension DigitsError.DigitForm {
    fileprivate var expected: String {
        switch self {
        case .hexadecimalDigits: "64 hexadecimal digits"
        case .pixels: "256 pixels, 0 or 1"
        case .hexadecimalDigitsOrPixels: "64 hexadecimal digits, or 256 pixels, 0 or 1"
        case .rows: "16 rows of 16 pixels"
        case .rowOfPixels: "16 pixels"
        case .semeionRow: "256 values, or 266 with the indicators of a Semeion row"
        case .octets: "a multiple of 32 bytes"
        case .portableBitmapRaster: "32 bytes of raster"
        }
    }
}
