import Files

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Grey digits in the IDX format of the MNIST data set, prepared as Semeion was.
///
/// LeCun, Cortes, Burges, "The MNIST database of handwritten digits": a magic number whose third byte is 8 for bytes and whose fourth is
/// the number of dimensions, the dimensions as big-endian words of 32 bits, then the values. Pictures stand in one file (`…images-idx3…`),
/// their labels in another of the same name but for `labels-idx1`. Either may be packed by gzip.
enum IDXDigits {
    private static let imagesMark = "images-idx3"
    private static let labelsMark = "labels-idx1"

    /// Whether a file is named as one of pictures.
    static func isNamedByImages(_ path: String) -> Bool {
        URL(filePath: path).lastPathComponent.contains(imagesMark)
    }

    /// Reads the pictures of a file, and their labels from the one beside it.
    ///
    /// - Throws: `DigitsError.file`, or `.inFile` with the path of the one that is wrong: `.notIDX`, `.rowCountMismatch`, and
    ///   `.inField` of a picture without ink.
    static func read(imagesPath: String) throws(DigitsError) -> (bitmaps: [Bitmap], labels: [UInt8]) {
        let images = try IDXArray(contentsOfFile: imagesPath, dimensionCount: 3)
        let imagesURL = URL(filePath: imagesPath)
        let labelsName = imagesURL.lastPathComponent.replacing(imagesMark, with: labelsMark)
        let labelsPath = imagesURL.deletingLastPathComponent().appending(path: labelsName).path
        let labels = try IDXArray(contentsOfFile: labelsPath, dimensionCount: 1)
        guard images.dimensions[0] == labels.dimensions[0] else {
            throw .inFile(labelsPath, .rowCountMismatch(bitmapCount: images.dimensions[0], labelCount: labels.dimensions[0]))
        }
        let (height, width) = (images.dimensions[1], images.dimensions[2])
        guard height >= 1, width >= 1 else {
            throw .inFile(imagesPath, .notIDX(expected: "pictures of one pixel or more", found: "\(height) x \(width)"))
        }
        var bitmaps: [Bitmap] = []
        bitmaps.reserveCapacity(images.dimensions[0])
        for row in 0..<images.dimensions[0] {
            let pixels = Array(images.values.dropFirst(row * height * width).prefix(height * width))
            do {
                bitmaps.append(try Bitmap(stretching: GreyImage(width: width, height: height, pixels: pixels)))
            } catch {
                throw .inFile(imagesPath, .inField("images[\(row)]", error))
            }
        }
        return (bitmaps, Array(labels.values))
    }
}

/// An array of bytes in the IDX format.
private struct IDXArray {
    let dimensions: [Int]
    /// As many as the product of the dimensions, the last varying fastest.
    let values: ArraySlice<UInt8>

    init(contentsOfFile path: String, dimensionCount: Int) throws(DigitsError) {
        let file: [UInt8]
        do throws(FileError) { file = try FileBytes.read(path) } catch { throw .file(error) }
        do {
            guard GzipBytes.areThese(file.span) else {
                try self.init(file, dimensionCount: dimensionCount)
                return
            }
            // The head says how much the file may hold: what holds more, or more than there is memory for, is not unpacked to see it.
            let head = try IDXHead(GzipBytes.beginning(of: file.span, byteCount: IDXHead.byteCount(dimensionCount)), dimensionCount)
            try self.init(
                GzipBytes.unpacked(file.span, limitBytes: min(head.fileByteCount, FileBytes.standardLimitBytes)),
                dimensionCount: dimensionCount)
        } catch {
            throw .inFile(path, error)
        }
    }

    private init(_ bytes: [UInt8], dimensionCount: Int) throws(DigitsError) {
        let head = try IDXHead(bytes, dimensionCount)
        let headCount = IDXHead.byteCount(dimensionCount)
        guard bytes.count - headCount == head.valueCount else {
            throw .notIDX(
                expected: "\(head.valueCount) values, \(head.dimensions.map(String.init).joined(separator: " x "))",
                found: "\(bytes.count - headCount)")
        }
        dimensions = head.dimensions
        values = bytes[headCount...]
    }
}

/// What stands before the values.
private struct IDXHead {
    let dimensions: [Int]
    /// The product of the dimensions; the largest number there is where that is larger.
    let valueCount: Int

    /// - Parameter bytes: of the file, the head's at least.
    init(_ bytes: [UInt8], _ dimensionCount: Int) throws(DigitsError) {
        let headCount = IDXHead.byteCount(dimensionCount)
        let magic: [UInt8] = [0, 0, 8, UInt8(dimensionCount)]
        guard bytes.count >= headCount, bytes.starts(with: magic) else {
            throw .notIDX(
                expected: "a head of \(headCount) bytes that begins with 0 0 8 \(dimensionCount)",
                found: bytes.count < headCount ? "\(bytes.count) bytes" : bytes[..<4].map(String.init).joined(separator: " "))
        }
        dimensions = stride(from: 4, to: headCount, by: 4).map { start in
            bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        valueCount = dimensions.reduce(1) { count, dimension in
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            return overflow ? .max : product
        }
    }

    static func byteCount(_ dimensionCount: Int) -> Int { 4 + 4 * dimensionCount }

    /// Bytes of a whole file.
    var fileByteCount: Int {
        let (sum, overflow) = valueCount.addingReportingOverflow(IDXHead.byteCount(dimensions.count))
        return overflow ? .max : sum
    }
}
