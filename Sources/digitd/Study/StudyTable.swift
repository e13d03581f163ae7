import Classifiers
import ModelSelection

/// The best of each classifier, beside what the study and scikit-learn found where the data are theirs.
enum StudyTable {
    static func text(of report: SearchReport, width: Int?) -> String {
        let isSemeion = StudyReference.applies(to: report.dataset)
        let rows = report.cvResults.classifier.reduce(into: [ClassifierName]()) { if !$0.contains($1) { $0.append($1) } }
        var columns: [(title: String, alignment: TextTable.Alignment)] = [("classifier", .left), ("best parameters", .left)]
        if isSemeion { columns += [("the study (2016)", .right), ("scikit-learn 1.9", .right)] }
        columns.append(("digitd", .right))
        if report.blocks != nil { columns.append(("on blocks of rows", .right)) }
        let withoutBest = report.complete ? "failed" : "unfinished"
        var table = TextTable(columns)
        for classifier in rows {
            let best = report.best.first { $0.classifier == classifier }
            var cells = [classifier.rawValue, best?.params.description ?? ""]
            if isSemeion {
                let reference = StudyReference.line(of: classifier)
                cells.append(reference?.studyAccuracy.percent ?? "")
                cells.append(reference.map { accuracy($0.scikitAccuracy, $0.scikitStandardDeviation) } ?? "")
            }
            cells.append(best.map { accuracy($0.meanTestScore, $0.stdTestScore) } ?? withoutBest)
            if let blocks = report.blocks {
                cells.append(
                    blocks.best.first { $0.classifier == classifier }.map { accuracy($0.meanTestScore, $0.stdTestScore) } ?? "failed")
            }
            table.append(cells)
        }
        return table.text(width: width) + notes(report).wrapped(toWidth: width)
    }

    private static func accuracy(_ mean: Double, _ standardDeviation: Double) -> String {
        "\((mean * 100).decimals(2)) ± \(standardDeviation.percent)"
    }

    private static func notes(_ report: SearchReport) -> String {
        var text = ""
        if let best = report.best.first, let outOfFold = best.outOfFold {
            text +=
                "\(best.classifier.rawValue): \(outOfFold.correct) of \(outOfFold.rows) right out of fold, \(outOfFold.accuracy.percent); "
                + "95 % Wilson interval \(outOfFold.wilson95[0].percent) to \(outOfFold.wilson95[1].percent)\n"
        }
        if let comparison = report.comparison {
            text +=
                "\(comparison.first.classifier.rawValue) alone right on \(comparison.first.onlyThisCorrect) rows, "
                + "\(comparison.second.classifier.rawValue) alone on \(comparison.second.onlyThisCorrect); "
                + "McNemar's exact test, two-sided: p = \(comparison.pValue.twoSignificantDigits)\n"
        }
        return text + UnconvergedNote.text(of: report)
    }
}
