import DigitAPI
import DigitClient

/// Experiments in words, for the terminal.
enum ExperimentText {
    /// A row an experiment.
    static func table(of experiments: [ExperimentDescription], width: Int?) -> String {
        var table = TextTable([
            ("id", .left), ("name", .left), ("state", .left), ("%", .right), ("best", .left), ("created", .left),
        ])
        for experiment in experiments {
            let cells = [
                experiment.id.description, experiment.name ?? "", experiment.state.rawValue, experiment.progress.percent.decimals(0),
                experiment.best.map(score) ?? "", experiment.created,
            ]
            table.append(cells)
        }
        return table.text(width: width)
    }

    /// What is about to be watched, in a line: `01K… (letters): semeion, 1593 rows; 18 candidates, 180 trials`.
    static func heading(of experiment: ExperimentDescription) -> String {
        let progress = experiment.progress
        let title = experiment.id.description + (experiment.name.map { " (\($0))" } ?? "")
        let line =
            "\(title): \(experiment.dataset.name), \(experiment.dataset.rows) rows; "
            + "\(progress.candidateCount) \(noun("candidate", progress.candidateCount)), \(progress.trialCount) \(noun("trial", progress.trialCount))"
        return line.printable
    }

    /// A state in a line, with the reason of a failure.
    static func state(_ state: ExperimentState, failure: String?) -> String {
        (state.rawValue + (failure.map { ": \($0)" } ?? "")).printable
    }

    /// What came of an experiment that has ended.
    static func summary(of experiment: ExperimentDescription) -> String {
        let progress = experiment.progress
        var lines = ["\(experiment.id) \(state(experiment.state, failure: experiment.failure))"]
        lines.append(
            "\(progress.finishedTrialCount) of \(progress.trialCount) \(noun("trial", progress.trialCount))"
                + (progress.failedTrialCount > 0 ? ", \(progress.failedTrialCount) failed" : ""))
        if let best = experiment.best {
            let params = best.params.description
            lines.append("best: \(best.classifier.rawValue)\(params.isEmpty ? "" : " " + params), \(best.meanTestScore.percent)")
        }
        for model in experiment.models {
            lines.append("\(model.classifier.rawValue): \(model.decision)")
        }
        return lines.map(\.printable).joined(separator: "\n") + "\n"
    }

    /// `svm 96.11 %`
    static func score(_ best: BestCandidate) -> String {
        "\(best.classifier.rawValue) \(best.meanTestScore.percent)".printable
    }

    private static func noun(_ singular: String, _ count: Int) -> String {
        count == 1 ? singular : singular + "s"
    }
}
