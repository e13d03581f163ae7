import Digits
import Testing

@testable import Classifiers

/// Every instruction set that this processor has, one after another in one process: `scripts/kernels` compares the loops themselves, and arm64's.
@Suite(.serialized)
struct InstructionSetTests {
    private static let training = SyntheticDigits.dataset(rowCount: 400, seed: 31)
    private static let unseen = SyntheticDigits.dataset(rowCount: 60, seed: 33).bitmaps + [.blank, Bitmap(words: SIMD4(repeating: .max))]

    /// What `answer` gives with each instruction set.
    private func answers<Answer>(_ answer: () throws -> Answer) rethrows -> [Answer] {
        defer { InstructionSet.use(.best) }
        return try InstructionSet.allCases.filter { $0 <= .best }.map { set in
            InstructionSet.use(set)
            #expect(InstructionSet.inUse == set)
            return try answer()
        }
    }

    @Test("a set that the processor lacks is its best one")
    func bounded() {
        defer { InstructionSet.use(.best) }
        InstructionSet.use(.avx512)
        #expect(InstructionSet.inUse == min(.avx512, .best))
    }

    @Test(
        "an SVM's decision values, digits and probabilities are the same bits with every instruction set",
        arguments: SVMKernel.allCases, [2, 3, 10])
    func supportVectorMachines(kernel: SVMKernel, classCount: Int) throws {
        let rows = InstructionSetTests.training.labels.indices.filter { InstructionSetTests.training.labels[$0] < classCount }
        let fitted = try SVMParameters(c: 5, kernel: kernel, gamma: .value(0.02)).fit(InstructionSetTests.training, rows: rows, seed: 3)
        let answers = try answers {
            let model = try SVMModel(
                parameters: fitted.parameters, classes: fitted.classes, trainingReport: fitted.trainingReport, payload: fitted.payload)
            return InstructionSetTests.unseen.map {
                SVMAnswer(decisions: model.decisionValues(for: $0), prediction: model.prediction(for: $0))
            }
        }
        for answer in answers { #expect(answer == answers[0]) }
    }

    private struct SVMAnswer: Equatable {
        let decisions: [Double]
        let prediction: Prediction
    }

    @Test("forests of pure and of mixed leaves answer the same bits with every instruction set", arguments: [1, 5])
    func forests(minSamplesLeaf: Int) throws {
        let rows = Array(0..<InstructionSetTests.training.count)
        let fitted = try RandomForestParameters(treeCount: 70, limits: TreeLimits(minSamplesLeaf: .number(minSamplesLeaf)))
            .fit(InstructionSetTests.training, rows: rows, seed: 3)
        let answers = try answers {
            let model = try RandomForestModel(
                parameters: fitted.parameters, classes: fitted.classes, trainingReport: fitted.trainingReport, payload: fitted.payload)
            return InstructionSetTests.unseen.map(model.prediction(for:))
        }
        for answer in answers { #expect(answer == answers[0]) }
    }

    @Test("every classifier learns and answers the same bits with every instruction set")
    func classifiers() throws {
        func check(_ parameters: some ClassifierParameters) throws {
            let rows = Array(0..<InstructionSetTests.training.count)
            let answers = try answers {
                let model = try parameters.fit(InstructionSetTests.training, rows: rows, seed: 3)
                return InstructionSetTests.unseen.map(model.prediction(for:))
            }
            for answer in answers { #expect(answer == answers[0], "\(parameters)") }
        }
        try check(KNearestNeighborsParameters(values: ParameterValues([:])))
        try check(LogisticRegressionParameters(values: ParameterValues([:])))
        try check(AdaBoostParameters(values: ParameterValues([:])))
        try check(DecisionTreeParameters(values: ParameterValues([:])))
        try check(MultinomialNaiveBayesParameters(values: ParameterValues([:])))
    }
}
