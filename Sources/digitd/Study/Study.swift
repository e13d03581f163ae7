import Classifiers
import Files
import JSONText
import ModelSelection

/// One run of the study, from its journal to its report.
struct Study: Sendable {
    let search: GridSearch
    let folding: SearchReport.Folds.Kind
    let jobCount: Int
    let report: OutputFile
    let outputs: SearchOutputs
    let isProfiled: Bool
    let isResumed: Bool

    /// A report's own folder is where its journal stands, unless there is none: for standard output, or a device.
    private var journalPath: String {
        let isFile = !report.isStandardOutput && !DurableFile.isWrittenInPlace(report.path)
        return SearchJournal.path(besideReport: isFile ? report.path : Study.standardReportPath)
    }

    var narration: Narration { outputs.narration(beside: report) }

    static let standardReportPath = "state/study-report.json"

    /// Makes sure that everything can be written: before hours of work, not after.
    func requireWritable() throws {
        try report.requireWritable()
        try outputs.requireWritable(beside: report)
        try DurableFile.requireReplaceable(journalPath)
    }

    var interruptionMessage: String {
        "interrupted; what has finished is in \(journalPath): the same command with --resume goes on from there"
    }

    /// - Throws: as `SearchJournal.init`.
    func openJournal() throws(SearchError) -> SearchJournal {
        let journal = try SearchJournal(path: journalPath, search: search, resuming: isResumed)
        if isResumed {
            let path = journalPath.printable
            Narration.standardError.write(
                journal.finished.isEmpty
                    ? "digitd: no finished work in \(path): beginning anew\n"
                    : "digitd: \(journal.finished.count) of \(search.trialCount) trials taken from \(path)\n")
        }
        return journal
    }

    /// Searches, prints the table and writes the report; then the journal goes.
    func run(journal: SearchJournal) async throws -> SearchResult {
        let (result, timing) = try await search.runShowingProgress(jobCount: jobCount, journal: journal)
        let blocks = folding == .blocks ? nil : try await blocks(of: result)
        let profile = isProfiled ? try await profile() : nil
        let document = SearchReport(
            result, folding: folding, jobCount: jobCount, wallSeconds: timing.wallSeconds, resumedTrialCount: journal.finished.count,
            blocks: blocks, profile: profile)
        narration.write(StudyTable.text(of: document, width: narration.width))
        narration.write("\(search.trialCount - journal.finished.count) trials in \(timing.wallSeconds.decimals(2)) s\n")
        if let profile { narration.write("\n" + ProfileTable.text(of: profile, isTheStudy: isTheStudy, width: narration.width)) }
        for failure in document.errors.prefix(1) {
            Narration.standardError.write("digitd: \(document.errors.count) trials failed, the first: \(failure.reason)\n")
        }
        try report.write(JSONWriter.line(of: document, .indented), saidTo: narration)
        try outputs.write(result, narration: narration)
        journal.remove()
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
