import Digits
import TestData
import Testing

@testable import Classifiers

@Suite("Solvers of linear discriminant analysis")
struct DiscriminantSolverTests {
    typealias Solver = LinearDiscriminantParameters.Solver

    /// Digits that show the first pixels alone, each of them in some rows of each class.
    private static func narrow(pixelCount: Int, rowsPerClass: Int = 40, seed: UInt64 = 11) throws -> DigitDataset {
        let digits = try scatteredDigits(classes: [2, 5, 6], rowsPerClass: rowsPerClass, flipProbability: 0.25, seed: seed)
        let bitmaps = digits.bitmaps.map { bitmap in
            (0..<pixelCount).reduce(into: Bitmap.blank) { $0[$1] = bitmap[$1] }
        }
        return try DigitDataset(name: "narrow", bitmaps: bitmaps, labels: digits.labels)
    }

    /// The same rows with a further pixel that is set where `source` says so.
    private static func adding(pixel: Int, to dataset: DigitDataset, _ source: (Bitmap, UInt8) -> Bool) throws -> DigitDataset {
        let bitmaps = zip(dataset.bitmaps, dataset.labels).map { bitmap, label in
            var changed = bitmap
            changed[pixel] = source(bitmap, label)
            return changed
        }
        return try DigitDataset(name: "wider", bitmaps: bitmaps, labels: dataset.labels)
    }

    private func fit(_ solver: Solver, _ dataset: DigitDataset, tolerance: Double = 1e-4) throws -> LinearDiscriminantModel {
        try LinearDiscriminantParameters(solver: solver, tolerance: tolerance).fit(dataset, rows: Array(0..<dataset.count), seed: 0)
    }

    private func expectSame(_ model: LinearDiscriminantModel, as naive: NaiveDiscriminants, on bitmaps: [Bitmap]) {
        for bitmap in bitmaps {
            let scores = model.scores(for: bitmap)
            for (digit, expected) in zip(model.classes, naive.probabilities(of: bitmap)) {
                #expect(abs(scores[Int(digit)] - expected) < 1e-9)
            }
        }
    }

    // MARK: Regular covariances

    @Test("every solver gives the textbook's probabilities, with all pixels and with pixels that never vary", arguments: [256, 30])
    func textbook(pixelCount: Int) throws {
        let dataset = try Self.narrow(pixelCount: pixelCount, rowsPerClass: pixelCount == 256 ? 120 : 40)
        let naive = NaiveDiscriminants(dataset, pixels: Array(0..<pixelCount))
        for solver in Solver.allCases {
            expectSame(try fit(solver, dataset), as: naive, on: dataset.bitmaps + [.blank, Bitmap(words: SIMD4(repeating: .max))])
        }
    }

    /// Numbers of scikit-learn 1.9.1, `LinearDiscriminantAnalysis(solver).fit` of all rows.
    @Test(
        "probabilities and transforms on Semeion are scikit-learn's",
        .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"),
        arguments: Solver.allCases)
    func semeion(solver: Solver) throws {
        let semeion = try TestData.semeion()
        let model = try fit(solver, semeion)
        #expect(abs(model.prediction(for: semeion.bitmaps[0]).confidence - 0.86421783) < 1e-7)
        #expect([0, 400, 800, 1200, 1592].map { model.digit(for: semeion.bitmaps[$0]) } == [9, 0, 0, 0, 9])
        let expected = [0.0, 2.3e-07, 8e-08, 0.01720942, 0.0, 5.08e-06, 0.0, 2.917e-05, 4e-08, 0.98275599]
        for (found, number) in zip(model.scores(for: semeion.bitmaps[1592]).values, expected) { #expect(abs(found - number) < 1e-8) }
        let transforms: [Solver: [Double]] = [
            .svd: [2.443921, 2.872888, -1.553509, 0.273883, -2.427896, 1.689253, -0.508139, -0.33661, 1.509244],
            .eigen: [4.137817, 4.306373, -0.429971, 1.648249, -4.631725, 5.334024, 0.537366, -0.385633, 2.447126],
            .lsqr: [],
        ]
        let transform = try #require(transforms[solver])
        let found = model.transform(semeion.bitmaps[0])
        #expect(found.count == transform.count)
        for (number, expected) in zip(found, transform) { #expect(abs(number - expected) < 1e-6) }
    }

    // MARK: Singular covariances

    @Test("a pixel that is the same in all rows of each class is left out by every solver", arguments: Solver.allCases)
    func constantInClass(solver: Solver) throws {
        let dataset = try Self.adding(pixel: 100, to: Self.narrow(pixelCount: 30)) { _, label in label == 5 }
        let model = try fit(solver, dataset)
        expectSame(model, as: NaiveDiscriminants(dataset, pixels: Array(0..<30)), on: dataset.bitmaps)
        #expect((0..<3).allSatisfy { model.payload.machines.weights[$0 * 256 + 100] == 0 })
    }

    @Test("two pixels that are always set together share what one would weigh; eigen refuses them", arguments: Solver.allCases)
    func twins(solver: Solver) throws {
        let single = try Self.narrow(pixelCount: 30)
        let dataset = try Self.adding(pixel: 100, to: single) { bitmap, _ in bitmap[7] }
        if solver == .eigen {
            let error = #expect(throws: TrainingError.self) { try fit(solver, dataset) }
            guard case .noSolution(let reason)? = error else {
                Issue.record("refused as \(String(describing: error))")
                return
            }
            #expect(reason.contains("of rank 30 for 31 pixels") && reason.contains("eigen"))
            return
        }
        let model = try fit(solver, dataset)
        expectSame(model, as: NaiveDiscriminants(single, pixels: Array(0..<30)), on: dataset.bitmaps)
        for machine in 0..<3 {
            let weights = model.payload.machines.weights[machine * 256..<(machine + 1) * 256]
            #expect(abs(weights[machine * 256 + 7] - weights[machine * 256 + 100]) < 1e-9)
            #expect(abs(weights[machine * 256 + 7]) > 1e-3)
        }
    }

    /// scikit-learn 1.9.1 gets 859 of 1393 with svd, and 122 with lsqr: its line of 2e-16 lets directions in that are nothing but rounding.
    @Test("fewer rows than pixels are enough for svd and lsqr, and not for eigen", .enabled(if: TestData.semeionIsAvailable))
    func fewRows() throws {
        let semeion = try TestData.semeion()
        let rows = Array(stride(from: 0, to: semeion.count, by: 8))
        let others = semeion.bitmaps.indices.filter { $0 % 8 != 0 }
        #expect(rows.count == 200 && others.count == 1_393)
        func correctCount(_ solver: Solver) throws -> Int {
            let model = try LinearDiscriminantParameters(solver: solver).fit(semeion, rows: rows, seed: 0)
            return others.count { model.digit(for: semeion.bitmaps[$0]) == semeion.labels[$0] }
        }
        #expect(abs(try correctCount(.svd) - 859) <= 2)
        #expect(try correctCount(.lsqr) > 800)
        #expect(throws: TrainingError.self) { try correctCount(.eigen) }
    }

    // MARK: Whitening

    @Test("under each whitening the covariance becomes one", arguments: Solver.allCases, [0, 1])
    func whitening(solver: Solver, twinCount: Int) throws {
        var dataset = try Self.narrow(pixelCount: 40)
        if twinCount > 0 && solver != .eigen { dataset = try Self.adding(pixel: 200, to: dataset) { bitmap, _ in bitmap[3] } }
        let moments = try DiscriminantMoments(RowsByClass(dataset, rows: Array(0..<dataset.count)))
        let whitening = try ClassWhitening.of(moments, solver: solver, tolerance: 1e-4)
        #expect(whitening.directionCount == 40)
        for direction in [0, 17, 39] {
            let unit = (0..<40).map { $0 == direction ? 1.0 : 0.0 }
            let pixels = whitening.inPixels(unit)
            let covaried = (0..<256).map { row in (0..<256).reduce(0) { $0 + moments.covariance[row * 256 + $1] * pixels[$1] } }
            for (found, expected) in zip(whitening.whitened(covaried), unit) { #expect(abs(found - expected) < 1e-9) }
        }
    }

    @Test("a regular covariance needs no eigenvectors, and one with a variance below the least has no such whitening")
    func regular() throws {
        let dataset = try Self.narrow(pixelCount: 256, rowsPerClass: 150)
        let moments = try DiscriminantMoments(RowsByClass(dataset, rows: Array(0..<dataset.count)))
        let smallest = try #require(try SymmetricEigensystem(moments.standardisedCovariance(), count: 256).values.first)
        #expect(smallest > 1e-4)
        #expect(try ClassWhitening.regular(moments, leastVariance: smallest * 0.999) != nil)
        #expect(try ClassWhitening.regular(moments, leastVariance: smallest * 1.001) == nil)
        // Both ways lead to one answer.
        let direct = try fit(.svd, dataset, tolerance: (smallest * 0.999).squareRoot())
        #expect(try fit(.svd, dataset).payload.machines == direct.payload.machines)
    }

    @Test("svd leaves out directions whose deviation is not above the tolerance")
    func tolerance() throws {
        let dataset = try Self.narrow(pixelCount: 256, rowsPerClass: 150)
        let moments = try DiscriminantMoments(RowsByClass(dataset, rows: Array(0..<dataset.count)))
        let variances = try SymmetricEigensystem(moments.standardisedCovariance(), count: 256).values
        let tolerance = (variances[100] * 1.000_001).squareRoot()
        #expect(try ClassWhitening.of(moments, solver: .svd, tolerance: tolerance).directionCount == 155)
        #expect(try ClassWhitening.of(moments, solver: .lsqr, tolerance: tolerance).directionCount == 256)
        #expect(try fit(.lsqr, dataset, tolerance: tolerance).payload == fit(.lsqr, dataset).payload)
        #expect(throws: TrainingError.noSolution(reason: "no pixel varies within classes")) { try fit(.svd, dataset, tolerance: 100) }
    }

    @Test("svd leaves out directions in which the class means spread by the tolerance's share of the largest or less")
    func spreads() throws {
        // Ten times as far apart in one direction as in the other, and a tolerance of no weight within classes.
        var bitmaps: [Bitmap] = []
        var labels: [UInt8] = []
        var stream = RandomStream(seed: 12, purpose: .test)
        for (label, shares) in [(UInt8(0), (0.1, 0.5)), (1, (0.9, 0.5)), (2, (0.5, 0.56))] {
            for _ in 0..<400 {
                var bitmap = Bitmap.blank
                bitmap[0] = stream.unitInterval() < shares.0
                bitmap[1] = stream.unitInterval() < shares.1
                bitmaps.append(bitmap)
                labels.append(label)
            }
        }
        let dataset = try DigitDataset(name: "spreads", bitmaps: bitmaps, labels: labels)
        let whole = try fit(.svd, dataset)
        let flat = try fit(.svd, dataset, tolerance: 0.3)
        #expect(whole.componentCount == 2)
        #expect(flat.componentCount == 1)
        for bitmap in bitmaps.prefix(20) { #expect(flat.transform(bitmap)[0] == whole.transform(bitmap)[0]) }
        // One direction is left, and the machines differ in it alone.
        let weights = flat.payload.machines.weights
        let first = (0..<3).map { weights[$0 * 256] / flat.payload.scalings[0] }
        let second = (0..<3).map { weights[$0 * 256 + 1] / flat.payload.scalings[1] }
        for (a, b) in zip(first, second) { #expect(abs(a - b) < 1e-9) }
    }

    // MARK: Sharing

    @Test("candidates evaluated together answer as each fitted alone, and fail as it fails", arguments: [40, 150])
    func together(rowsPerClass: Int) throws {
        let dataset = try scatteredDigits(classes: [0, 3, 9], rowsPerClass: rowsPerClass, flipProbability: 0.35, seed: 14)
        let settings: [(componentCount: Int?, tolerance: Double)] = [(nil, 1e-4), (1, 1e-4), (2, 0.4), (3, 1e-4), (1, 1e-12)]
        let candidates = Solver.allCases.flatMap { solver in
            settings.map { LinearDiscriminantParameters(solver: solver, componentCount: $0.componentCount, tolerance: $0.tolerance) }
        }
        #expect(Set(candidates.map(\.sharingKey)).count == 1)
        let rows = dataset.bitmaps.indices
        let split = TrainTestSplit(trainingRows: rows.filter { $0 % 10 != 0 }, testRows: rows.filter { $0 % 10 == 0 }, seed: 0)
        let outcomes = SeparateFits.expectEqual(toSharedEvaluationOf: candidates, on: dataset, split: split)
        let failureCount = outcomes.count { if case .failure = $0 { true } else { false } }
        // Three components for three classes; and, of 108 rows for 256 pixels, eigen.
        #expect(failureCount == (rowsPerClass == 40 ? 7 : 3))
    }
}
