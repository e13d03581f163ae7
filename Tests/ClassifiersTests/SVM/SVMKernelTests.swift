import Digits
import Foundation
import Testing

@testable import Classifiers

@Suite("SVM kernels")
struct SVMKernelTests {
    @Test("table look-ups give the kernels of scikit-learn's definitions", arguments: SVMKernel.allCases, [1.0 / 256, 0.03, 0.003])
    func tableEqualsDefinition(kernel: SVMKernel, gamma: Double) throws {
        let digits = try scatteredDigits(classes: [3, 8], rowsPerClass: 20, flipProbability: 0.2, seed: 1).bitmaps
        let table = KernelTable(kernel: kernel, gamma: gamma)
        for x in digits.prefix(10) {
            for z in digits {
                let index = table.argument == .dotProduct ? x.dotProduct(z) : x.squaredDistance(z)
                let expected = naiveKernel(kernel, gamma: gamma, x, z)
                #expect(abs(Double(table.values[index]) - expected) <= 1e-7 * abs(expected))
                #expect(abs(table.value(x, z) - expected) <= 1e-14 * abs(expected))
            }
            #expect(abs(table.diagonal(x) - naiveKernel(kernel, gamma: gamma, x, x)) <= 1e-15 * table.diagonal(x))
        }
    }

    @Test("degree and coef0 are those of scikit-learn's definitions", arguments: [0, 1, 2, 3, 4, 7], [0, 0.5, -1.25])
    func degreeAndCoef0(degree: Int, coef0: Double) {
        for argument in [0.0, 1, 17, 256] {
            let base = 0.02 * argument + coef0
            let polynomial = KernelFunction(kernel: .poly, gamma: 0.02, degree: degree, coef0: coef0).value(of: argument)
            let expected = (0..<degree).reduce(1.0) { product, _ in product * base }
            #expect(abs(polynomial - expected) <= 1e-14 * abs(expected))
            let sigmoid = KernelFunction(kernel: .sigmoid, gamma: 0.02, degree: degree, coef0: coef0).value(of: argument)
            #expect(sigmoid == tanh(base))
            for kernel in [SVMKernel.linear, .rbf] {
                let plain = KernelFunction(kernel: kernel, gamma: 0.02).value(of: argument)
                #expect(KernelFunction(kernel: kernel, gamma: 0.02, degree: degree, coef0: coef0).value(of: argument) == plain)
            }
        }
    }

    @Test("the extremes of the table, a blank and a full bitmap, are reached")
    func extremes() {
        let full = Bitmap(words: SIMD4(repeating: .max))
        let values = kernelValues(of: full, with: [.blank, full], table: KernelTable(kernel: .linear, gamma: 1))
        #expect(values == [0, 256])
        let distant = kernelValues(of: full, with: [.blank, full], table: KernelTable(kernel: .rbf, gamma: 0.03))
        #expect(distant == [Float(naiveKernel(.rbf, gamma: 0.03, full, .blank)), 1])
    }

    @Test("blocks of eight give every row its own value, whatever the number of rows", arguments: [1, 2, 7, 8, 9, 15, 16, 17, 100])
    func blocksKeepRows(rowCount: Int) throws {
        let digits = try scatteredDigits(classes: [0], rowsPerClass: rowCount, flipProbability: 0.4, seed: 2).bitmaps
        for kernel in [SVMKernel.linear, .rbf] {
            let table = KernelTable(kernel: kernel, gamma: 0.01)
            for query in digits.prefix(3) {
                let expected = digits.map { table.values[kernel == .rbf ? query.squaredDistance($0) : query.dotProduct($0)] }
                #expect(kernelValues(of: query, with: digits, table: table) == expected)
            }
        }
    }

    private func kernelValues(of query: Bitmap, with bitmaps: [Bitmap], table: KernelTable) -> [Float] {
        let blocks = BitmapBlocks(bitmaps)
        let padded = blocks.blockCount * BitmapBlocks.blockRows
        let values = [Float](unsafeUninitializedCapacity: padded) { buffer, count in
            blocks.kernelValues(of: query, blocks: 0..<blocks.blockCount, table: table, into: buffer.baseAddress!)
            count = padded
        }
        return Array(values.prefix(bitmaps.count))
    }
}

@Suite("Kernel rows")
struct KernelRowsTests {
    @Test("rows are the same whether all fit or only two, in any order of asking")
    func boundDoesNotChangeRows() throws {
        let digits = try scatteredDigits(classes: [1, 2], rowsPerClass: 15, flipProbability: 0.2, seed: 3).bitmaps
        let table = KernelTable(kernel: .rbf, gamma: 0.02)
        var stream = RandomStream(seed: 4, purpose: .test)
        for cacheBytes in [0, 5 * 32 * 4, 1_000_000] {
            let rows = KernelRows(bitmaps: digits, table: table, storage: FloatStorage(), cacheBytes: cacheBytes)
            for _ in 0..<500 {
                let i = stream.integer(below: digits.count)
                let j = stream.integer(below: digits.count)
                // Asking for j must leave i in place.
                let rowI = rows.row(i)
                let rowJ = rows.row(j)
                for column in digits.indices {
                    #expect(rowI[column] == table.values[digits[i].squaredDistance(digits[column])])
                    #expect(rowJ[column] == table.values[digits[j].squaredDistance(digits[column])])
                }
            }
        }
    }

    @Test("the diagonal is the kernel of each bitmap with itself")
    func diagonal() throws {
        let digits = try scatteredDigits(classes: [1], rowsPerClass: 9, flipProbability: 0.2, seed: 5).bitmaps
        let rows = KernelRows(
            bitmaps: digits, table: KernelTable(kernel: .linear, gamma: 1), storage: FloatStorage(), cacheBytes: 1 << 20)
        #expect(rows.diagonal.prefix(9) == digits.map { Double($0.inkCount) }[...])
    }
}
