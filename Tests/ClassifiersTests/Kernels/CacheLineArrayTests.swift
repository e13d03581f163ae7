import Testing

@testable import Classifiers

struct CacheLineArrayTests {
    @Test("the first of any number of elements begins a cache line, and all keep their order", arguments: [0, 1, 7, 8, 9, 100, 4_097])
    func aligned(count: Int) {
        let numbers = (0..<count).map(Double.init)
        let array = CacheLineArray(numbers)
        array.withUnsafeStart { start in
            guard count > 0, let start else { return }
            #expect(UInt(bitPattern: start) % 64 == 0)
            #expect(Array(UnsafeBufferPointer(start: start, count: count)) == numbers)
        }
    }
}
