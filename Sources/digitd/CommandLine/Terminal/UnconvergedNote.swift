import Classifiers
import ModelSelection

/// The candidates of a report whose training a limit ended, in words.
enum UnconvergedNote {
    /// Candidates named at most.
    private static let shownCount = 5

    /// Empty where all converged.
    static func text(of report: SearchReport) -> String {
        let candidates = report.unconverged ?? []
        var lines = candidates.prefix(shownCount).map { candidate in
            let folds = "\(candidate.folds.count) of \(report.folds.count) folds"
            return "not converged in \(folds): \(report.cvResults.classifier[candidate.index].rawValue) "
                + "\(report.cvResults.params[candidate.index])\n"
        }
        if candidates.count > shownCount {
            lines.append("not converged either: \(candidates.count - shownCount) more, which the report lists as unconverged\n")
        }
        return lines.joined()
    }
}
