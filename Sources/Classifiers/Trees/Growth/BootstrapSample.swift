import Digits

/// Rows from which the trees of a forest draw their samples.
///
/// Bootstrap aggregating: Breiman, "Bagging Predictors", Machine Learning 24 (1996). Each tree draws as many rows as there are, each with
/// equal probability, with replacement; about 37 % of the rows are left out of it.
struct BootstrapSource {
    private let rows: RowsByClass
    private let seed: UInt64
    private let drawsWithReplacement: Bool

    /// - Parameter drawsWithReplacement: where false, every tree's sample is all rows, once each.
    /// - Throws: `TrainingError.rowOutOfRange`, `.tooFewClasses`.
    init(_ dataset: DigitDataset, rows: [Int], seed: UInt64, drawsWithReplacement: Bool = true) throws(TrainingError) {
        self.rows = try RowsByClass(dataset, rows: rows)
        self.seed = seed
        self.drawsWithReplacement = drawsWithReplacement
    }

    /// The digits that the rows show, ascending.
    var classes: [UInt8] { rows.classes }
    /// Bitmaps of the rows, class after class.
    var bitmaps: [Bitmap] { rows.bitmaps }
    /// Where in `bitmaps` each class ends, in the order of `classes`.
    var classEnds: [Int] { rows.classEnds }

    /// How often a tree's sample holds each of `bitmaps`; depends on the seed and the tree's number alone.
    func multiplicities(tree: Int) -> [Int] {
        guard drawsWithReplacement else { return [Int](repeating: 1, count: bitmaps.count) }
        var stream = RandomStream(seed: seed, purpose: .bootstrap, index: tree)
        var multiplicities = [Int](repeating: 0, count: bitmaps.count)
        for _ in bitmaps.indices { multiplicities[stream.integer(below: bitmaps.count)] += 1 }
        return multiplicities
    }

    /// The sample with these multiplicities, class after class.
    func sample(_ multiplicities: [Int]) -> SampleRows {
        var sample = SampleRows()
        sample.reserveCapacity(bitmaps.count)
        var row = 0
        for end in classEnds {
            while row < end {
                for copy in 0..<multiplicities[row] { sample.append(bitmaps[row], isCopy: copy > 0) }
                row += 1
            }
            sample.endClass()
        }
        return sample
    }
}

/// Rows of a sample or a part of it, class after class; a row drawn twice appears twice.
struct SampleRows {
    private(set) var bitmaps: [Bitmap] = []
    /// Of each row, whether it is a row of the data set drawn once more.
    private(set) var isCopy: [Bool] = []
    /// Where in `bitmaps` each class ends; a class without rows ends where the one before it does.
    private(set) var classEnds: [Int] = []

    mutating func reserveCapacity(_ rowCount: Int) {
        bitmaps.reserveCapacity(rowCount)
        isCopy.reserveCapacity(rowCount)
    }

    /// Adds a row of the class that has not ended yet.
    mutating func append(_ bitmap: Bitmap, isCopy copy: Bool) {
        bitmaps.append(bitmap)
        isCopy.append(copy)
    }

    mutating func endClass() {
        classEnds.append(bitmaps.count)
    }
}
