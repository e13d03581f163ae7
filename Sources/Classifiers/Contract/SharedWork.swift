import Digits

/// Work that the candidates of a group have in common on one fold: a kernel matrix, the trees of the largest forest, the counts of pixels.
///
/// A classifier whose candidates share work gives its parameters a `sharingKey`, keeps the common work in a type of this protocol, and
/// evaluates groups by `outcomes(of:in:split:)`. That goes three steps: `prepare` does what the whole group needs; `fit` does, for each
/// part of the group, what its candidates need beyond that; `predictions` lets them answer. Sharing is an optimisation only: what a
/// candidate answers, and what it refuses, is the same as if it were fitted alone. Clocks are read here, and nowhere else.
protocol SharedWork<Parameters> {
    associatedtype Parameters: ClassifierParameters
    /// What candidates have in common that are fitted and answer together.
    associatedtype PartKey: Hashable
    /// What answers for the candidates of a part.
    associatedtype Predictor

    /// Does what all candidates of a group need. Its time counts as fitting, an equal part for each of them.
    ///
    /// - Parameter group: candidates with equal sharing keys, in any order; one or more.
    /// - Throws: what would end `fit` of each of them.
    static func prepare(_ group: [Parameters], in context: EvaluationContext, split: TrainTestSplit) throws(TrainingError) -> Self

    /// Checks a candidate against the training rows, where it may fail though others of its group do not. By default none fails.
    ///
    /// - Throws: what `fit` of it alone throws.
    func validate(_ candidate: Parameters) throws(TrainingError)

    /// The part of its group that a candidate belongs to. By default the whole group is one.
    static func part(of candidate: Parameters) -> PartKey

    /// Does what one part needs beyond the common work. Its time counts as fitting of these candidates.
    ///
    /// - Parameter part: valid candidates with equal keys, one or more.
    func fit(_ part: [Parameters]) throws(TrainingError) -> Predictor

    /// What each candidate of a part answers. Its time counts as scoring of these candidates.
    ///
    /// - Returns: as many predictions as candidates, in the same order, each of all bitmaps in their order.
    func predictions(
        of part: [Parameters], by predictor: Predictor, for bitmaps: [Bitmap], withProbabilities: Bool
    ) throws(TrainingError) -> [FoldPredictions]
}

extension SharedWork {
    func validate(_ candidate: Parameters) throws(TrainingError) {}

    static func part(of candidate: Parameters) -> ParameterValues { candidate.sharingKey }

    /// Evaluates a group: an outcome a candidate, in their order.
    static func outcomes(of group: [Parameters], in context: EvaluationContext, split: TrainTestSplit) -> [FoldOutcome] {
        if group.isEmpty { return [] }
        var timer = FoldTimer(candidateCount: group.count)
        var predictions = [Result<FoldPredictions, TrainingError>?](repeating: nil, count: group.count)
        do throws(TrainingError) {
            let work = try timer.fitting(group.indices) { () throws(TrainingError) in try prepare(group, in: context, split: split) }
            let bitmaps = split.testRows.map { context.dataset.bitmaps[$0] }
            for part in parts(of: group) {
                let valid = part.filter { candidate in
                    let check = Result { () throws(TrainingError) in try work.validate(group[candidate]) }
                    if case .failure(let error) = check { predictions[candidate] = .failure(error) }
                    return predictions[candidate] == nil
                }
                if valid.isEmpty { continue }
                let candidates = valid.map { group[$0] }
                do throws(TrainingError) {
                    if Task.isCancelled { throw .cancelled }
                    let predictor = try timer.fitting(valid) { () throws(TrainingError) in try work.fit(candidates) }
                    let answers = try timer.scoring(valid) { () throws(TrainingError) in
                        try work.predictions(
                            of: candidates, by: predictor, for: bitmaps, withProbabilities: context.wantsProbabilities)
                    }
                    for (candidate, answer) in zip(valid, answers) { predictions[candidate] = .success(answer) }
                } catch {
                    for candidate in valid { predictions[candidate] = .failure(error) }
                }
            }
        } catch {
            predictions = group.map { _ in .failure(error) }
        }
        return group.indices.map { candidate in
            guard let found = predictions[candidate] else { preconditionFailure("a prediction for each candidate of a part") }
            return FoldOutcome(
                predictions: found, fitDuration: timer.fitDurations[candidate], scoreDuration: timer.scoreDurations[candidate])
        }
    }

    /// Places in the group, part after part in the order of their first candidates.
    private static func parts(of group: [Parameters]) -> [[Int]] {
        var partOfKey: [PartKey: Int] = [:]
        var parts: [[Int]] = []
        for (candidate, parameters) in group.enumerated() {
            let key = part(of: parameters)
            if let place = partOfKey[key] {
                parts[place].append(candidate)
            } else {
                partOfKey[key] = parts.count
                parts.append([candidate])
            }
        }
        return parts
    }
}

extension SharedWork where Predictor == Parameters.Model {
    /// What the model of a part answers is what all its candidates answer.
    func predictions(of part: [Parameters], by model: Parameters.Model, for bitmaps: [Bitmap], withProbabilities: Bool) -> [FoldPredictions]
    {
        let predictions = FoldPredictions(of: model, for: bitmaps, withProbabilities: withProbabilities)
        return part.map { _ in predictions }
    }
}

/// The seconds of a fold, shared out among the candidates of a group: what several need counts as an equal part for each.
private struct FoldTimer {
    private(set) var fitDurations: [Duration]
    private(set) var scoreDurations: [Duration]
    private let clock = ContinuousClock()

    init(candidateCount: Int) {
        fitDurations = [Duration](repeating: .zero, count: candidateCount)
        scoreDurations = fitDurations
    }

    /// Does work that these candidates need to be fitted.
    mutating func fitting<Value>(
        _ sharers: some Collection<Int>, _ work: () throws(TrainingError) -> Value
    ) throws(TrainingError) -> Value {
        try measured(\.fitDurations, sharers, work)
    }

    /// Does work by which these candidates answer.
    mutating func scoring<Value>(
        _ sharers: some Collection<Int>, _ work: () throws(TrainingError) -> Value
    ) throws(TrainingError) -> Value {
        try measured(\.scoreDurations, sharers, work)
    }

    private mutating func measured<Value>(
        _ durations: WritableKeyPath<FoldTimer, [Duration]>, _ sharers: some Collection<Int>, _ work: () throws(TrainingError) -> Value
    ) throws(TrainingError) -> Value {
        let start = clock.now
        defer {
            let share = (clock.now - start) / sharers.count
            for candidate in sharers { self[keyPath: durations][candidate] += share }
        }
        return try work()
    }
}

/// What candidates that share nothing do: each is fitted by itself, and equal ones once.
struct SeparateWork<Parameters: ClassifierParameters>: SharedWork {
    private let dataset: DigitDataset
    private let split: TrainTestSplit

    static func prepare(_ group: [Parameters], in context: EvaluationContext, split: TrainTestSplit) -> SeparateWork {
        SeparateWork(dataset: context.dataset, split: split)
    }

    static func part(of candidate: Parameters) -> Parameters { candidate }

    func fit(_ part: [Parameters]) throws(TrainingError) -> Parameters.Model {
        try part[0].fit(dataset, rows: split.trainingRows, seed: split.seed)
    }
}
