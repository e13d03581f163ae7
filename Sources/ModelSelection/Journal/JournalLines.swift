import Digits
import JSONText

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The first line of a journal.
struct JournalHeader: Codable {
    private static let format = "digitd-journal"
    private static let formatVersion = 1

    private let format: String
    private let formatVersion: Int
    let identity: SearchIdentity

    init(identity: SearchIdentity) {
        format = JournalHeader.format
        formatVersion = JournalHeader.formatVersion
        self.identity = identity
    }

    /// Nil for a line that is not the first of a journal of this version.
    init?(line: some Sequence<UInt8>) {
        guard let header = try? JSONDecoder().decode(JournalHeader.self, from: Data(line)),
            header.format == JournalHeader.format, header.formatVersion == JournalHeader.formatVersion
        else { return nil }
        self = header
    }

    func line() throws(SearchError) -> [UInt8] { try JournalText.line(of: self) }
}

/// The other lines: the trials of one finished unit. They are also what worker processes answer.
public struct JournalUnit: Codable, Sendable {
    private let trials: [Line]

    fileprivate struct Line: Codable, Sendable {
        let candidate: Int
        let fold: Int
        /// A digit a test row, without anything between; nil where the trial failed.
        let predictions: String?
        let fitSeconds: Double?
        let scoreSeconds: Double?
        /// Nil where the training converged, which is the rule.
        let converged: Bool?
        /// Why there are no predictions.
        let failure: String?
    }

    public init(_ trials: [Trial]) {
        self.trials = trials.map { trial in
            switch trial.outcome {
            case .succeeded(let success):
                Line(
                    candidate: trial.candidate, fold: trial.fold,
                    predictions: String(decoding: success.predictions.map { $0 + UInt8(ascii: "0") }, as: UTF8.self),
                    fitSeconds: success.fitSeconds, scoreSeconds: success.scoreSeconds, converged: success.hasConverged ? nil : false,
                    failure: nil)
            case .failed(let reason):
                Line(
                    candidate: trial.candidate, fold: trial.fold, predictions: nil, fitSeconds: nil, scoreSeconds: nil, converged: nil,
                    failure: reason)
            }
        }
    }

    private init(lines: [Line]) { trials = lines }

    public var trialCount: Int { trials.count }

    /// The trials that did not fail.
    public var succeeded: JournalUnit { JournalUnit(lines: trials.filter { $0.failure == nil }) }

    func line() throws(SearchError) -> [UInt8] { try JournalText.line(of: self) }

    /// The trials, of the candidates of a unit in their order; nil where they are not that, or not whole.
    public func trials(of unit: SearchUnit, search: GridSearch) -> [Trial]? {
        guard trials.map(\.candidate) == unit.candidates, trials.allSatisfy({ $0.fold == unit.fold }) else { return nil }
        let truth = search.folds.testRows(fold: unit.fold).map { search.dataset.labels[$0] }
        let outcomes = trials.compactMap { $0.outcome(truth: truth) }
        guard outcomes.count == trials.count else { return nil }
        return zip(unit.candidates, outcomes).map { Trial(candidate: $0, fold: unit.fold, outcome: $1) }
    }

    /// The trials of all units, in their order.
    ///
    /// - Parameters:
    ///   - file: what errors call the place that the units come from.
    ///   - firstLine: the number that errors give the first unit.
    /// - Throws: `SearchError.journalDamaged` for what is not the trials of this search, each once.
    public static func trials(
        of units: [JournalUnit], search: GridSearch, file: String, firstLine: Int = 1
    ) throws(SearchError) -> [Trial] {
        let truth = (0..<search.folds.foldCount).map { fold in search.folds.testRows(fold: fold).map { search.dataset.labels[$0] } }
        var seen = [Set<Int>](repeating: [], count: search.folds.foldCount)
        var trials: [Trial] = []
        for (index, unit) in units.enumerated() {
            func damaged(_ reason: String) -> SearchError { .journalDamaged(file: file, line: firstLine + index, reason: reason) }
            for trial in unit.trials {
                guard search.space.rows.indices.contains(trial.candidate) else { throw damaged("there is no candidate \(trial.candidate)") }
                guard seen.indices.contains(trial.fold) else { throw damaged("there is no fold \(trial.fold)") }
                guard seen[trial.fold].insert(trial.candidate).inserted else {
                    throw damaged("candidate \(trial.candidate) stands twice for fold \(trial.fold)")
                }
                guard let outcome = trial.outcome(truth: truth[trial.fold]) else {
                    throw damaged("the predictions of candidate \(trial.candidate) are not \(truth[trial.fold].count) digits")
                }
                trials.append(Trial(candidate: trial.candidate, fold: trial.fold, outcome: outcome))
            }
        }
        return trials
    }

    /// The units of a journal.
    ///
    /// - Parameter lines: the second line of the file and on.
    /// - Throws: `SearchError.journalDamaged`.
    static func units(of lines: [some Sequence<UInt8>], file: String) throws(SearchError) -> [JournalUnit] {
        var units: [JournalUnit] = []
        for (index, line) in lines.enumerated() {
            guard let unit = try? JSONDecoder().decode(JournalUnit.self, from: Data(line)) else {
                throw .journalDamaged(file: file, line: index + 2, reason: "not the trials of a unit")
            }
            units.append(unit)
        }
        return units
    }
}

extension JournalUnit.Line {
    fileprivate func outcome(truth: [UInt8]) -> Trial.Outcome? {
        if let failure { return .failed(reason: failure) }
        guard let predictions, let fitSeconds, let scoreSeconds else { return nil }
        let digits = predictions.utf8.map { $0 &- UInt8(ascii: "0") }
        guard digits.count == truth.count, digits.allSatisfy({ $0 < DigitDataset.classCount }) else { return nil }
        return .succeeded(
            Trial.Success(
                predictions: digits, truth: truth, fitSeconds: fitSeconds, scoreSeconds: scoreSeconds, hasConverged: converged ?? true))
    }
}

private enum JournalText {
    /// - Throws: `SearchError.journalUnwritable` for a number that is not finite.
    static func line(of value: some Encodable) throws(SearchError) -> [UInt8] {
        do throws(JSONTextError) {
            return try JSONWriter.line(of: value)
        } catch {
            throw .journalUnwritable(file: "the journal", reason: "\(error)")
        }
    }
}
