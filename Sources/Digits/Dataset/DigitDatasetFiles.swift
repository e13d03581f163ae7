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

    /// Reads a data set from the whole bytes of a file, which gzip may have packed.
    ///
    /// - Parameter format: nil for what the content looks like.
    /// - Throws: as `init(name:bytes:format:)`; `DigitsError.notGzip`.
    public init(name: String, fileBytes bytes: borrowing Span<UInt8>, format: DatasetFormat? = nil) throws(DigitsError) {
        // A packed bitmap may begin with any bytes, gzip's among them.
        guard format != .packed, GzipBytes.areThese(bytes) else {
            try self.init(name: name, bytes: bytes, format: format ?? DatasetFormat(sniffing: bytes))
            return
        }
        let unpacked = try GzipBytes.unpacked(bytes)
        try self.init(name: name, bytes: unpacked.span, format: format ?? DatasetFormat(sniffing: unpacked.span))
    }

    /// Reads a data set from a file, which gives it its name: `semeion` for `data/semeion.data` and for `semeion.data.gz`.
    ///
    /// A file named as MNIST's pictures are (`…images-idx3…`, gzip or not) is read together with the file of labels beside it, and each grey
    /// picture prepared as the study did: cropped to its ink, stretched to 16 x 16, taken as ink above 127.
    /// - Parameter format: nil for what the file's extension says, or its content where that says nothing.
    /// - Throws: `DigitsError.file` where it cannot be read; `.inFile` with the path and what is wrong with the content.
    public init(contentsOfFile path: String, format: DatasetFormat? = nil) throws(DigitsError) {
        let fileName = DigitDataset.fileName(of: path)
        let isPacked = fileName.lowercased().hasSuffix(DatasetFormat.packedExtension)
        let unpackedName = isPacked ? String(fileName.dropLast(DatasetFormat.packedExtension.count)) : fileName
        if format == nil, IDXDigits.isNamedByImages(path) {
            let rows = try IDXDigits.read(imagesPath: path)
            do throws(DigitsError) {
                guard !rows.bitmaps.isEmpty else { throw DigitsError.noRows }
                try self.init(
                    name: unpackedName.replacing("-images-idx3-ubyte", with: ""), bitmaps: rows.bitmaps, labels: rows.labels)
            } catch {
                throw .inFile(path, error)
            }
            return
        }
        let bytes: [UInt8]
        do throws(FileError) { bytes = try FileBytes.read(path) } catch { throw .file(error) }
        let name = URL(filePath: unpackedName).deletingPathExtension().lastPathComponent
        do throws(DigitsError) {
            let format = format ?? DatasetFormat(fileName: fileName)
            if isPacked {
                let unpacked = try GzipBytes.unpacked(bytes.span)
                try self.init(name: name, bytes: unpacked.span, format: format ?? DatasetFormat(sniffing: unpacked.span))
            } else {
                try self.init(name: name, fileBytes: bytes.span, format: format)
            }
        } catch {
            throw .inFile(path, error)
        }
    }

    /// The last part of a path, with U+FFFD for bytes that are no text: it becomes part of reports.
    private static func fileName(of path: String) -> String {
        let name = URL(filePath: path).lastPathComponent
        return String(String.UnicodeScalarView(name.unicodeScalars.map { SystemPath.byte(of: $0) == nil ? $0 : "\u{FFFD}" }))
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
