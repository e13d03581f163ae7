import Classifiers
import ModelSelection

extension GridSearch {
    /// Runs the search behind a progress bar.
    ///
    /// - Parameter journal: takes every finished unit, and gives those of an earlier run.
    /// - Returns: what came of it, and how long that took.
    func runShowingProgress(
        jobCount: Int, title: String = "", journal: SearchJournal? = nil
    ) async throws(SearchError) -> (result: SearchResult, timing: SearchTiming) {
        let earlier = journal?.finished ?? []
        let bar = ProgressBar(total: trialCount, unit: "trials", title: title)
        defer { bar.finish() }
        var leader = SearchLeader(search: self)
        _ = leader.leader(after: earlier)
        bar.advance(by: earlier.count)
        var remaining = RemainingTime(search: self, jobCount: jobCount, finished: earlier)
        var timing = SearchTiming()
        let trials = try await run(jobCount: jobCount, finished: earlier) { unit throws(SearchError) in
            try journal?.record(unit)
            timing.record(unit)
            let best = leader.leader(after: unit.trials)
            bar.advance(
                by: unit.trials.count, best: best.map { "\($0.row.candidate.classifier.rawValue) \($0.meanAccuracy.percent)" },
                secondsLeft: remaining.secondsLeft(after: unit))
        }
        timing.finish()
        return (SearchResult(search: self, trials: trials), timing)
    }
}

extension SearchResult {
    /// Why no candidate of a classifier succeeded on every fold.
    func failure(of classifier: ClassifierName) -> SearchError {
        let reason = candidates.lazy
            .filter { search.space.rows[$0.candidate].candidate.classifier == classifier }
            .compactMap(\.failureReason).first
        return .nothingSucceeded(classifier: classifier, reason: reason ?? "there were none")
    }
}
