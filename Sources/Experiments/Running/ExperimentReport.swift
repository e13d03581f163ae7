import DigitAPI
import ModelSelection

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The report of an experiment: the document of `digitd study`, and which experiment it is and what became of its models.
struct ExperimentReport: Encodable {
    private let report: SearchReport
    private let about: About

    /// What the report says of the experiment itself.
    private struct About: Encodable {
        let id: ExperimentID
        let request: NewExperiment
        let models: [PromotionDecision]
    }

    private enum CodingKeys: CodingKey { case experiment }

    /// - Parameters:
    ///   - rounds: what has been measured so far, in the order of the rounds.
    ///   - runSeconds: how long the experiment ran so far, all runs of the server together.
    ///   - resumedTrialCount: trials that earlier runs had finished when the last one began.
    init(
        _ plan: ExperimentPlan, of id: ExperimentID, rounds: [RoundResult], decisions: [PromotionDecision], workerCount: Int,
        runSeconds: Double, resumedTrialCount: Int
    ) {
        report = SearchReport(
            ExperimentReport.result(of: plan, rounds: rounds), folding: plan.foldKind, jobCount: workerCount, wallSeconds: runSeconds,
            resumedTrialCount: resumedTrialCount,
            rounds: plan.isHalving ? rounds.map { HalvingRound($0.result, candidates: $0.round.candidates) } : nil,
            complete: rounds.last.map { $0.isComplete && $0.round.number == plan.roundCount - 1 } ?? false)
        about = About(id: id, request: plan.request.wire, models: decisions)
    }

    /// What the rounds say of the whole search: the trials of the last round, where there is one on all rows.
    static func result(of plan: ExperimentPlan, rounds: [RoundResult]) -> SearchResult {
        let last = rounds.last.flatMap { $0.round.number == plan.roundCount - 1 ? $0 : nil }
        return SearchResult(search: plan.search, trials: last?.trialsOfWhole ?? [])
    }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(about, forKey: .experiment)
    }

    /// - Throws: `ExperimentsError.databaseFailed` for a number that is not finite, of which a report has none.
    func document() throws(ExperimentsError) -> [UInt8] {
        Array(try StoredJSON.text(of: self).utf8) + [UInt8(ascii: "\n")]
    }
}
