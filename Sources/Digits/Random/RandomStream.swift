/// A stream of random 64-bit numbers that depends on its seed and on what it is for, and on nothing else.
///
/// Philox4x64-10, a counter-based generator: the n-th block of four numbers is a keyed bijection of the counter n.
/// Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011, section 3; it passes BigCrush, and
/// its period is 2^256 blocks a key. The key is (seed, purpose); the counter is (block, index, subindex, 0). Two streams that
/// differ in any of seed, purpose, index or subindex therefore never share a block: the numbers of tree 17 do not depend on how
/// many numbers tree 16 drew, nor on the thread that grew it.
public struct RandomStream: RandomNumberGenerator, Sendable {
    /// What the numbers decide. Raw values are part of the key: they stay as they are once models have been made with them.
    public enum Purpose: UInt64, Sendable {
        case folds = 1
        case foldSeeds = 2
        case bootstrap = 3
        case treeFeatures = 4
        case probabilityFolds = 5
        case syntheticDigits = 6
        case candidateSampling = 7
        case rowSampling = 8
        case test = 255
    }

    private let key: SIMD2<UInt64>
    private var counter: SIMD4<UInt64>
    private var block: SIMD4<UInt64> = .zero
    private var used = 4

    public init(seed: UInt64, purpose: Purpose, index: Int = 0, subindex: Int = 0) {
        self.init(
            key: SIMD2(seed, purpose.rawValue),
            counter: SIMD4(0, UInt64(truncatingIfNeeded: index), UInt64(truncatingIfNeeded: subindex), 0))
    }

    init(key: SIMD2<UInt64>, counter: SIMD4<UInt64>) {
        self.key = key
        self.counter = counter
    }

    public mutating func next() -> UInt64 {
        if used == 4 {
            block = RandomStream.philox(counter: counter, key: key)
            counter[0] &+= 1
            used = 0
        }
        defer { used += 1 }
        return block[used]
    }

    /// A number in 0..<bound, each equally likely: Lemire, "Fast Random Integer Generation in an Interval", ACM TOMACS 29 (2019),
    /// algorithm 5.
    ///
    /// The standard library's own `random(in:using:)` may change between releases of Swift; this one may not.
    /// - Precondition: bound > 0.
    public mutating func integer(below bound: Int) -> Int {
        let range = UInt64(bound)
        var product = next().multipliedFullWidth(by: range)
        if product.low < range {
            let threshold = (0 &- range) % range
            while product.low < threshold {
                product = next().multipliedFullWidth(by: range)
            }
        }
        return Int(product.high)
    }

    /// Most numbers that `descendingIntegers(below:count:)` gives at once.
    public static let batchCapacity = 7

    /// Several numbers from one word: the i-th, from 0, in 0..<(bound - i), each equally likely and independent of the others. The draws of a
    /// shuffle's first steps.
    ///
    /// Brackett-Rozinsky, Lemire, "Batched Ranged Random Integer Generation", Software: Practice and Experience 55 (2025), section 3: the
    /// multiplication that gives one number leaves a remainder that gives the next; what would favour some is drawn again.
    /// - Precondition: `count` is at most `batchCapacity` and `bound`, and `bound` at most 256, so that the product of all bounds fits a word.
    /// - Returns: the numbers in the first `count` lanes, 0 in the others.
    public mutating func descendingIntegers(below bound: Int, count: Int) -> SIMD8<UInt64> {
        precondition(count <= RandomStream.batchCapacity && count <= bound && bound <= 256)
        var product: UInt64 = 1
        for place in 0..<count { product &*= UInt64(bound &- place) }
        var (numbers, remainder) = RandomStream.split(next(), bound: bound, count: count)
        if remainder < product {
            let threshold = (0 &- product) % product
            while remainder < threshold {
                (numbers, remainder) = RandomStream.split(next(), bound: bound, count: count)
            }
        }
        return numbers
    }

    private static func split(_ word: UInt64, bound: Int, count: Int) -> (SIMD8<UInt64>, remainder: UInt64) {
        var numbers = SIMD8<UInt64>.zero
        var remainder = word
        for place in 0..<count {
            let (high, low) = remainder.multipliedFullWidth(by: UInt64(bound &- place))
            numbers[place] = high
            remainder = low
        }
        return (numbers, remainder)
    }

    /// A number in [0, 1): a multiple of 2^-53.
    public mutating func unitInterval() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Puts the elements in random order, every order equally likely (Fisher and Yates, in Durstenfeld's form).
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        var last = elements.count - 1
        while last > 0 {
            elements.swapAt(last, integer(below: last + 1))
            last -= 1
        }
    }

    /// Ten rounds of Philox4x64; constants of the paper's table 2 and of its Weyl sequence.
    private static func philox(counter: SIMD4<UInt64>, key: SIMD2<UInt64>) -> SIMD4<UInt64> {
        var state = counter
        var roundKey = key
        for _ in 0..<10 {
            let first = state[0].multipliedFullWidth(by: 0xD2E7_470E_E14C_6C93)
            let second = state[2].multipliedFullWidth(by: 0xCA5A_8263_9512_1157)
            state = SIMD4(second.high ^ state[1] ^ roundKey[0], second.low, first.high ^ state[3] ^ roundKey[1], first.low)
            roundKey &+= SIMD2(0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B)
        }
        return state
    }
}
