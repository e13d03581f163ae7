import Classifiers
import Digits
import ModelSelection

/// The figures of a study, from the search that it is.
public struct StudyFigures {
    /// An accuracy that somebody else measured with a classifier: a name of the series, and what there is for each classifier.
    public typealias Comparison = (name: String, measurements: [ClassifierName: AccuracyChart.Measurement])

    private let result: SearchResult
    private let comparisons: [Comparison]

    /// - Parameter comparisons: up to two, drawn beside digitd's own accuracies.
    public init(_ result: SearchResult, comparisons: [Comparison] = []) {
        self.result = result
        self.comparisons = comparisons
    }

    /// Every figure that the search has data for.
    public var all: [Figure] {
        let dataset = result.search.dataset
        // The first seven looks most like a digit of its own; any digit will do.
        let row = dataset.labels.firstIndex(of: 7) ?? 0
        let digits = [
            DigitPictures.dataAndPicture(dataset.bitmaps[row], label: dataset.labels[row], dataset: dataset.name),
            DigitPictures.picture(dataset.bitmaps[row]), DigitPictures.sheet(spread(100)),
        ]
        return digits + [accuracy] + [confusion, mistakes, svmHeatMap, forestCurves].compactMap { $0 }
    }

    /// So many bitmaps from all over the data set.
    private func spread(_ count: Int) -> [Bitmap] {
        let bitmaps = result.search.dataset.bitmaps
        return bitmaps.count <= count ? bitmaps : (0..<count).map { bitmaps[$0 * bitmaps.count / count] }
    }

    private var foldsNote: String {
        "\(result.search.dataset.name), \(result.search.dataset.count) digits, \(result.search.folds.foldCount) folds"
    }

    /// The best candidate of each classifier, the best classifier on top.
    private var accuracy: Figure {
        let best = result.classifiers.compactMap { result.best(of: $0) }.sorted(by: result.isBetter)
        let rows = best.map { candidate in
            let classifier = result.search.space.rows[candidate.candidate].candidate.classifier
            let own = AccuracyChart.Measurement(mean: candidate.meanAccuracy ?? 0, standardDeviation: candidate.standardDeviation)
            return AccuracyChart.Row(
                name: StudyFigures.words(classifier), measurements: [own] + comparisons.map { $0.measurements[classifier] })
        }
        return AccuracyChart.figure(series: ["digitd"] + comparisons.map(\.name), rows: rows, note: foldsNote)
    }

    /// What the best candidate of all answered for every row while that row was held out.
    private var answers: (name: String, digits: [UInt8])? {
        guard let best = result.best() else { return nil }
        var digits = [UInt8](repeating: 0, count: result.search.dataset.count)
        for trial in best.trials {
            guard let trial, case .succeeded(let success) = trial.outcome else { return nil }
            for (row, digit) in zip(result.search.folds.testRows(fold: trial.fold), success.predictions) { digits[row] = digit }
        }
        let row = result.search.space.rows[best.candidate]
        return ("\(StudyFigures.words(row.candidate.classifier)), \(row.params)", digits)
    }

    private var confusion: Figure? {
        guard let answers else { return nil }
        let matrix = ConfusionMatrix(truth: result.search.dataset.labels, answers: answers.digits)
        return ConfusionChart.figure(matrix, note: "\(answers.name); \(matrix.total) digits, each held out once")
    }

    private var mistakes: Figure? {
        guard let answers else { return nil }
        let dataset = result.search.dataset
        let mistakes = answers.digits.indices.filter { answers.digits[$0] != dataset.labels[$0] }.map {
            DigitPictures.Mistake(bitmap: dataset.bitmaps[$0], row: $0, truth: dataset.labels[$0], answer: answers.digits[$0])
        }
        return DigitPictures.mistakes(mistakes, note: "\(answers.name): \(mistakes.count) of \(dataset.count), each while it was held out")
    }

    /// Accuracies of a classifier's candidates by the values of their hyperparameters.
    private func accuracies(
        of classifier: ClassifierName
    ) -> [(values: ParameterValues, accuracy: Double, standardDeviation: Double?)] {
        result.candidates.compactMap { candidate in
            let row = result.search.space.rows[candidate.candidate]
            guard row.candidate.classifier == classifier, let accuracy = candidate.meanAccuracy else { return nil }
            return (row.candidate.values, accuracy, candidate.standardDeviation)
        }
    }

    /// Accuracy over C and gamma, a panel a kernel; nil where only one C and gamma was tried.
    private var svmHeatMap: Figure? {
        let found = accuracies(of: .svm)
        let kernels = StudyFigures.distinct(found.compactMap { $0.values["kernel"] })
        let panels = kernels.compactMap { kernel -> HeatMapChart.Panel? in
            let ofKernel = found.filter { $0.values["kernel"] == kernel }
            let costs = StudyFigures.ascending(ofKernel.compactMap { $0.values["C"] })
            let gammas = StudyFigures.ascending(ofKernel.compactMap { $0.values["gamma"] })
            guard costs.count * gammas.count > 1 else { return nil }
            let values = gammas.map { gamma in
                costs.map { c in ofKernel.first { $0.values["gamma"] == gamma && $0.values["C"] == c }?.accuracy }
            }
            return HeatMapChart.Panel(
                name: "kernel \(kernel)", rows: gammas.map { StudyFigures.words($0) }, columns: costs.map { StudyFigures.words($0) },
                values: values)
        }
        guard !panels.isEmpty else { return nil }
        return HeatMapChart.figure(
            "svm-heat-map", title: "SVM accuracy over C and gamma, %", note: foldsNote, axes: ("gamma", "C"), panels: panels)
    }

    /// Accuracy over the number of trees, a curve a choice of the other hyperparameters; nil where only one number was tried.
    private var forestCurves: Figure? {
        let found = accuracies(of: .randomForest)
        var curves: [CurveChart.Curve] = []
        // `auto` is `sqrt` by another name.
        let shares = StudyFigures.distinct(found.compactMap { $0.values["max_features"] }).filter {
            $0 != .text("auto") || found.count == 1
        }
        for (index, share) in shares.enumerated() {
            for depth in StudyFigures.distinct(found.compactMap { $0.values["max_depth"] }) {
                let points = found.filter { $0.values["max_features"] == share && $0.values["max_depth"] == depth }
                    .compactMap { candidate -> CurveChart.Point? in
                        guard case .integer(let count)? = candidate.values["n_estimators"] else { return nil }
                        return CurveChart.Point(
                            x: Double(count), accuracy: candidate.accuracy, standardDeviation: candidate.standardDeviation)
                    }
                guard points.count > 1 else { continue }
                let style = ["first", "second", "third"][index % 3] + (depth == .null ? "" : " dashed")
                let limit = depth == .null ? "any depth" : "depth \(depth)"
                curves.append(
                    CurveChart.Curve(name: "max_features \(share), \(limit)", points: points.sorted { $0.x < $1.x }, style: style))
            }
        }
        guard !curves.isEmpty else { return nil }
        return CurveChart.figure(
            "forest-trees", title: "Random forest accuracy over the number of trees", note: foldsNote, xAxis: "trees", curves: curves)
    }

    private static func distinct(_ values: [ParameterValue]) -> [ParameterValue] {
        values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The values without repetition, by the number that they stand for; those that stand for none come last.
    private static func ascending(_ values: [ParameterValue]) -> [ParameterValue] {
        distinct(values).sorted { number($0) < number($1) }
    }

    private static func number(_ value: ParameterValue) -> Double {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number): number
        // scikit-learn's word for one by the number of features: the pixels, where nothing else was made of them.
        case .text("auto"): 1 / Double(Bitmap.pixelCount)
        case .null, .bool, .text: .infinity
        }
    }

    private static func words(_ classifier: ClassifierName) -> String {
        classifier == .svm ? "SVM" : classifier.rawValue.replacing("-", with: " ")
    }

    /// Whole numbers without a point.
    private static func words(_ value: ParameterValue) -> String {
        if case .number(let number) = value, number.magnitude >= 1e-4 { return FigureNumber.text(number, decimals: 6) }
        return "\(value)"
    }
}
