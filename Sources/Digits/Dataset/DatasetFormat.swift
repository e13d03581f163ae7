import JSONText

/// The file formats of data sets.
public enum DatasetFormat: String, CaseIterable, Sendable {
    /// A line a row: 256 pixels and 10 indicators with spaces between them. The format of the Semeion data set.
    case semeion
    /// Comma-separated values: 256 pixels, then the label, with a header `p0,…,p255,label` when written. What is read beside that
    /// `CommaSeparatedDigits` says.
    case csv
    /// 33 bytes a row: the packed bitmap and its label.
    case packed

    /// The extension of its files, without the point.
    public var fileExtension: String {
        switch self {
        case .semeion: "data"
        case .csv: "csv"
        case .packed: "bin"
        }
    }

    /// The extension of files that gzip has packed.
    static let packedExtension = ".gz"

    /// The format that a file's name says, packed by gzip or not; nil where its extension is none of the three.
    public init?(fileName: String) {
        var lowerCase = fileName.lowercased()
        if lowerCase.hasSuffix(DatasetFormat.packedExtension) { lowerCase.removeLast(DatasetFormat.packedExtension.count) }
        guard let format = DatasetFormat.allCases.first(where: { lowerCase.hasSuffix("." + $0.fileExtension) }) else { return nil }
        self = format
    }

    /// The format that the bytes look like: packed where they are no text, CSV where the first line has a comma or a semicolon.
    public init(sniffing bytes: borrowing Span<UInt8>) {
        let start = bytes.textStart
        let end = min(bytes.count, 4096)
        for offset in start..<max(start, end) where bytes[offset].isOutsideASCIIText {
            self = .packed
            return
        }
        for offset in 0..<bytes.endOfLine(from: bytes.rangeWithoutSurroundingWhiteSpace.lowerBound)
        where bytes[offset] == UInt8(ascii: ",") || bytes[offset] == UInt8(ascii: ";") {
            self = .csv
            return
        }
        self = .semeion
    }
}
