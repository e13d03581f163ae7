import Testing

@testable import Digits

@Suite struct RandomStreamTests {
    /// `kat_vectors` of Random123, philox4x64 with 10 rounds: all bits clear, all bits set, digits of pi.
    @Test(
        "a block is what Random123's known answers say",
        arguments: [
            (
                SIMD4<UInt64>(repeating: 0), SIMD2<UInt64>(repeating: 0),
                SIMD4<UInt64>(0x1655_4d9e_ca36_314c, 0xdb20_fe9d_672d_0fdc, 0xd7e7_72ce_e186_176b, 0x7e68_b68a_ec7b_a23b)
            ),
            (
                SIMD4(repeating: UInt64.max), SIMD2(repeating: UInt64.max),
                SIMD4(0x87b0_92c3_013f_e90b, 0x438c_3c67_be8d_0224, 0x9cc7_d7c6_9cd7_77b6, 0xa09c_aebf_594f_0ba0)
            ),
            (
                SIMD4(0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89),
                SIMD2(0x4528_21e6_38d0_1377, 0xbe54_66cf_34e9_0c6c),
                SIMD4(0xa528_f454_03e6_1d95, 0x38c7_2dbd_566e_9788, 0xa5a1_610e_72fd_18b5, 0x57bd_43b5_e52b_7fe6)
            ),
        ])
    func knownAnswers(counter: SIMD4<UInt64>, key: SIMD2<UInt64>, expected: SIMD4<UInt64>) {
        var stream = RandomStream(key: key, counter: counter)
        #expect(SIMD4(stream.next(), stream.next(), stream.next(), stream.next()) == expected)
    }

    @Test("the second block is that of the next counter")
    func blocks() {
        var stream = RandomStream(key: SIMD2(5, 6), counter: .zero)
        var ahead = RandomStream(key: SIMD2(5, 6), counter: SIMD4(1, 0, 0, 0))
        for _ in 0..<4 { _ = stream.next() }
        #expect((0..<9).map { _ in stream.next() } == (0..<9).map { _ in ahead.next() })
    }

    @Test("seed, purpose, index and subindex each give a stream of their own, and none disturbs another")
    func independence() {
        func draw(_ seed: UInt64, _ purpose: RandomStream.Purpose, _ index: Int, _ subindex: Int) -> [UInt64] {
            var stream = RandomStream(seed: seed, purpose: purpose, index: index, subindex: subindex)
            return (0..<100).map { _ in stream.next() }
        }
        let streams = [
            draw(0, .test, 0, 0), draw(1, .test, 0, 0), draw(0, .folds, 0, 0), draw(0, .test, 1, 0), draw(0, .test, 0, 1),
            draw(0, .test, -1, 0),
        ]
        #expect(Set(streams.joined()).count == 600)
        #expect(draw(0, .test, 1, 0) == streams[3])
    }

    @Test("the raw values of the purposes stay as models were made with them")
    func purposes() {
        let purposes: [RandomStream.Purpose] = [
            .folds, .foldSeeds, .bootstrap, .treeFeatures, .probabilityFolds, .syntheticDigits, .candidateSampling, .test,
        ]
        #expect(purposes.map(\.rawValue) == [1, 2, 3, 4, 5, 6, 7, 255])
    }

    @Test("integers below a bound are each as likely as the other", arguments: [1, 2, 3, 7, 10, 256, 1000])
    func integers(bound: Int) {
        var stream = RandomStream(seed: 20, purpose: .test, index: bound)
        var counts = [Int](repeating: 0, count: bound)
        let drawCount = 1000 * bound
        for _ in 0..<drawCount { counts[stream.integer(below: bound)] += 1 }
        let chiSquare = counts.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
        // The 99.9 % point of the chi-square distribution, by Wilson and Hilferty's cube.
        let freedom = Double(bound - 1)
        let spread = 2 / (9 * max(freedom, 1))
        let root = 1 - spread + 3.0902 * spread.squareRoot()
        #expect(chiSquare <= freedom * root * root * root, "\(chiSquare) with \(freedom) degrees of freedom")
    }

    @Test("integers below a bound near the largest are below it, and reach its upper half")
    func largeBounds() {
        var stream = RandomStream(seed: 21, purpose: .test)
        let bound = Int.max - 5
        let drawn = (0..<1000).map { _ in stream.integer(below: bound) }
        #expect(drawn.allSatisfy { (0..<bound).contains($0) })
        #expect((400...600).contains(drawn.count { $0 > bound / 2 }))
    }

    /// 2^64 is no multiple of 3 * 2^61: without turning numbers away, a third of the results would come a quarter of the time.
    @Test("integers below a bound that is no power of two are not biased")
    func rejection() {
        var stream = RandomStream(seed: 25, purpose: .test)
        var counts = [0, 0, 0]
        for _ in 0..<3000 { counts[stream.integer(below: 3 << 61) % 3] += 1 }
        // Five standard deviations of a binomial with 3,000 draws of probability 1/3.
        #expect(counts.allSatisfy { abs($0 - 1000) < 129 }, "\(counts)")
    }

    @Test("the unit interval has the mean and the variance of its uniform numbers, and every tenth its share")
    func unitInterval() {
        var stream = RandomStream(seed: 22, purpose: .test)
        let drawn = (0..<100_000).map { _ in stream.unitInterval() }
        #expect(drawn.allSatisfy { $0 >= 0 && $0 < 1 })
        let mean = drawn.reduce(0, +) / 100_000
        let variance = drawn.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 100_000
        // Five standard errors each: 0.2887 / sqrt(1e5) and 0.0745 / sqrt(1e5).
        #expect(abs(mean - 0.5) < 0.0046)
        #expect(abs(variance - 1.0 / 12) < 0.0012)
        let tenths = drawn.reduce(into: [Int](repeating: 0, count: 10)) { $0[Int($1 * 10)] += 1 }
        // 27.88: the 99.9 % point of chi-square with 9 degrees of freedom.
        #expect(tenths.reduce(0.0) { $0 + Double(($1 - 10_000) * ($1 - 10_000)) / 10_000 } < 27.88)
    }

    @Test("every bit of the numbers is set half of the time")
    func bits() {
        var stream = RandomStream(seed: 23, purpose: .test)
        var counts = [Int](repeating: 0, count: 64)
        for _ in 0..<10_000 {
            let number = stream.next()
            for bit in 0..<64 where number >> UInt64(bit) & 1 == 1 { counts[bit] += 1 }
        }
        // Five standard deviations of a binomial with 10,000 draws.
        #expect(counts.allSatisfy { abs($0 - 5000) < 250 })
    }

    @Test("the 24 orders of four elements are equally likely")
    func shuffle() {
        var stream = RandomStream(seed: 24, purpose: .test)
        var counts: [[Int]: Int] = [:]
        for _ in 0..<24_000 {
            var elements = [0, 1, 2, 3]
            stream.shuffle(&elements)
            counts[elements, default: 0] += 1
        }
        #expect(counts.count == 24)
        // 49.73: the 99.9 % point of chi-square with 23 degrees of freedom.
        #expect(counts.values.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 } < 49.73)
    }

    @Test("numbers drawn several to a word stay below their bounds, and every combination is equally likely")
    func descendingIntegers() {
        var stream = RandomStream(seed: 25, purpose: .test)
        var counts: [[UInt64]: Int] = [:]
        for _ in 0..<24_000 {
            let numbers = stream.descendingIntegers(below: 4, count: 3)
            #expect(numbers[0] < 4 && numbers[1] < 3 && numbers[2] < 2 && numbers[3] == 0)
            counts[[numbers[0], numbers[1], numbers[2]], default: 0] += 1
        }
        #expect(counts.count == 24)
        // 49.73: the 99.9 % point of chi-square with 23 degrees of freedom.
        #expect(counts.values.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 } < 49.73)

        var tenths = [[Int]](repeating: [Int](repeating: 0, count: 10), count: 7)
        for _ in 0..<20_000 {
            let numbers = stream.descendingIntegers(below: 256, count: 7)
            for place in 0..<7 { tenths[place][Int(numbers[place]) * 10 / (256 - place)] += 1 }
        }
        // 33.72: the 99.99 % point of chi-square with 9 degrees of freedom; tenths of bounds that 10 does not divide differ by up to a number.
        for place in 0..<7 {
            let expected = (0..<10).map { tenth in
                20_000.0 * Double((0..<256 - place).count { $0 * 10 / (256 - place) == tenth }) / Double(256 - place)
            }
            #expect(zip(tenths[place], expected).reduce(0.0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) / $1.1 } < 33.72)
        }
    }
}
