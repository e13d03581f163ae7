import Classifiers
import Digits

/// What a search tries: for each entry, every combination of the listed hyperparameter values.
///
/// The same vocabulary stands in grid files and in requests: a list of `classifier` and `grid`.
public struct SearchSpace: Hashable, Sendable {
    /// One classifier and the values to try of each of its hyperparameters.
    public struct Entry: Hashable, Sendable {
        public let classifier: ClassifierName
        /// Values by hyperparameter name; a hyperparameter that is not named keeps its default.
        public let grid: [String: [ParameterValue]]

        public init(classifier: ClassifierName, grid: [String: [ParameterValue]]) {
            self.classifier = classifier
            self.grid = grid
        }

        /// How many combinations there are; 1 for an empty grid.
        var candidateCount: Int {
            grid.values.reduce(1) { count, values in
                let (product, overflow) = count.multipliedReportingOverflow(by: values.count)
                return overflow ? .max : product
            }
        }
    }

    /// Candidates past which a search is refused.
    public static let largestCandidateCount = 10_000

    public let entries: [Entry]
    /// A candidate a row of the search, each with the values that its grid spelled out.
    public let rows: [Row]

    /// A candidate and the values by which its grid names it (`auto` stays `auto`, defaults stay unsaid).
    public struct Row: Hashable, Sendable {
        public let candidate: Candidate
        public let params: ParameterValues

        public init(candidate: Candidate, params: ParameterValues) {
            self.candidate = candidate
            self.params = params
        }
    }

    /// Expands the grids in scikit-learn's order: hyperparameters alphabetically, the last one changing fastest.
    ///
    /// - Throws: `SearchError.emptyGrid`, `.tooManyCandidates`, `.invalidCandidate`.
    public init(entries: [Entry]) throws(SearchError) {
        guard !entries.isEmpty else { throw .emptySearch }
        var candidateCount = 0
        for entry in entries {
            if let empty = entry.grid.filter({ $0.value.isEmpty }).keys.min() {
                throw .emptyGrid(classifier: entry.classifier, parameter: empty)
            }
            let (sum, overflow) = candidateCount.addingReportingOverflow(entry.candidateCount)
            guard !overflow, sum <= SearchSpace.largestCandidateCount else {
                throw .tooManyCandidates(found: overflow ? .max : sum, limit: SearchSpace.largestCandidateCount)
            }
            candidateCount = sum
        }
        var rows: [Row] = []
        rows.reserveCapacity(candidateCount)
        for entry in entries {
            for params in SearchSpace.combinations(of: entry.grid) {
                do throws(TrainingError) {
                    rows.append(Row(candidate: try Candidate(classifier: entry.classifier, values: params), params: params))
                } catch {
                    throw .invalidCandidate(classifier: entry.classifier, reason: error)
                }
            }
        }
        self.entries = entries
        self.rows = rows
    }

    /// A search of exactly these candidates, each an entry of its own.
    public init(rows: [Row]) {
        self.rows = rows
        entries = rows.map { row in
            Entry(
                classifier: row.candidate.classifier,
                grid: Dictionary(uniqueKeysWithValues: row.params.names.map { ($0, [row.params[$0] ?? .null]) }))
        }
    }

    private static func combinations(of grid: [String: [ParameterValue]]) -> [ParameterValues] {
        grid.keys.sorted().reduce([ParameterValues()]) { partial, name in
            partial.flatMap { values in
                (grid[name] ?? []).map { value in
                    var extended = values
                    extended[name] = value
                    return extended
                }
            }
        }
    }
}

extension SearchSpace {
    /// Random search: some of the candidates, each choice of that many equally likely.
    ///
    /// Bergstra, Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 13 (2012): where few hyperparameters matter, candidates drawn
    /// at random try more values of those than a coarser grid of the same size. Here they are drawn from a grid, without replacement,
    /// so that no work is done twice.
    /// - Parameters:
    ///   - count: how many, 1 or more; all of them where there are no more.
    ///   - seed: decides, with the number of candidates and nothing else, which ones.
    /// - Returns: the candidates drawn, in the order that they have here.
    public func drawing(_ count: Int, seed: UInt64) -> SearchSpace {
        precondition(count >= 1, "a search needs a candidate")
        var numbers = Array(rows.indices)
        var stream = RandomStream(seed: seed, purpose: .candidateSampling)
        stream.shuffle(&numbers)
        return SearchSpace(rows: numbers.prefix(count).sorted().map { rows[$0] })
    }
}
