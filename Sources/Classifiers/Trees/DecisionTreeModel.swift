import Digits

/// A trained decision tree: the class fractions of the training rows in the leaf that a bitmap comes to.
public struct DecisionTreeModel: ClassifierModel {
    public typealias Parameters = DecisionTreeParameters

    public let parameters: DecisionTreeParameters
    /// The forest of this one tree.
    private let forest: RandomForestModel

    public init(
        parameters: DecisionTreeParameters, classes: [UInt8], trainingReport: TrainingReport, payload: RandomForestPayload
    ) throws(TrainingError) {
        let forest = try RandomForestModel(
            parameters: parameters.forest, classes: classes, trainingReport: trainingReport, payload: payload)
        self.init(parameters: parameters, forest: forest)
    }

    /// - Parameter forest: trained with `parameters.forest`.
    init(parameters: DecisionTreeParameters, forest: RandomForestModel) {
        self.parameters = parameters
        self.forest = forest
    }

    public var classes: [UInt8] { forest.classes }
    public var trainingReport: TrainingReport { forest.trainingReport }
    /// The nodes of a forest of one tree.
    public var payload: RandomForestPayload { forest.payload }

    public func scores(for bitmap: Bitmap) -> DigitScores {
        forest.scores(for: bitmap)
    }
}
