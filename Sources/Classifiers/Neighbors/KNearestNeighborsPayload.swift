import Digits

/// The training rows of a k-nearest-neighbours model, as they stand in a model document.
public struct KNearestNeighborsPayload: Codable, Hashable, Sendable {
    /// One a row, in 64 hexadecimal digits each.
    let bitmaps: [String]
    /// One a row: a digit of the model's classes.
    let labels: [UInt8]

    init(_ scan: NeighborScan) {
        bitmaps = scan.bitmaps.map(\.hexadecimal)
        labels = scan.labels
    }

    /// - Throws: `TrainingError.invalidModel` naming the field that does not fit: classes that are not the digits of the rows, lists of
    ///   different lengths, fewer rows than vote, a bitmap that is none.
    func validatedScan(neighborCount: Int, classes: [UInt8]) throws(TrainingError) -> NeighborScan {
        try ModelClasses.validate(classes)
        guard labels.count == bitmaps.count else {
            throw .invalidModel(field: "labels", found: "\(labels.count) numbers", expected: "\(bitmaps.count), as many as bitmaps")
        }
        guard bitmaps.count >= neighborCount else {
            throw .invalidModel(field: "bitmaps", found: "\(bitmaps.count) rows", expected: "\(neighborCount) or more, as many as vote")
        }
        if let index = labels.firstIndex(where: { !classes.contains($0) }) {
            throw .invalidModel(field: "labels[\(index)]", found: "\(labels[index])", expected: "one of \(classes)")
        }
        if let digit = classes.first(where: { !labels.contains($0) }) {
            throw .invalidModel(field: "labels", found: "no \(digit)", expected: "all of \(classes)")
        }
        return NeighborScan(bitmaps: try ModelBitmaps.decoded(bitmaps, field: "bitmaps"), labels: labels)
    }
}
