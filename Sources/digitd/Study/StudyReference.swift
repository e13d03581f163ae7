import Classifiers
import Digits
import Figures
import ModelSelection

/// What others measured on Semeion, to be shown beside digitd's own.
///
/// The study: "Handwritten Digit Recognition", Abraham, Aracena, Possas, Shan; University of Sydney, 30 May 2016, table 2 and the
/// section on multiprocessing. It gives no standard deviations.
///
/// scikit-learn: version 1.9.1, the best of each classifier's candidates by mean accuracy over the 10 stratified folds of seed 0; mean
/// and population standard deviation over the folds. A test compares them with the record of that run, `sklearn-grid.json`.
enum StudyReference {
    struct Line {
        let classifier: String
        /// 0...1.
        let studyAccuracy: Double
        /// 0...1.
        let scikitAccuracy: Double
        let scikitStandardDeviation: Double
    }

    /// The SHA-256 of Semeion's rows.
    private static let semeionSHA256 = "a9b2e4799ea2d7279cd8122ee75a7f102f93ef98b42f34bce2643925316927fd"

    /// All of the study with scikit-learn 0.17 on an Intel i7-6700K, in one process.
    static let studySecondsOneProcess = 470.9
    /// The same with joblib on 8 threads.
    static let studySecondsEightThreads = 151.2

    /// What an SVM made of principal components that explain so much of the variance, its section on compression.
    static let reducedAccuracies: [(varianceShare: Double, accuracy: Double)] = [(0.9, 0.96), (0.5, 0.93), (0.1, 0.49)]

    /// In the order of the study's table.
    static let lines = [
        Line(classifier: "svm", studyAccuracy: 0.9592, scikitAccuracy: 0.961069, scikitStandardDeviation: 0.011894),
        Line(classifier: "random-forest", studyAccuracy: 0.9496, scikitAccuracy: 0.947260, scikitStandardDeviation: 0.018283),
        Line(classifier: "logistic-regression", studyAccuracy: 0.9158, scikitAccuracy: 0.914603, scikitStandardDeviation: 0.019739),
        Line(classifier: "k-nearest-neighbors", studyAccuracy: 0.9082, scikitAccuracy: 0.912095, scikitStandardDeviation: 0.023764),
        Line(
            classifier: "linear-discriminant-analysis", studyAccuracy: 0.8865, scikitAccuracy: 0.887642, scikitStandardDeviation: 0.026410),
        Line(classifier: "multinomial-naive-bayes", studyAccuracy: 0.8458, scikitAccuracy: 0.846812, scikitStandardDeviation: 0.030834),
        Line(classifier: "gaussian-naive-bayes", studyAccuracy: 0.7921, scikitAccuracy: 0.785916, scikitStandardDeviation: 0.039278),
        Line(classifier: "adaboost", studyAccuracy: 0.7168, scikitAccuracy: 0.812323, scikitStandardDeviation: 0.033666),
        Line(classifier: "decision-tree", studyAccuracy: 0.7034, scikitAccuracy: 0.782791, scikitStandardDeviation: 0.020957),
    ]

    static func line(of classifier: ClassifierName) -> Line? {
        lines.first { $0.classifier == classifier.rawValue }
    }

    /// Whether the figures above are of the same data.
    static func applies(to dataset: SearchReport.Dataset) -> Bool {
        dataset.sha256 == semeionSHA256
    }

    /// The figures above as a chart shows them beside digitd's; none for other data.
    static func comparisons(of result: SearchResult) -> [StudyFigures.Comparison] {
        guard applies(to: SearchReport.Dataset(result.search.dataset)) else { return [] }
        func measurements(_ measurement: (Line) -> AccuracyChart.Measurement) -> [ClassifierName: AccuracyChart.Measurement] {
            let pairs = lines.compactMap { line in ClassifierName(rawValue: line.classifier).map { ($0, measurement(line)) } }
            return Dictionary(uniqueKeysWithValues: pairs)
        }
        return [
            (
                "scikit-learn 1.9",
                measurements { AccuracyChart.Measurement(mean: $0.scikitAccuracy, standardDeviation: $0.scikitStandardDeviation) }
            ),
            ("the study (2016)", measurements { AccuracyChart.Measurement(mean: $0.studyAccuracy) }),
        ]
    }
}
