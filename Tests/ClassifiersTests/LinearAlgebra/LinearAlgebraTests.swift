import Digits
import Testing

@testable import Classifiers

@Suite("Linear algebra")
struct LinearAlgebraTests {
    /// A symmetric matrix of n x n numbers between -1 and 1, `diagonal` added on its diagonal.
    private func symmetric(_ count: Int, diagonal: Double = 0) -> [Double] {
        var stream = RandomStream(seed: 31, purpose: .test)
        var matrix = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0...row {
                let number = 2 * stream.unitInterval() - 1 + (row == column ? diagonal : 0)
                matrix[row * count + column] = number
                matrix[column * count + row] = number
            }
        }
        return matrix
    }

    @Test("eigenvalues ascend, and eigenvectors are orthonormal and give the matrix back", arguments: [1, 2, 40])
    func eigensystem(count: Int) throws {
        let matrix = symmetric(count)
        let found = try SymmetricEigensystem(matrix, count: count)
        #expect(zip(found.values, found.values.dropFirst()).allSatisfy { $0 <= $1 })
        for row in 0..<count {
            for column in 0..<count {
                var restored = 0.0
                for index in 0..<count {
                    restored += found.values[index] * found.vectors[index * count + row] * found.vectors[index * count + column]
                }
                #expect(abs(restored - matrix[row * count + column]) < 1e-12)
                let product = zip(found.vector(row), found.vector(column)).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(abs(product - (row == column ? 1 : 0)) < 1e-12)
            }
        }
    }

    @Test("the eigensystem of two numbers is known, signs and all")
    func knownEigensystem() throws {
        let found = try SymmetricEigensystem([2, -1, -1, 2], count: 2)
        let half = 0.5.squareRoot()
        for (number, expected) in zip(found.values + found.vectors, [1, 3, half, half]) { #expect(abs(number - expected) < 1e-15) }
        // Of (1, -1) / sqrt 2 rounding decides which element is the larger; one of them is positive.
        #expect(abs(found.vectors[2] + found.vectors[3]) < 1e-15)
        #expect(abs(abs(found.vectors[2]) - half) < 1e-15)
    }

    @Test("the element of largest magnitude is made positive, and nothing else changed")
    func signs() {
        var numbers: [Double] = [9, 1, -3, 3, 2, -9]
        SignConvention.apply(to: &numbers[1..<5])
        #expect(numbers == [9, -1, 3, -3, -2, -9])
        SignConvention.apply(to: &numbers[1..<5])
        #expect(numbers == [9, -1, 3, -3, -2, -9])
        SignConvention.apply(to: &numbers[0..<0])
    }

    @Test("a matrix with numbers that are not finite is refused", arguments: [Double.nan, .infinity])
    func notFinite(number: Double) {
        #expect(throws: TrainingError.noSolution(reason: "a symmetric matrix holds numbers that are not finite")) {
            try SymmetricEigensystem([1, number, number, 1], count: 2)
        }
    }

    @Test("Cholesky's factor divides: L L^T x = b is solved by both divisions", arguments: [1, 3, 40])
    func factor(count: Int) throws {
        let matrix = symmetric(count, diagonal: Double(count))
        let factor = try #require(try CholeskyFactor(matrix, count: count))
        let right = (0..<2 * count).map { Double($0 % 7) - 3 }
        let solution = factor.transposedDividing(factor.dividing(right))
        for vector in 0..<2 {
            for row in 0..<count {
                let restored = (0..<count).reduce(0) { $0 + matrix[row * count + $1] * solution[vector * count + $1] }
                #expect(abs(restored - right[vector * count + row]) < 1e-12)
            }
        }
        #expect(factor.dividing([]).isEmpty)
    }

    @Test("the factor of two numbers is known")
    func knownFactor() throws {
        // L is (2, 0; 1, 3).
        let factor = try #require(try CholeskyFactor([4, 2, 2, 10], count: 2))
        #expect(factor.dividing([2, 7]) == [1, 2])
        #expect(factor.transposedDividing([4, 6]) == [1, 2])
    }

    @Test("a matrix that is not positive definite has no factor")
    func noFactor() throws {
        #expect(try CholeskyFactor([1, 2, 2, 1], count: 2) == nil)
        #expect(try CholeskyFactor([0], count: 1) == nil)
        #expect(try CholeskyFactor([1, .nan, .nan, 1], count: 2) == nil)
    }

    @Test("counts give the scatter within classes that sums over rows give", arguments: [3, 130])
    func scatter(rowsPerClass: Int) throws {
        let dataset = try scatteredDigits(classes: [1, 4, 7], rowsPerClass: rowsPerClass, flipProbability: 0.2, seed: 5)
        let rows = try RowsByClass(dataset, rows: Array(0..<dataset.count))
        let scatter = PixelScatter(rows)
        let within = scatter.withinClasses()
        for (first, second) in [(0, 0), (3, 200), (200, 3), (255, 255), (64, 63)] {
            var expected = 0.0
            for digit: UInt8 in [1, 4, 7] {
                let own = dataset.bitmaps.indices.filter { dataset.labels[$0] == digit }.map { dataset.bitmaps[$0] }
                let means = [first, second].map { pixel in Double(own.count { $0[pixel] }) / Double(own.count) }
                expected += own.reduce(0) { $0 + (($1[first] ? 1 : 0) - means[0]) * (($1[second] ? 1 : 0) - means[1]) }
            }
            #expect(abs(within[first * 256 + second] - expected) < 1e-10)
        }
        let blank = PixelScatter([Bitmap](repeating: dataset.bitmaps[0], count: rowsPerClass))
        #expect(blank.withinClasses().allSatisfy { $0 == 0 })
    }
}
