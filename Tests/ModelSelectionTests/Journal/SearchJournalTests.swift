import Classifiers
import Digits
import Foundation
import Testing

@testable import ModelSelection

struct SearchJournalTests {
    private static let dataset: DigitDataset = SyntheticDigits.dataset(rowCount: 160, seed: 5)
    private static let grid = """
        search:
          - {classifier: svm, grid: {C: [0.1, 10], kernel: [rbf, linear]}}
          - {classifier: random-forest, grid: {n_estimators: [3, 7]}}
        """

    private func search(
        grid: String = grid, dataset: DigitDataset = dataset, foldSeed: UInt64 = 0, seed: UInt64 = 3
    ) throws -> GridSearch {
        try GridSearch(
            space: SearchSpace(yaml: grid), dataset: dataset,
            folds: FoldAssignment.stratified(labels: dataset.labels, foldCount: 4, seed: foldSeed), seed: seed)
    }

    private func withJournal(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "digitd-\(UUID().uuidString).journal").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    private func write(_ bytes: some Collection<UInt8>, to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

    /// Writes the journal of the whole search.
    private func journalled(_ search: GridSearch, to path: String) async throws -> [Trial] {
        let journal = try SearchJournal(path: path, search: search, resuming: false)
        return try await search.run(jobCount: 2) { unit throws(SearchError) in try journal.record(unit) }
    }

    private func outcomes(_ trials: [Trial]) -> [String] {
        trials.map { trial in
            switch trial.outcome {
            case .succeeded(let success): "\(trial.candidate) \(trial.fold) \(success.accuracy) \(success.predictions)"
            case .failed(let reason): "\(trial.candidate) \(trial.fold) \(reason)"
            }
        }
    }

    @Test("a journal cut anywhere gives its whole lines, and the search that goes on from it has the same trials")
    func cut() async throws {
        try await withJournal { path in
            let search = try search()
            let whole = try await journalled(search, to: path)
            let content = try bytes(path)
            let ends = content.indices.filter { content[$0] == UInt8(ascii: "\n") }
            // The header, and a unit for each of two kernels and one forest on each of four folds.
            #expect(ends.count == 1 + 3 * 4)
            for length in [content.count, content.count - 1, ends[7] + 1, ends[7], ends[4] + 20, ends[0] + 2, ends[0] + 1, 30, 0] {
                try write(content.prefix(length), to: path)
                let wholeUnitCount = max(0, ends.count { $0 < length } - 1)
                let journal = try SearchJournal(path: path, search: search, resuming: true)
                #expect(journal.finished.count == (0..<wholeUnitCount).reduce(0) { $0 + unitSize(content, ends, $1) }, "\(length)")
                let trials = try await search.run(jobCount: 2, finished: journal.finished) { unit throws(SearchError) in
                    try journal.record(unit)
                }
                #expect(outcomes(trials) == outcomes(whole), "\(length)")
            }
            // What the last one wrote is a whole journal again.
            let again = try SearchJournal(path: path, search: search, resuming: true)
            #expect(again.finished.count == whole.count)
        }
    }

    /// Trials in the unit of line `number` after the header.
    private func unitSize(_ content: [UInt8], _ ends: [Int], _ number: Int) -> Int {
        String(decoding: content[(ends[number] + 1)...ends[number + 1]], as: UTF8.self).components(separatedBy: "\"candidate\"").count - 1
    }

    @Test("a failed trial stands in the journal with its reason")
    func failure() async throws {
        let dataset = try DigitDataset(
            name: "two", bitmaps: Array(SearchJournalTests.dataset.bitmaps.prefix(8)), labels: [1, 1, 2, 2, 3, 3, 3, 3])
        let search = try GridSearch(
            space: SearchSpace(yaml: "search: [{classifier: svm, grid: {kernel: [linear, rbf]}}]"), dataset: dataset,
            folds: FoldAssignment(foldOfRow: [0, 0, 0, 0, 1, 1, 1, 1]), seed: 0)
        try await withJournal { path in
            let whole = try await journalled(search, to: path)
            let finished = try SearchJournal(path: path, search: search, resuming: true).finished
            #expect(Set(outcomes(finished)) == Set(outcomes(whole)))
            #expect(outcomes(whole).contains("0 0 the training rows show 1 digit; at least 2 are needed"))
        }
    }

    @Test("a journal of another data set, grid, folds or seed is refused, naming which, found and expected")
    func mismatch() async throws {
        try await withJournal { path in
            let search = try search()
            _ = try await journalled(search, to: path)
            func difference(_ other: GridSearch) throws -> (what: String, found: String, expected: String) {
                let error = #expect(throws: SearchError.self) { try SearchJournal(path: path, search: other, resuming: true) }
                guard case .journalMismatch(_, let what, let found, let expected)? = error else {
                    throw try #require(error)
                }
                return (what, found, expected)
            }
            let otherData = SyntheticDigits.dataset(rowCount: 160, seed: 6)
            let data = try difference(self.search(dataset: otherData))
            #expect(data == ("data set", search.dataset.sha256, otherData.sha256))
            #expect(try difference(self.search(grid: SearchJournalTests.grid.replacing("0.1", with: "0.2"))).what == "grid")
            #expect(try difference(self.search(foldSeed: 1)).what == "assignment of folds")
            #expect(try difference(self.search(seed: 4)) == ("seed", "3", "4"))
            let other = try bytes(path)
            try write(
                Array(String(decoding: other, as: UTF8.self).replacing("\"\(DigitdVersion.current)\"", with: "\"0.0.9\"").utf8), to: path)
            #expect(try difference(search) == ("digitd version", "0.0.9", DigitdVersion.current))
        }
    }

    @Test("another spelling of the same candidates is the same grid; another order is not")
    func spelling() throws {
        let one = SearchIdentity(try search(grid: "search: [{classifier: svm, grid: {C: [1, 10.0], kernel: rbf}}]"))
        #expect(SearchIdentity(try search(grid: "search: [{classifier: svm, grid: {C: [1.0, 10]}}]")) == one)
        #expect(SearchIdentity(try search(grid: "search: [{classifier: svm, grid: {C: [10, 1]}}]")) != one)
    }

    @Test("a journal with finished work is not begun anew unasked; one without is")
    func exists() async throws {
        try await withJournal { path in
            let search = try search()
            _ = try await journalled(search, to: path)
            let content = try bytes(path)
            #expect(throws: SearchError.journalExists(file: path)) { try SearchJournal(path: path, search: search, resuming: false) }
            #expect(try bytes(path) == content)
            let header = content.prefix { $0 != UInt8(ascii: "\n") }
            for start in [Array(header) + [UInt8(ascii: "\n")], Array(header.prefix(9)), []] {
                try write(start, to: path)
                let other = try self.search(seed: 8)
                // The first nine bytes are the same for every seed.
                #expect(try SearchJournal(path: path, search: other, resuming: false).finished.isEmpty)
                #expect(throws: Never.self) { try SearchJournal(path: path, search: other, resuming: true) }
            }
        }
    }

    @Test("a file that is no journal is refused and left as it is")
    func notAJournal() async throws {
        try await withJournal { path in
            for text in ["precious", "precious\n", "{}\n", "{\"format\":\"digitd-report\"}\n{}\n"] {
                try write(Array(text.utf8), to: path)
                for resuming in [false, true] {
                    #expect(throws: SearchError.notAJournal(file: path)) {
                        try SearchJournal(path: path, search: search(), resuming: resuming)
                    }
                }
                #expect(try bytes(path) == Array(text.utf8))
            }
        }
    }

    @Test(
        "a damaged line is refused by its number",
        arguments: [
            (#"{"trials":[{"candidate":6,"fold":0,"failure":"x"}]}"#, "there is no candidate 6"),
            (#"{"trials":[{"candidate":0,"fold":4,"failure":"x"}]}"#, "there is no fold 4"),
            (#"{"trials":[{"candidate":0,"fold":0,"failure":"x"},{"candidate":0,"fold":0,"failure":"x"}]}"#, "candidate 0 stands twice"),
            (#"{"trials":[{"candidate":0,"fold":0,"predictions":"012","fitSeconds":1,"scoreSeconds":1}]}"#, "are not 40 digits"),
            (
                #"{"trials":[{"candidate":0,"fold":0,"predictions":"\#(String(repeating: "x", count: 40))","fitSeconds":1,"scoreSeconds":1}]}"#,
                "are not 40 digits"
            ),
            ("garbage", "not the trials of a unit"),
        ])
    func damaged(line: String, reason: String) async throws {
        try await withJournal { path in
            let search = try search()
            do { _ = try SearchJournal(path: path, search: search, resuming: false) }
            try write(bytes(path) + Array("{\"trials\":[]}\n\(line)\n".utf8), to: path)
            let error = #expect(throws: SearchError.self) { try SearchJournal(path: path, search: search, resuming: true) }
            guard case .journalDamaged(path, 3, let found)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(found.contains(reason), "\(found)")
        }
    }

    @Test("a journal that a search is writing is not opened by another, and is gone when it is removed")
    func locked() async throws {
        try await withJournal { path in
            let search = try search()
            let journal = try SearchJournal(path: path, search: search, resuming: false)
            #expect(throws: SearchError.journalInUse(file: path)) { try SearchJournal(path: path, search: search, resuming: true) }
            journal.remove()
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test("a journal that cannot be written is named")
    func unwritable() throws {
        let path = "/nowhere/report.json.journal"
        #expect(throws: SearchError.journalUnwritable(file: path, reason: "No such file or directory")) {
            try SearchJournal(path: path, search: search(), resuming: false)
        }
    }
}
