import Classifiers
import DigitAPI
import Digits
import Foundation
import ModelFiles
import ModelSelection

@testable import Experiments

/// A state folder of its own, gone with the last reference.
final class StoreFolder: Sendable {
    let path = FileManager.default.temporaryDirectory.appending(path: "digitd-store-\(UUID().uuidString)").path

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func store(
        limits: ExperimentStore.Limits = ExperimentStore.Limits(), at milliseconds: Int = 1_000, digitdVersion: String = "1.0.0"
    ) throws -> ExperimentStore {
        try ExperimentStore(
            folder: StateFolder(path: path), limits: limits, clock: { Timestamp(milliseconds: milliseconds) }, digitdVersion: digitdVersion)
    }
}

enum StoreFixture {
    static let rows = SyntheticDigits.dataset(rowCount: 60, seed: 4)

    static func request(_ text: String = #"{"dataset":"synthetic","folds":2,"search":[{"classifier":"gaussian-naive-bayes"}]}"#) throws
        -> ExperimentRequest
    {
        try ExperimentRequest(json: Array(text.utf8).span)
    }

    static func plan(_ text: String) throws -> ExperimentPlan { try ExperimentPlan(request(text), dataset: rows) }

    @discardableResult
    static func submit(_ text: String? = nil, to store: ExperimentStore, key: IdempotencyKey? = nil) throws -> Experiment {
        let request = try text.map { try StoreFixture.request($0) } ?? StoreFixture.request()
        let submission = try store.submit(
            request, dataset: ExperimentDescription.Dataset(name: "synthetic", sha256: rows.sha256, rows: rows.count), candidateCount: 1,
            trialCount: 2, key: key, answer: { Array("\($0.id)".utf8) })
        switch submission {
        case .new(let experiment): return experiment
        case .repeated(let id, _): return try store.experiment(id)
        }
    }

    /// A finished unit of a search of one candidate on two folds.
    static func advance(fold: Int) throws -> ExperimentStore.Advance {
        let plan = try plan(#"{"dataset":"synthetic","folds":2,"search":[{"classifier":"gaussian-naive-bayes"}]}"#)
        let trials = plan.search.trials(of: SearchUnit(candidates: [0], fold: fold, cost: 1))
        let row = plan.search.space.rows[0]
        return ExperimentStore.Advance(
            round: 0, trials: trials, best: BestCandidate(row, meanAccuracy: 0.5), secondsLeft: 1.5,
            events: trials.map { ExperimentUpdate.FinishedTrial($0, row: row, number: 0) })
    }

    static func version(_ number: Int, of classifier: ClassifierName = .svm, promotion: String? = nil) -> ExperimentStore.NewVersion {
        ExperimentStore.NewVersion(
            classifier: classifier, version: number,
            provenance: TrainingProvenance(
                dataset: SearchReport.Dataset(rows), seed: 1,
                crossValidation: TrainingProvenance.CrossValidation(folds: 2, accuracyMean: 0.5, accuracyStandardDeviation: 0.1),
                digitdVersion: "1.0.0"),
            promotion: promotion)
    }
}
