import Classifiers
import Files
import JSONText
import ModelSelection

/// One run of the study, from its journal to its report.
struct Study: Sendable {
    let search: GridSearch
    let folding: SearchReport.Folds.Kind
    let jobCount: Int
    let reportPath: String
    let isProfiled: Bool
    let isResumed: Bool

    private var journalPath: String { SearchJournal.path(besideReport: reportPath) }

    var interruptionMessage: String {
        "\ndigitd: interrupted; what has finished is in \(journalPath): the same command with --resume goes on from there\n"
    }

    /// - Throws: as `SearchJournal.init`.
    func openJournal() throws(SearchError) -> SearchJournal {
        let journal = try SearchJournal(path: journalPath, search: search, resuming: isResumed)
        if isResumed {
            StandardError.write(
                journal.finished.isEmpty
                    ? "digitd: no finished work in \(journalPath): beginning anew\n"
                    : "digitd: \(journal.finished.count) of \(search.trialCount) trials taken from \(journalPath)\n")
        }
        return journal
    }

    /// Searches, prints the table and writes the report; then the journal goes.
    func run(journal: SearchJournal) async throws -> SearchResult {
        let (result, timing) = try await search.runShowingProgress(jobCount: jobCount, journal: journal)
        let blocks = folding == .blocks ? nil : try await blocks(of: result)
        let profile = isProfiled ? try await profile() : nil
        let report = SearchReport(
            result, folding: folding, jobCount: jobCount, wallSeconds: timing.wallSeconds, resumedTrialCount: journal.finished.count,
            blocks: blocks, profile: profile)
        StandardOutput.write(StudyTable.text(of: report))
        StandardOutput.write("\(search.trialCount - journal.finished.count) trials in \(timing.wallSeconds.decimals(2)) s\n")
        if let profile { StandardOutput.write("\n" + ProfileTable.text(of: profile, isTheStudy: isTheStudy)) }
        for failure in report.errors.prefix(1) {
            StandardError.write("digitd: \(report.errors.count) trials failed, the first: \(failure.reason)\n")
        }
        try DurableFile.replace(reportPath, with: JSONWriter.line(of: report, .indented))
        journal.remove()
        StandardOutput.write("wrote \(reportPath)\n")
        return result
    }

    /// Nil where no candidate succeeded.
    private func blocks(of result: SearchResult) async throws -> BlocksReport? {
        guard result.best() != nil else { return nil }
        let blocks = try BlocksReport.search(of: result)
        return BlocksReport(try await blocks.runShowingProgress(jobCount: jobCount, title: "blocks").result, of: result)
    }

    private func profile() async throws -> SearchProfile {
        func measurement(_ search: GridSearch, _ name: String) async throws -> SearchProfile.Measurement {
            SearchProfile.Measurement(
                search: search,
                oneJob: try await search.runShowingProgress(jobCount: 1, title: "\(name), 1 job").timing,
                severalJobs: try await search.runShowingProgress(jobCount: jobCount, title: "\(name), \(jobCount) jobs").timing)
        }
        var parts: [SearchProfile.Measurement] = []
        for part in try search.searchesOfEachClassifier() {
            parts.append(try await measurement(part, part.space.rows[0].candidate.classifier.rawValue))
        }
        return SearchProfile(whole: try await measurement(search, "all"), parts: parts, jobCount: jobCount)
    }

    /// Whether the times are of what the study did: all of its candidates on its data.
    private var isTheStudy: Bool {
        guard let paper = try? SearchPreset.paper.space() else { return false }
        return StudyReference.applies(to: SearchReport.Dataset(search.dataset))
            && Set(paper.rows.map(\.candidate)) == Set(search.space.rows.map(\.candidate))
    }
}
