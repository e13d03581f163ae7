import CBitKernels
import Digits

/// At most 64 rows as columns: a column is one word, and so is a node.
struct ColumnWord {
    /// Most rows that fit.
    static let rowCapacity = 64

    private let columns: [UInt64]
    /// The rows of each class.
    private let classMasks: [UInt64]
    let everyRow: UInt64
    /// The rows that are not copies of one before them.
    private let distinctRows: UInt64

    /// - Precondition: at most 64 rows.
    init(_ rows: SampleRows) {
        precondition(rows.bitmaps.count <= ColumnWord.rowCapacity, "a word holds 64 rows")
        columns = [UInt64](unsafeUninitializedCapacity: Bitmap.pixelCount) { buffer, initializedCount in
            rows.bitmaps.withUnsafeBytes { bytes in
                // A Bitmap is four UInt64 and nothing else.
                guard let base = buffer.baseAddress, let words = bytes.baseAddress?.assumingMemoryBound(to: UInt64.self) else { return }
                bk_columns(words, rows.bitmaps.count, base, 1)
            }
            initializedCount = Bitmap.pixelCount
        }
        func mask(below row: Int) -> UInt64 { row == 64 ? .max : (1 &<< UInt64(row)) &- 1 }
        var begin = 0
        classMasks = rows.classEnds.map { end in
            defer { begin = end }
            return mask(below: end) & ~mask(below: begin)
        }
        everyRow = mask(below: rows.bitmaps.count)
        distinctRows = rows.isCopy.indices.reduce(0) { $0 | (rows.isCopy[$1] ? 0 : 1 &<< UInt64($1)) }
    }

    /// The class of all rows of a mask, by position; nil where they are of several.
    func onlyClass(_ mask: UInt64) -> Int? {
        classMasks.firstIndex { mask & ~$0 == 0 }
    }

    func classCounts(_ mask: UInt64) -> [Int] {
        classMasks.map { (mask & $0).nonzeroBitCount }
    }

    /// Rows that a mask holds, copies counted once.
    func distinctCount(_ mask: UInt64) -> Int { (mask & distinctRows).nonzeroBitCount }

    func column(_ feature: Int) -> UInt64 { columns[feature] }

    /// The best of some features to split a masked node by: its place among them, and whether any of them differs within the node.
    func bestSplit(_ mask: UInt64, features: UnsafeBufferPointer<UInt8>, growth: TreeGrowth) -> bk_split {
        growth.withEntropyTerms { terms in
            bk_best_split_in_word(
                columns, mask, distinctRows, classMasks, classMasks.count, features.baseAddress, features.count, growth.leastLeaf, terms)
        }
    }
}
