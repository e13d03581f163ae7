import Classifiers
import Digits
import ModelSelection

/// The work of an experiment: which candidates are measured on which rows, in which rounds.
///
/// It follows from request and rows alone, so that a server that was killed in the middle makes the same plan again.
public struct ExperimentPlan: Sendable {
    let request: ExperimentRequest
    /// All candidates on all rows. The trials of the last round are trials of this search.
    let search: GridSearch
    let foldKind: SearchReport.Folds.Kind
    private let halving: SuccessiveHalving

    /// - Parameters:
    ///   - space: the request's, expanded; nil to expand it here.
    ///   - dataset: the rows that the request names.
    /// - Throws: `ExperimentRequestError` for a search that cannot be expanded and for folds that do not fit the rows,
    ///   `ExperimentsError.tooFewClasses`.
    init(_ request: ExperimentRequest, space: SearchSpace? = nil, dataset: DigitDataset) throws {
        guard dataset.classes.count >= 2 else { throw ExperimentsError.tooFewClasses(dataset: request.dataset.description) }
        self.request = request
        let folds: FoldAssignment
        do throws(DigitsError) {
            (folds, foldKind) = try ExperimentPlan.folds(of: request, dataset: dataset)
        } catch {
            throw ExperimentRequestError.invalidFolds(error)
        }
        let space = try space ?? request.space()
        do throws(SearchError) {
            search = try GridSearch(space: space, dataset: dataset, folds: folds, seed: request.seed)
        } catch .foldRowCount(let found, let expected) {
            throw ExperimentRequestError.invalidFolds(.foldRowCountMismatch(expected: expected, found: found))
        } catch {
            throw ExperimentRequestError.invalidSearch(error)
        }
        halving = SuccessiveHalving(
            candidateCounts: request.selection == .halving ? ExperimentPlan.classifierCounts(of: search) : [1],
            rowCount: dataset.count, foldCount: folds.foldCount)
        do throws(DigitsError) {
            // Of two folds that are given, one may be so small that none of its rows are in the first round, which has the fewest.
            _ = try folds.selecting(rows: halving.rows(ofRound: 0, labels: dataset.labels, folds: folds, seed: request.seed))
        } catch {
            throw ExperimentRequestError.invalidFolds(error)
        }
    }

    private static func folds(
        of request: ExperimentRequest, dataset: DigitDataset
    ) throws(DigitsError) -> (FoldAssignment, SearchReport.Folds.Kind) {
        switch request.folds {
        case .count(let count, .stratified):
            (try .stratified(labels: dataset.labels, foldCount: count, seed: request.seed), .stratified)
        case .count(let count, .blocks): (try .blocks(rowCount: dataset.count, foldCount: count), .blocks)
        case .leaveOneOut: (try .leaveOneOut(rowCount: dataset.count), .leaveOneOut)
        case .assignment(let assignment): (assignment, .file)
        }
    }

    /// How many candidates each classifier has.
    private static func classifierCounts(of search: GridSearch) -> [Int] {
        search.space.rows.reduce(into: [ClassifierName: Int]()) { $0[$1.candidate.classifier, default: 0] += 1 }.values.sorted()
    }

    public var candidateCount: Int { search.space.rows.count }

    /// Trials of all rounds, if no candidate fails.
    public var trialCount: Int {
        guard isHalving else { return search.trialCount }
        return halving.candidateCounts(of: ExperimentPlan.classifierCounts(of: search)).reduce(0, +) * search.folds.foldCount
    }

    /// Trials of all rounds, as far as they are known: candidates that have failed in one do not go on to the next.
    ///
    /// - Parameters:
    ///   - earlier: the rounds that are over.
    ///   - next: the one that follows, of whose candidates none is taken to fail; nil where none does.
    func trialCount(earlier: [RoundResult], next: Round?) -> Int {
        let past = earlier.reduce(0) { $0 + $1.round.search.trialCount }
        guard let next else { return past }
        let later = halving.candidateCounts(of: ExperimentPlan.classifierCounts(of: next.search), fromRound: next.number).dropFirst()
        return past + next.search.trialCount + later.reduce(0, +) * search.folds.foldCount
    }

    var isHalving: Bool { request.selection == .halving }

    /// Rounds that measure the experiment's candidates; one for a search without halving.
    var roundCount: Int { halving.rowCounts.count }

    /// The rows of the rounds before the last, on which candidates are let go; none where there is one round.
    var rowsOfEarlierRounds: [Int] {
        guard roundCount > 1 else { return [] }
        return halving.rows(ofRound: roundCount - 2, labels: search.dataset.labels, folds: search.folds, seed: search.seed)
    }

    /// One search of the plan.
    struct Round: Sendable {
        let number: Int
        let search: GridSearch
        /// The number that each of its candidates has in the whole search.
        let candidates: [Int]
        /// The rows of the whole data set that it has; nil for all.
        let rows: [Int]?
    }

    /// - Parameter candidates: numbers of the candidates that the round has, ascending.
    func round(_ number: Int, candidates: [Int]) throws(SearchError) -> Round {
        let isWhole = number == roundCount - 1
        guard !isWhole || candidates.count < candidateCount else {
            return Round(number: number, search: search, candidates: candidates, rows: nil)
        }
        let space = SearchSpace(rows: candidates.map { search.space.rows[$0] })
        guard !isWhole else {
            let search = try GridSearch(space: space, dataset: search.dataset, folds: search.folds, seed: search.seed)
            return Round(number: number, search: search, candidates: candidates, rows: nil)
        }
        let rows = halving.rows(ofRound: number, labels: search.dataset.labels, folds: search.folds, seed: search.seed)
        let folds: FoldAssignment
        do throws(DigitsError) {
            folds = try search.folds.selecting(rows: rows)
        } catch {
            // The rows of the first round lie in two folds or more, or there would be no plan, and are among those of every other round.
            throw .foldRowCount(found: rows.count, expected: search.dataset.count)
        }
        let dataset = search.dataset.selecting(rows: rows, name: search.dataset.name)
        let partial = try GridSearch(space: space, dataset: dataset, folds: folds, seed: search.seed)
        return Round(number: number, search: partial, candidates: candidates, rows: rows)
    }

    /// Every candidate in the first round, then those that the round before has kept; nil after the last round.
    ///
    /// - Parameter result: what came of the round before; nil for the first.
    func round(after result: RoundResult?) throws(SearchError) -> Round? {
        guard let result else { return try round(0, candidates: Array(search.space.rows.indices)) }
        guard result.round.number + 1 < roundCount else { return nil }
        let kept = SuccessiveHalving.kept(of: result.result).map { result.round.candidates[$0] }
        return kept.isEmpty ? nil : try round(result.round.number + 1, candidates: kept)
    }
}

/// A round with its trials.
struct RoundResult: Sendable {
    let round: ExperimentPlan.Round
    let trials: [Trial]

    var result: SearchResult { SearchResult(search: round.search, trials: trials) }

    var isComplete: Bool { trials.count == round.search.trialCount }

    /// The trials as those of the whole search, whose candidates have other numbers; for a round that has all rows.
    var trialsOfWhole: [Trial] {
        trials.map { Trial(candidate: round.candidates[$0.candidate], fold: $0.fold, outcome: $0.outcome) }
    }
}
