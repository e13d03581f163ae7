import CBitKernels

/// Numbers of up to sixteen machines side by side: rows x 16, a lane a machine.
struct LaneMatrix {
    /// One number a machine.
    typealias Lanes = SIMD16<Double>

    private(set) var rows: [Lanes]

    init(repeating lanes: Lanes = .zero, rowCount: Int) {
        rows = [Lanes](repeating: lanes, count: rowCount)
    }

    subscript(row: Int) -> Lanes { rows[row] }

    mutating func fill(_ lanes: Lanes) {
        for row in rows.indices { rows[row] = lanes }
    }

    mutating func negate() {
        for row in rows.indices { rows[row] = -rows[row] }
    }

    /// Lane by lane.
    mutating func add(_ factors: Lanes, times other: LaneMatrix) {
        for row in rows.indices { rows[row] += factors * other.rows[row] }
    }

    /// Element by element.
    mutating func multiply(by other: LaneMatrix) {
        for row in rows.indices { rows[row] *= other.rows[row] }
    }

    /// 1 / x for every element.
    mutating func invert() {
        for row in rows.indices { rows[row] = 1 / rows[row] }
    }

    /// The dot product of each lane with the same lane of another matrix.
    func dot(_ other: LaneMatrix) -> Lanes {
        var sums = Lanes.zero
        for row in rows.indices { sums += rows[row] * other.rows[row] }
        return sums
    }

    /// The numbers row after row, for the C loops.
    func withNumbers<Result>(_ body: (UnsafePointer<Double>?) -> Result) -> Result {
        // A vector of sixteen doubles is those doubles and nothing else.
        rows.withUnsafeBytes { body($0.baseAddress?.assumingMemoryBound(to: Double.self)) }
    }

    mutating func withMutableNumbers<Result>(_ body: (UnsafeMutablePointer<Double>?) -> Result) -> Result {
        rows.withUnsafeMutableBytes { body($0.baseAddress?.assumingMemoryBound(to: Double.self)) }
    }
}
