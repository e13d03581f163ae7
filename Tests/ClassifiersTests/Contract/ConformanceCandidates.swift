import Digits
import Foundation

@testable import Classifiers

/// What the conformance suite fits: a few small candidates of each classifier, with groups among them that share work.
enum ConformanceCandidates {
    /// By the classifier's spelling; a classifier that is not here is tried with its defaults.
    private static let values: [String: [[String: ParameterValue]]] = [
        "svm": [
            [:], ["C": .number(0.1)], ["C": .integer(10), "gamma": .number(0.03)], ["C": .integer(5), "gamma": .number(0.03)],
            ["C": .number(0.1), "kernel": .text("linear")], ["C": .integer(10), "kernel": .text("linear"), "gamma": .text("auto")],
            ["C": .integer(2), "tol": .number(0.1)],
            ["kernel": .text("poly"), "degree": .integer(2), "coef0": .integer(1)],
            ["C": .integer(2), "kernel": .text("poly"), "degree": .integer(2), "coef0": .integer(1), "break_ties": .bool(true)],
            ["class_weight": .text("balanced"), "C": .number(0.1)],
        ],
        "random-forest": [
            ["n_estimators": .integer(9)], ["n_estimators": .integer(4), "max_depth": .integer(3)],
            ["n_estimators": .integer(6), "max_depth": .integer(3)],
            ["n_estimators": .integer(5), "max_features": .text("log2"), "criterion": .text("entropy")],
            ["n_estimators": .integer(5), "bootstrap": .bool(false)],
            ["n_estimators": .integer(5), "max_leaf_nodes": .integer(6), "min_samples_split": .number(0.1)],
            ["n_estimators": .integer(3), "max_leaf_nodes": .integer(6), "min_samples_split": .number(0.1)],
        ],
        "decision-tree": [
            [:], ["max_depth": .integer(4)], ["max_depth": .integer(2)],
            ["criterion": .text("entropy"), "max_features": .text("sqrt"), "min_samples_leaf": .integer(3)],
            ["ccp_alpha": .number(0.02), "min_samples_leaf": .number(0.02)],
        ],
        "adaboost": [
            [:], ["n_estimators": .integer(20)], ["n_estimators": .integer(1)],
            ["n_estimators": .integer(30), "learning_rate": .number(0.5)],
        ],
        "k-nearest-neighbors": [
            [:], ["n_neighbors": .integer(1), "p": .number(1.5)], ["n_neighbors": .integer(8), "algorithm": .text("kd_tree")],
            ["n_neighbors": .integer(6), "weights": .text("distance")], ["n_neighbors": .integer(3), "weights": .text("distance")],
        ],
        "multinomial-naive-bayes": [[:], ["alpha": .integer(0)], ["alpha": .number(0.1), "fit_prior": .bool(false)]],
        "gaussian-naive-bayes": [[:], ["var_smoothing": .number(0.01)]],
        "bernoulli-naive-bayes": [[:], ["alpha": .integer(0)], ["alpha": .number(0.1), "fit_prior": .bool(false)]],
        "logistic-regression": [[:], ["C": .number(0.1)], ["C": .integer(10)]],
        "linear-discriminant-analysis": [
            [:], ["n_components": .integer(1)], ["solver": .text("lsqr"), "shrinkage": .text("auto")],
            ["solver": .text("eigen"), "shrinkage": .number(0.2)],
        ],
    ]

    static func all<Parameters: ClassifierParameters>(_: Parameters.Type) throws -> [Parameters] {
        try (values[Parameters.classifier.rawValue] ?? [[:]]).map { try Parameters(values: ParameterValues($0)) }
    }

    /// Groups of candidates that share work, in a fixed order.
    static func groups<Parameters: ClassifierParameters>(_: Parameters.Type) throws -> [[Parameters]] {
        var groups: [[Parameters]] = []
        for candidate in try all(Parameters.self) {
            if let place = groups.firstIndex(where: { $0[0].sharingKey == candidate.sharingKey }) {
                groups[place].append(candidate)
            } else {
                groups.append([candidate])
            }
        }
        return groups
    }
}

/// A model as a document has it, without the document's own fields.
struct ModelJSON<Model: ClassifierModel> {
    let parameters: Data
    let classes: [UInt8]
    let trainingReport: Data
    var payload: Data

    init(_ model: Model) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        parameters = try encoder.encode(model.parameters.values)
        classes = model.classes
        trainingReport = try encoder.encode(model.trainingReport)
        payload = try encoder.encode(model.payload)
    }

    func model() throws -> Model {
        let decoder = JSONDecoder()
        return try Model(
            parameters: Model.Parameters(values: decoder.decode(ParameterValues.self, from: parameters)), classes: classes,
            trainingReport: decoder.decode(TrainingReport.self, from: trainingReport),
            payload: decoder.decode(Model.Payload.self, from: payload))
    }
}

extension ModelJSON: Equatable {}
