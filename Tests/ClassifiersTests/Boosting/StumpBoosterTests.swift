import Digits
import Foundation
import Testing

@testable import Classifiers

struct StumpBoosterTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 400, seed: 51)
    private static let allRows = Array(0..<digits.count)

    private func bitmap(_ pixels: Int...) -> Bitmap {
        pixels.reduce(into: Bitmap.blank) { $0[$1] = true }
    }

    private func booster(_ classes: [[Bitmap]], learningRate: Double = 1) throws -> StumpBooster {
        let labels = classes.indices.flatMap { [UInt8](repeating: UInt8($0), count: classes[$0].count) }
        let dataset = try DigitDataset(name: "by hand", bitmaps: classes.flatMap { $0 }, labels: labels)
        return StumpBooster(try RowsByClass(dataset, rows: Array(labels.indices)), learningRate: learningRate)
    }

    private func boosted(_ count: Int, learningRate: Double) throws -> (stumps: [Stump], shares: [[Double]]) {
        var booster = StumpBooster(
            try RowsByClass(StumpBoosterTests.digits, rows: StumpBoosterTests.allRows), learningRate: learningRate)
        var shares: [[Double]] = []
        let stumps = (0..<count).compactMap { _ in
            shares.append(booster.weightShares)
            return booster.next()
        }
        return (stumps, shares)
    }

    @Test("two rounds worked by hand")
    func byHand() throws {
        // Pixel 3 is set in 4 of 4 rows of class 0 and 1 of 4 of class 1: one row of eight is wrong, alpha = log 7.
        var booster = try booster([
            [bitmap(3), bitmap(3), bitmap(3), bitmap(3, 8)], [bitmap(3, 8), bitmap(8), bitmap(8), bitmap()],
        ])
        let firstGiven = booster.next()
        let first = try #require(firstGiven)
        #expect(first.pixel == 3 && first.unsetDigit == 1 && first.setDigit == 0)
        #expect(abs(first.weight - log(7)) < 1e-12)
        // The wrong row has 7 times the weight of each other: half of all.
        #expect(zip(booster.weightShares, [1, 1, 1, 1, 7, 1, 1, 1].map { $0 / 14 }).allSatisfy { abs($0 - $1) < 1e-15 })
        // Pixel 8 then errs in two rows of 1/14.
        let secondGiven = booster.next()
        let second = try #require(secondGiven)
        #expect(second.pixel == 8 && second.unsetDigit == 0 && second.setDigit == 1)
        #expect(abs(second.weight - log(6)) < 1e-12)
    }

    @Test("every round is the paper's: best split of the weighted rows, its alpha, its weights", arguments: [0.1, 1, 2])
    func textbook(learningRate: Double) throws {
        let rows = NaiveBoosting.Rows(StumpBoosterTests.digits, rows: StumpBoosterTests.allRows)
        let (stumps, shares) = try boosted(60, learningRate: learningRate)
        #expect(stumps.count == 60)
        var weights = [Double](repeating: 1 / 400, count: 400)
        for (stump, share) in zip(stumps, shares) {
            #expect(abs(share.reduce(0, +) - 1) < 1e-12)
            #expect(zip(weights, share).allSatisfy { abs($0 - $1) <= 1e-9 * $0 })
            let best = (0..<Bitmap.pixelCount).compactMap { rows.impurity(weights, pixel: $0) }.min()
            let found = try #require(rows.impurity(weights, pixel: stump.pixel))
            #expect(try abs(found - #require(best)) < 1e-12)
            for (isSet, digit) in [(true, stump.setDigit), (false, stump.unsetDigit)] {
                let side = rows.weights(weights, pixel: stump.pixel, isSet: isSet)
                #expect(try abs(side[Int(digit)] - #require(side.max())) < 1e-12)
            }
            let error = weights.indices.reduce(0) { $0 + (rows.isRight(stump, row: $1) ? 0 : weights[$1]) }
            let alpha = log((1 - error) / error) + log(9)
            #expect(abs(stump.weight - alpha) < 1e-9)
            weights = NaiveBoosting.reweighted(weights, after: stump, alpha: alpha, learningRate: learningRate, rows)
        }
    }

    @Test("the stumps are those of plain loops over all rows, bit for bit", arguments: [0.3, 1.5])
    func plainLoops(learningRate: Double) throws {
        let rows = NaiveBoosting.Rows(StumpBoosterTests.digits, rows: StumpBoosterTests.allRows)
        #expect(try boosted(40, learningRate: learningRate).stumps == NaiveBoosting.stumps(rows, count: 40, learningRate: learningRate))
    }

    @Test("with a learning rate of 1 a stump is no better than a guess once it has been boosted")
    func nextRoundIsFair() throws {
        let rows = NaiveBoosting.Rows(StumpBoosterTests.digits, rows: StumpBoosterTests.allRows)
        let (stumps, shares) = try boosted(20, learningRate: 1)
        for (stump, share) in zip(stumps, shares.dropFirst()) {
            let error = share.indices.reduce(0) { $0 + (rows.isRight(stump, row: $1) ? 0 : share[$1]) }
            #expect(abs(error - 0.9) < 1e-12)
        }
    }

    @Test("of pixels that split equally well the lowest is taken, whatever the weights")
    func ties() throws {
        // Pixel 200 repeats pixel 17.
        let tied = StumpBoosterTests.digits.bitmaps.map { bitmap in
            var tied = bitmap
            tied[200] = bitmap[17]
            return tied
        }
        let dataset = try DigitDataset(name: "tied", bitmaps: tied, labels: StumpBoosterTests.digits.labels)
        var booster = StumpBooster(try RowsByClass(dataset, rows: StumpBoosterTests.allRows), learningRate: 2)
        let pixels = (0..<500).compactMap { _ in booster.next()?.pixel }
        #expect(pixels.count == 500)
        #expect(pixels.contains(17))
        #expect(!pixels.contains(200))
    }

    @Test("boosting ends with the stump that is never wrong")
    func perfect() throws {
        var booster = try booster([[bitmap(5), bitmap(5, 6)], [bitmap(6), bitmap()]])
        let first = booster.next()
        #expect(first == Stump(pixel: 5, unsetDigit: 1, setDigit: 0, weight: 1))
        let second = booster.next()
        #expect(second == nil)
    }

    @Test("where no pixel differs, the stump answers the heaviest class on both sides, as a tree without a split")
    func leaf() throws {
        var booster = try booster([[bitmap(5)], [bitmap(5), bitmap(5), bitmap(5)]])
        // Misclassified 1/4: log 3.
        let first = booster.next()
        let stump = try #require(first)
        #expect([stump.unsetDigit, stump.setDigit] == [1, 1])
        #expect(abs(stump.weight - log(3)) < 1e-12)
    }

    @Test("where none does better than a guess, there is no stump")
    func noStump() throws {
        var balanced = try booster([[bitmap(5), bitmap()], [bitmap(5), bitmap()]])
        let ofBalanced = [balanced.next(), balanced.next()]
        #expect(ofBalanced == [nil, nil])
    }

    @Test("weights stay numbers, however long boosting goes on and however fast", arguments: [0.5, 40, 1e6])
    func longRuns(learningRate: Double) throws {
        let (stumps, shares) = try boosted(3_000, learningRate: learningRate)
        #expect(stumps.count > 5)
        for share in shares {
            #expect(share.allSatisfy { $0.isFinite && $0 > 0x1p-54 })
            #expect(abs(share.reduce(0, +) - 1) < 1e-12)
        }
        #expect(stumps.allSatisfy { $0.weight > 0 && $0.weight <= Stump.largestWeight })
        if learningRate == 0.5 { #expect(stumps.count == 3_000) }
    }
}
