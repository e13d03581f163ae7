import Digits
import ModelSelection

/// What compression to principal components costs, as the terminal shows it.
enum CompressionTable {
    static func text(of levels: [CompressionStudy.Level], dataset: DigitDataset, width: Int?) -> String {
        let isSemeion = StudyReference.applies(to: SearchReport.Dataset(dataset))
        var columns: [(title: String, alignment: TextTable.Alignment)] = [
            ("variance", .right), ("components", .right), ("compression", .right), ("error a pixel", .right), ("best SVM", .left),
        ]
        if isSemeion { columns.append(("the study (2016)", .right)) }
        columns.append(("digitd", .right))
        var table = TextTable(columns)
        for level in levels {
            var cells = [
                "\((level.varianceShare * 100).decimals(0)) %", "\(level.components)", "\(level.compressionRatio.decimals(1)) : 1",
                level.reconstructionError.decimals(6), "C=\(level.C.decimals(1)) gamma=\(level.gamma.decimals(4))",
            ]
            if isSemeion {
                let known = StudyReference.reducedAccuracies.first { $0.varianceShare == level.varianceShare }
                cells.append(known.map { "\(($0.accuracy * 100).decimals(0)) %" } ?? "")
            }
            cells.append("\((level.meanTestScore * 100).decimals(2)) ± \(level.stdTestScore.percent)")
            table.append(cells)
        }
        return table.text(width: width)
    }
}
