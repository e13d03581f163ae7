import Digits
import Foundation
import TestData
import Testing

@testable import Classifiers

@Suite("Support vector machines on real coordinates")
struct ReducedSVMTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 300, seed: 41)

    private func points(_ count: Int, dimensionCount: Int) -> [[Double]] {
        var stream = RandomStream(seed: 42, purpose: .test)
        return (0..<count).map { _ in (0..<dimensionCount).map { _ in 4 * stream.unitInterval() - 2 } }
    }

    private func dotProduct(_ x: [Double], _ z: [Double]) -> Double {
        zip(x, z).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private func squaredDistance(_ x: [Double], _ z: [Double]) -> Double {
        zip(x, z).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }

    private func kernel(_ kernel: SVMKernel, _ x: [Double], _ z: [Double], gamma: Double) -> Double {
        let product = gamma * dotProduct(x, z)
        return switch kernel {
        case .rbf: Foundation.exp(-gamma * squaredDistance(x, z))
        case .linear: dotProduct(x, z)
        case .poly: product * product * product
        case .sigmoid: Foundation.tanh(product)
        }
    }

    @Test("products and distances of a point are the sums over its coordinates, bit for bit", arguments: [1, 7, 8, 9, 100], [1, 13])
    func products(count: Int, dimensionCount: Int) {
        let others = points(count, dimensionCount: dimensionCount)
        let laidOut = RealPoints(others)
        let query = points(count + 1, dimensionCount: dimensionCount)[count]
        #expect(laidOut.dotProducts(with: query) == others.map { dotProduct($0, query) })
        let distances = laidOut.withArguments(of: .squaredDistance, to: query) { Array($0) }
        #expect(Array(distances.prefix(count)) == others.map { squaredDistance($0, query) })
        // Whole blocks, filled up with the origin.
        #expect(distances.count == (count + 7) / 8 * 8)
        #expect(distances.dropFirst(count).allSatisfy { $0 == squaredDistance(query, query.map { _ in 0 }) })
    }

    @Test("kernel rows are the kernel's definition", arguments: SVMKernel.allCases)
    func kernelRows(kernel: SVMKernel) {
        let points = points(11, dimensionCount: 5)
        let real = RealKernel(kernel: kernel, gamma: 0.3)
        var values = [Float](repeating: -1, count: 16)
        for point in points {
            real.values(of: point, with: RealPoints(points), into: &values)
            for (value, other) in zip(values, points) {
                #expect(abs(Double(value) - self.kernel(kernel, point, other, gamma: 0.3)) < 1e-5)
                #expect(abs(real.value(point, other) - self.kernel(kernel, point, other, gamma: 0.3)) < 1e-12)
            }
            let exact = real.withValues(of: point, with: RealPoints(points)) { Array($0.prefix(points.count)) }
            #expect(exact == points.map { real.value(point, $0) })
            #expect(abs(real.diagonal(point) - self.kernel(kernel, point, point, gamma: 0.3)) < 1e-12)
        }
    }

    @Test("machines on real coordinates fulfil the optimality conditions", arguments: SVMKernel.allCases, [0.1, 10])
    func optimality(kernel: SVMKernel, c: Double) throws {
        let points = points(61, dimensionCount: 4)
        let real = RealKernel(kernel: kernel, gamma: 0.1)
        let others = RealPoints(points)
        let rows = KernelRows(
            diagonal: points.map(real.diagonal), storage: FloatStorage(), cacheBytes: 1 << 20,
            exactValue: { real.value(points[$0], points[$1]) },
            fill: { row, values in real.values(of: points[row], with: others, into: values) })
        let solution = try SMOSolver(limits: .standard).solve(rows, firstClassCount: 30, c: c)
        let check = OptimalityCheck(
            kernelMatrix: points.map { x in points.map { z in Double(Float(self.kernel(kernel, x, z, gamma: 0.1))) } },
            labels: points.indices.map { $0 < 30 ? 1 : -1 }, signedMultipliers: solution.coefficients, c: c)
        #expect(solution.converged)
        #expect(check.boxViolation == 0)
        #expect(check.balance < 1e-9 * c)
        #expect(check.gap < 1e-3 + 1e-6 * c)
    }

    /// Rotation and shift keep distances, and a linear machine's intercept takes up the shift; the other kernels see another origin.
    @Test(
        "on all components a machine answers as that on bits, where its kernel does not depend on the origin",
        arguments: [SVMKernel.rbf, .linear])
    func allComponents(kernel: SVMKernel) throws {
        let rows = Array(0..<200)
        let reduced = try ReducedSVMParameters(
            reduction: PrincipalComponentsParameters(.varianceShare(1)), c: 1, kernel: kernel, gamma: 0.02
        ).fit(Self.digits, rows: rows)
        let onBits = try SVMParameters(c: 1, kernel: kernel, gamma: .value(0.02)).fit(Self.digits, rows: rows, seed: 0)
        #expect(reduced.classes == onBits.classes)
        // What differs is rounding and the solver's tolerance, which decide where two votes are all but equal.
        let differing = Self.digits.bitmaps.count { reduced.digit(for: $0) != onBits.digit(for: $0) }
        #expect(differing <= 2)
    }

    /// In single precision 31 of the 100 digits differ.
    @Test("where large multipliers cancel a machine answers as that on bits, since kernel values are in double precision")
    func largeMultipliers() throws {
        let rows = Array(0..<200)
        let reduced = try ReducedSVMParameters(
            reduction: PrincipalComponentsParameters(.varianceShare(1)), c: 1e7, kernel: .rbf, gamma: 1e-9
        ).fit(Self.digits, rows: rows)
        let onBits = try SVMParameters(c: 1e7, kernel: .rbf, gamma: .value(1e-9)).fit(Self.digits, rows: rows, seed: 0)
        let others = Self.digits.bitmaps[200..<300]
        #expect(others.count { reduced.digit(for: $0) != onBits.digit(for: $0) } <= 2)
    }

    @Test("candidates of several kernels evaluated together answer as each fitted alone")
    func together() throws {
        let reduction = try PrincipalComponentsParameters(.count(12))
        let candidates = SVMKernel.allCases.flatMap { kernel in
            [(10.0, 0.03), (0.1, 0.03), (10, 0.003)].map {
                ReducedSVMParameters(reduction: reduction, c: $0.0, kernel: kernel, gamma: $0.1)
            }
        }
        let split = TrainTestSplit(trainingRows: Array(0..<200), testRows: Array(200..<300), seed: 0)
        let together = try ReducedSVMParameters.predictions(of: candidates, on: Self.digits, split: split)
        #expect(Set(together).count > 4)
        for (candidate, digits) in zip(candidates, together) {
            let alone = try candidate.fit(Self.digits, rows: split.trainingRows)
            #expect(digits == split.testRows.map { alone.digit(for: Self.digits.bitmaps[$0]) })
        }
    }

    @Test("the components are those of the training rows alone")
    func refitted() throws {
        let candidate = try ReducedSVMParameters(reduction: PrincipalComponentsParameters(.count(4)), c: 1, gamma: 0.1)
        let rows = Array(0..<150)
        let model = try candidate.fit(Self.digits, rows: rows)
        let others = try DigitDataset(
            name: "others", bitmaps: Self.digits.bitmaps.enumerated().map { $0 < 150 ? $1 : .blank }, labels: Self.digits.labels)
        #expect(try candidate.fit(others, rows: rows).reducer.components == model.reducer.components)
        #expect(try candidate.reduction.fit(Self.digits, rows: rows).components == model.reducer.components)
    }

    @Test("rows of one digit, rows that there are not and cancelled tasks are refused")
    func refusals() async throws {
        let candidate = try ReducedSVMParameters(reduction: PrincipalComponentsParameters(.count(2)), c: 1, gamma: 0.1)
        let ones = Self.digits.labels.indices.filter { Self.digits.labels[$0] == 1 }
        #expect(throws: TrainingError.tooFewClasses(found: 1)) { try candidate.fit(Self.digits, rows: ones) }
        #expect(throws: TrainingError.rowOutOfRange(found: 300, rowCount: 300)) { try candidate.fit(Self.digits, rows: [0, 1, 300]) }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try candidate.fit(Self.digits, rows: Array(0..<100)).classes
        }
        await #expect(throws: TrainingError.cancelled) { try await task.value }
    }
}

@Suite("Principal components in numbers")
struct PrincipalComponentNumbersTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 120, seed: 43)

    @Test("a bitmap's lengths along the components are the products with what is left of it without the mean")
    func transform() throws {
        let found = try PrincipalComponentsParameters(.count(9)).fit(Self.digits, rows: Array(0..<120))
        for bitmap in Self.digits.bitmaps.prefix(10) + [.blank] {
            let lengths = found.transform(bitmap)
            #expect(lengths.count == 9)
            for (component, length) in lengths.enumerated() {
                let expected = (0..<256).reduce(0) {
                    $0 + found.components[component * 256 + $1] * ((bitmap[$1] ? 1 : 0) - found.mean[$1])
                }
                #expect(abs(length - expected) < 1e-12)
            }
        }
    }

    @Test("two pixels that always agree have the component that can be worked out by hand")
    func byHand() throws {
        // Rows (0, 0), (1, 1), (0, 0), (1, 1): covariance 1/3 everywhere, so that (1, 1) / sqrt 2 has all the variance, 2/3.
        var both = Bitmap.blank
        both[10] = true
        both[20] = true
        let dataset = try DigitDataset(name: "pixels", bitmaps: [.blank, both, .blank, both], labels: [0, 1, 0, 1])
        let found = try PrincipalComponentsParameters(.varianceShare(0.99)).fit(dataset, rows: [0, 1, 2, 3])
        #expect(found.componentCount == 1)
        #expect(abs(found.variances[0] - 2.0 / 3) < 1e-15)
        #expect(abs(found.explainedShare - 1) < 1e-12)
        for (pixel, element) in found.components.enumerated() {
            #expect(abs(element - (pixel == 10 || pixel == 20 ? 0.5.squareRoot() : 0)) < 1e-15)
        }
        #expect(abs(found.transform(both)[0] - 0.5.squareRoot()) < 1e-15)
        #expect(found.reconstructionError(of: dataset.bitmaps) < 1e-30)
        // The first pixel alone lies at the mean along it: what comes back is the mean, and all of the difference is lost.
        var first = Bitmap.blank
        first[10] = true
        #expect(abs(found.reconstructionError(of: [first]) - 0.5 / 256) < 1e-15)
    }

    @Test("a share of 1 keeps as many as there are pixels or rows, whatever rounding makes of the sum")
    func whole() throws {
        #expect(try PrincipalComponentsParameters(.varianceShare(1)).fit(Self.digits, rows: Array(0..<120)).componentCount == 120)
        let many = SyntheticDigits.dataset(rowCount: 300, seed: 44)
        #expect(try PrincipalComponentsParameters(.varianceShare(1)).fit(many, rows: Array(0..<300)).componentCount == 256)
    }

    /// scikit-learn 1.9.1, `PCA(svd_solver="full").fit(pixels).explained_variance_`.
    @Test("variances on Semeion are scikit-learn's", .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
    func semeion() throws {
        let semeion = try TestData.semeion()
        let found = try PrincipalComponentsParameters(.count(256)).fit(semeion, rows: Array(0..<semeion.count))
        for (place, expected) in [(0, 4.193_742_98), (1, 3.566_747_14), (2, 3.014_367_6), (255, 0.011_837_64)] {
            #expect(abs(found.variances[place] - expected) < 1e-8)
        }
    }
}
