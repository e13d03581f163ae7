import Digits
import Foundation
import Testing

@testable import Classifiers

struct ClassPixelCountsTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 1_400, seed: 71)

    @Test("counts are those of looking at every pixel of every row")
    func counts() throws {
        // One row less than twice 64, as many, and one more; row 3 is given twice.
        let rows = (0..<1_400).filter { [3, 4, 5].contains($0 % 10) && $0 < ($0 % 10 == 3 ? 1_260 : $0 % 10 == 4 ? 1_280 : 1_290) } + [3]
        let counts = try ClassPixelCounts(ClassPixelCountsTests.digits, rows: rows)
        #expect(counts.classes == [3, 4, 5])
        #expect(counts.rowCounts == [127, 128, 129])
        #expect(counts.rowCount == 384)
        for (position, digit) in counts.classes.enumerated() {
            let own = rows.filter { ClassPixelCountsTests.digits.labels[$0] == digit }
            let expected = (0..<256).map { pixel in own.count { ClassPixelCountsTests.digits.bitmaps[$0][pixel] } }
            #expect(Array(counts.setCounts(ofClass: position)) == expected)
        }
    }

    private func fieldRefused(rowCounts: [Int], setCounts: [Int], classes: [UInt8] = [0, 9]) throws -> String? {
        let json = #"{"rowCounts":\#(rowCounts),"setCounts":\#(setCounts)}"#
        let payload = try JSONDecoder().decode(NaiveBayesPayload.self, from: Data(json.utf8))
        do throws(TrainingError) {
            _ = try MultinomialNaiveBayesModel(
                parameters: MultinomialNaiveBayesParameters(), classes: classes, trainingReport: TrainingReport(), payload: payload)
            return nil
        } catch {
            guard case .invalidModel(let field, _, _) = error else { throw error }
            return field
        }
    }

    @Test("a payload that does not fit is refused by its field")
    func payload() throws {
        let setCounts = [Int](repeating: 2, count: 512)
        func replaced(_ place: Int, by count: Int) -> [Int] {
            var counts = setCounts
            counts[place] = count
            return counts
        }
        #expect(try fieldRefused(rowCounts: [2, 3], setCounts: setCounts) == nil)
        #expect(try fieldRefused(rowCounts: [2, 3], setCounts: replaced(511, by: 3)) == nil)
        #expect(try fieldRefused(rowCounts: [2, 3], setCounts: replaced(255, by: 3)) == "setCounts[255]")
        #expect(try fieldRefused(rowCounts: [2, 3], setCounts: replaced(4, by: -1)) == "setCounts[4]")
        #expect(try fieldRefused(rowCounts: [2, 3], setCounts: Array(setCounts.dropLast())) == "setCounts")
        #expect(try fieldRefused(rowCounts: [2], setCounts: setCounts) == "rowCounts")
        #expect(try fieldRefused(rowCounts: [2, 0], setCounts: setCounts) == "rowCounts[1]")
        #expect(try fieldRefused(rowCounts: [2, .max], setCounts: setCounts) == "rowCounts[1]")
        #expect(try fieldRefused(rowCounts: [2, 3], setCounts: setCounts, classes: [9, 0]) == "classes")
    }
}
