import DigitAPI
import Testing

@testable import Experiments

/// Names of experiments, data sets and requests.
@Suite struct NamesTests {
    @Test("names of experiments sort as they were made, within a millisecond and where the clock goes back too")
    func ordered() throws {
        var words: UInt64 = 0
        var last: ExperimentID?
        var names: [String] = []
        for milliseconds in [5, 5, 5, 4, 1_700_000_000_000, 6] {
            let next = ExperimentID.next(after: last, at: milliseconds) {
                words &+= 0x9E37_79B9_7F4A_7C15
                return words
            }
            names.append(next.description)
            last = next
        }
        #expect(names == names.sorted())
        #expect(Set(names).count == 6)
        #expect(names.allSatisfy { $0.utf8.count == 26 && ExperimentID($0)?.description == $0 })
    }

    @Test("a name is the time in base 32, and then chance")
    func spelled() {
        // 2^48 - 1 milliseconds, and all random bits set: the greatest ULID there is.
        let name = ExperimentID.next(after: nil, at: 281_474_976_710_655) { .max }
        #expect(name.description == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")
    }

    @Test(
        "what is no name of an experiment is none",
        arguments: [
            "", "7ZZZZZZZZZZZZZZZZZZZZZZZZ", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01ARZ3NDEKTSV4RRFFQ69G5FAU", "01arz3ndektsv4rrffq69g5fav",
        ])
    func noName(text: String) { #expect(ExperimentID(text) == nil) }

    @Test("names of data sets cannot leave their folder")
    func datasets() {
        for name in ["a", "semeion", "0.b-c_d", String(repeating: "x", count: 64)] { #expect(DatasetName(name)?.description == name) }
        for name in ["", ".", "..", "../a", "a/b", ".hidden", "-a", "A", "ä", "a b", "a\0", String(repeating: "x", count: 65)] {
            #expect(DatasetName(name) == nil, "\(name)")
        }
    }

    @Test("a reference names a data set, and says whether feedback comes with it")
    func references() throws {
        #expect(DatasetReference("mine") == DatasetReference(name: try #require(DatasetName("mine"))))
        #expect(DatasetReference("semeion+feedback") == DatasetReference(name: .semeion, includesFeedback: true))
        #expect(DatasetReference("semeion+feedback")?.description == "semeion+feedback")
        for text in ["+feedback", "semeion+", "semeion+feedback+feedback", "semeion feedback"] { #expect(DatasetReference(text) == nil) }
    }

    @Test("an idempotency key has a length, and belongs to its body")
    func keys() {
        #expect(IdempotencyKey("", body: []) == nil)
        #expect(IdempotencyKey(String(repeating: "k", count: 256), body: []) == nil)
        #expect(IdempotencyKey("k", body: [1]) == IdempotencyKey("k", body: [1]))
        #expect(IdempotencyKey("k", body: [1]) != IdempotencyKey("k", body: [2]))
    }
}
