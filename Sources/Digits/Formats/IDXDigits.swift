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
            try self.init(GzipBytes.areThese(file.span) ? GzipBytes.unpacked(file.span) : file, dimensionCount: dimensionCount)
        } catch {
            throw .inFile(path, error)
        }
    }

    private init(_ bytes: [UInt8], dimensionCount: Int) throws(DigitsError) {
        let headCount = 4 + 4 * dimensionCount
        let magic: [UInt8] = [0, 0, 8, UInt8(dimensionCount)]
        guard bytes.count >= headCount, bytes.starts(with: magic) else {
            throw .notIDX(
                expected: "a head of \(headCount) bytes that begins with 0 0 8 \(dimensionCount)",
                found: bytes.count < headCount ? "\(bytes.count) bytes" : bytes[..<4].map(String.init).joined(separator: " "))
        }
        dimensions = stride(from: 4, to: headCount, by: 4).map { start in
            bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        var expectedCount = 1
        for dimension in dimensions {
            let (product, overflow) = expectedCount.multipliedReportingOverflow(by: dimension)
            expectedCount = overflow ? .max : product
        }
        guard bytes.count - headCount == expectedCount else {
            throw .notIDX(
                expected: "\(expectedCount) values, \(dimensions.map(String.init).joined(separator: " x "))",
                found: "\(bytes.count - headCount)")
        }
        values = bytes[headCount...]
    }
}
