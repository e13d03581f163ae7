import Classifiers

/// One classifier with one choice of hyperparameters: a row of a search.
public struct Candidate: Sendable {
    public let parameters: any ClassifierParameters

    public init(_ parameters: some ClassifierParameters) {
        self.parameters = parameters
    }

    /// - Throws: `TrainingError.unknownParameter`, `.invalidParameter`.
    public init(classifier: ClassifierName, values: ParameterValues) throws(TrainingError) {
        parameters = try classifier.parametersType.init(values: values)
    }

    public var classifier: ClassifierName { type(of: parameters).classifier }

    /// All hyperparameters, those left out of a grid included.
    public var values: ParameterValues { parameters.values }

    /// What candidates have in common that may be evaluated together.
    var sharing: Sharing { Sharing(classifier: classifier, key: parameters.sharingKey) }

    struct Sharing: Hashable {
        let classifier: ClassifierName
        let key: ParameterValues
    }
}

extension Candidate: Hashable {
    public static func == (left: Candidate, right: Candidate) -> Bool {
        left.classifier == right.classifier && left.values == right.values
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(classifier)
        hasher.combine(values)
    }
}
