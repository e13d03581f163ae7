import Digits

/// A trained random forest: the mean over its trees of the class fractions in the leaf that a bitmap comes to.
public struct RandomForestModel: ClassifierModel {
    public typealias Parameters = RandomForestParameters

    public let parameters: RandomForestParameters
    public let classes: [UInt8]
    public let trainingReport: TrainingReport
    private let nodes: ForestNodes
    private let predictor: ForestPredictor

    public init(
        parameters: RandomForestParameters, classes: [UInt8], trainingReport: TrainingReport, payload: RandomForestPayload
    ) throws(TrainingError) {
        let nodes = try payload.validatedNodes(treeCount: parameters.treeCount, classes: classes)
        self.init(
            parameters: parameters, classes: classes, trainingReport: trainingReport, nodes: nodes,
            predictor: ForestPredictor(nodes, classes: classes))
    }

    init(
        parameters: RandomForestParameters, classes: [UInt8], trainingReport: TrainingReport, nodes: ForestNodes, predictor: ForestPredictor
    ) {
        self.parameters = parameters
        self.classes = classes
        self.trainingReport = trainingReport
        self.nodes = nodes
        self.predictor = predictor
    }

    public var payload: RandomForestPayload { RandomForestPayload(nodes) }

    public func scores(for bitmap: Bitmap) -> DigitScores {
        predictor.scores(for: bitmap)
    }
}
