import Digits

/// The kernel matrix of some rows of data, row by row, each computed when first asked for: rows x rows, single precision.
///
/// Of bitmaps a row costs one popcount pass, hardly more than reading it from memory would; what is kept is bounded. Where all rows fit in the bound
/// every row is computed once at most; otherwise the least recently used row is replaced. Two rows at least are kept, the working set of the solver.
/// The values do not depend on the bound.
final class KernelRows {
    let rowCount: Int
    /// Rows in blocks of eight: the length of a row's storage in blocks.
    let blockCount: Int
    /// The kernel of each row with itself, in double precision; eight times `blockCount`, the filling 0.
    let diagonal: [Double]

    /// The kernel of two rows in double precision, computed anew.
    let exactValue: (_ row: Int, _ other: Int) -> Double
    /// Computes the kernel of one row with all rows and the filling.
    private let fill: (_ row: Int, _ values: UnsafeMutablePointer<Float>) -> Void
    private let rowLength: Int
    /// Kept, for it owns the memory of the slots.
    private let storage: FloatStorage
    private let slots: UnsafeMutableBufferPointer<Float>
    private let slotCount: Int
    private var usedSlotCount = 0
    /// The slot of each row, -1 for none.
    private var slotOfRow: [Int]
    private var rowOfSlot: [Int]
    private var recency: RecencyList

    /// - Parameters:
    ///   - storage: where the rows are kept; its contents are overwritten.
    ///   - cacheBytes: the most that may be kept, in bytes.
    convenience init(bitmaps: [Bitmap], table: KernelTable, storage: FloatStorage, cacheBytes: Int) {
        let blocks = BitmapBlocks(bitmaps)
        self.init(
            diagonal: bitmaps.map(table.diagonal), storage: storage, cacheBytes: cacheBytes,
            exactValue: { table.value(bitmaps[$0], bitmaps[$1]) },
            fill: { row, values in blocks.kernelValues(of: bitmaps[row], blocks: 0..<blocks.blockCount, table: table, into: values) })
    }

    /// - Parameters:
    ///   - diagonal: the kernel of each row with itself.
    ///   - exactValue: the kernel of two rows in double precision.
    ///   - fill: computes the kernel of one row with all rows, in whole blocks of eight, at the address it is given.
    init(
        diagonal: [Double], storage: FloatStorage, cacheBytes: Int, exactValue: @escaping (_ row: Int, _ other: Int) -> Double,
        fill: @escaping (_ row: Int, _ values: UnsafeMutablePointer<Float>) -> Void
    ) {
        self.exactValue = exactValue
        self.fill = fill
        rowCount = diagonal.count
        blockCount = BitmapBlocks.blocks(rows: rowCount)
        rowLength = blockCount * BitmapBlocks.blockRows
        self.diagonal = diagonal + [Double](repeating: 0, count: rowLength - rowCount)
        let affordable = cacheBytes / max(1, rowLength * MemoryLayout<Float>.stride)
        slotCount = min(rowCount, max(2, affordable))
        self.storage = storage
        slots = storage.buffer(count: slotCount * rowLength)
        slotOfRow = [Int](repeating: -1, count: rowCount)
        rowOfSlot = [Int](repeating: -1, count: slotCount)
        recency = RecencyList(count: slotCount < rowCount ? slotCount : 0)
    }

    /// The kernel of one row with all rows and the filling; valid until two other rows have been asked for.
    func row(_ row: Int) -> UnsafePointer<Float> {
        var slot = slotOfRow[row]
        if slot < 0 {
            slot = freeSlot()
            slotOfRow[row] = slot
            rowOfSlot[slot] = row
            fill(row, pointer(slot))
        }
        if slotCount < rowCount { recency.touch(slot) }
        return UnsafePointer(pointer(slot))
    }

    private func pointer(_ slot: Int) -> UnsafeMutablePointer<Float> {
        guard let start = slots.baseAddress else { preconditionFailure("a row of no rows") }
        return start + slot * rowLength
    }

    private func freeSlot() -> Int {
        if usedSlotCount < slotCount {
            usedSlotCount += 1
            return usedSlotCount - 1
        }
        let slot = recency.oldest
        slotOfRow[rowOfSlot[slot]] = -1
        return slot
    }
}

/// Memory for kernel rows that grows when asked for more and is used again: a fresh mapping for each of 45 machines would cost
/// more in page faults than the kernel values themselves.
final class FloatStorage {
    private var memory = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)

    /// Uninitialised memory for `count` values. The buffer of an earlier call is no longer valid.
    func buffer(count: Int) -> UnsafeMutableBufferPointer<Float> {
        if memory.count < count {
            memory.deallocate()
            memory = .allocate(capacity: count)
        }
        return UnsafeMutableBufferPointer(rebasing: memory[0..<count])
    }

    deinit { memory.deallocate() }
}

/// Numbers 0..<count in the order of their last use: a doubly linked ring with the most recent first.
private struct RecencyList {
    private var newer: [Int]
    private var older: [Int]
    private var newest = 0

    init(count: Int) {
        newer = (0..<count).map { ($0 + count - 1) % count }
        older = (0..<count).map { ($0 + 1) % count }
    }

    var oldest: Int { newer[newest] }

    mutating func touch(_ number: Int) {
        guard number != newest else { return }
        newer[older[number]] = newer[number]
        older[newer[number]] = older[number]
        let oldest = newer[newest]
        newer[number] = oldest
        older[number] = newest
        older[oldest] = number
        newer[newest] = number
        newest = number
    }
}
