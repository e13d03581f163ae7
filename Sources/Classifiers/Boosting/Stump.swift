/// A tree of one split: a digit for bitmaps in which its pixel is not set, and one for those in which it is.
struct Stump: Hashable, Sendable {
    /// 0...255
    let pixel: Int
    let unsetDigit: UInt8
    let setDigit: UInt8
    /// What its answer counts, a multiple of 2^-40 above 0 and up to `largestWeight`.
    let weight: Double

    /// No stump's error is told apart from 2^-53, which gives log(2^53) + log(9), 38.9.
    static let largestWeight = 64.0

    /// The weight in units of 2^-40: whole numbers, whose sums are the same in any order. A hundred thousand of the largest fit an `Int64`.
    var votes: Int64 { Int64((weight * 0x1p40).rounded()) }

    /// The nearest weight that is a whole number of votes, one or more.
    static func roundedWeight(_ weight: Double) -> Double {
        max((weight * 0x1p40).rounded(), 1) * 0x1p-40
    }
}
