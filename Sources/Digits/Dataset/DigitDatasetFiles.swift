import Files

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension DigitDataset {
    /// Reads a data set from the bytes of a file.
    ///
    /// - Throws: `DigitsError` with line and column, or row, of the first thing that is wrong; `.noRows` for a file without any.
    public init(name: String, bytes: borrowing Span<UInt8>, format: DatasetFormat) throws(DigitsError) {
        let rows =
            switch format {
            case .semeion: try SemeionText.read(bytes)
            case .csv: try CommaSeparatedDigits.read(bytes)
            case .packed: try PackedDigits.read(bytes)
            }
        guard !rows.bitmaps.isEmpty else { throw .noRows }
        try self.init(name: name, bitmaps: rows.bitmaps, labels: rows.labels)
    }

    /// Reads a data set from a file, which gives it its name: `semeion` for `data/semeion.data`.
    ///
    /// A file named as MNIST's pictures are (`…images-idx3…`, gzip or not) is read together with the file of labels beside it, and each grey
    /// picture prepared as the study did: cropped to its ink, stretched to 16 x 16, taken as ink above 127.
    /// - Parameter format: nil for what the file's extension says, or its content where that says nothing.
    /// - Throws: `DigitsError.file` where it cannot be read; `.inFile` with the path and what is wrong with the content.
    public init(contentsOfFile path: String, format: DatasetFormat? = nil) throws(DigitsError) {
        let url = URL(filePath: path)
        if format == nil, IDXDigits.isNamedByImages(path) {
            let rows = try IDXDigits.read(imagesPath: path)
            let name = url.lastPathComponent.replacing("-images-idx3-ubyte", with: "").replacing(".gz", with: "")
            do {
                try self.init(name: name, bitmaps: rows.bitmaps, labels: rows.labels)
            } catch {
                throw .inFile(path, error)
            }
            return
        }
        let bytes: [UInt8]
        do throws(FileError) { bytes = try FileBytes.read(path) } catch { throw .file(error) }
        let format = format ?? DatasetFormat(fileName: path) ?? DatasetFormat(sniffing: bytes.span)
        do {
            try self.init(name: url.deletingPathExtension().lastPathComponent, bytes: bytes.span, format: format)
        } catch {
            throw .inFile(path, error)
        }
    }

    /// The bytes of a file in this format; reading them gives equal rows.
    public func encoded(as format: DatasetFormat) -> [UInt8] {
        switch format {
        case .semeion: SemeionText.write(bitmaps: bitmaps, labels: labels)
        case .csv: CommaSeparatedDigits.write(bitmaps: bitmaps, labels: labels)
        case .packed: PackedDigits.write(bitmaps: bitmaps, labels: labels)
        }
    }
}
