import Digits

/// The training rows, of which the nearest to a bitmap vote.
///
/// The score of a digit is its share of the votes, scikit-learn's `predict_proba`; of digits with equally many votes the lowest is answered,
/// as there.
public struct KNearestNeighborsModel: ClassifierModel {
    public typealias Parameters = KNearestNeighborsParameters

    public let parameters: KNearestNeighborsParameters
    public let classes: [UInt8]
    public let trainingReport: TrainingReport
    private let scan: NeighborScan

    public init(
        parameters: KNearestNeighborsParameters, classes: [UInt8], trainingReport: TrainingReport, payload: KNearestNeighborsPayload
    ) throws(TrainingError) {
        let scan = try payload.validatedScan(neighborCount: parameters.neighborCount, classes: classes)
        self.init(parameters: parameters, classes: classes, trainingReport: trainingReport, scan: scan)
    }

    /// - Parameter scan: of `parameters.neighborCount` rows or more.
    init(parameters: KNearestNeighborsParameters, classes: [UInt8], trainingReport: TrainingReport, scan: NeighborScan) {
        self.parameters = parameters
        self.classes = classes
        self.trainingReport = trainingReport
        self.scan = scan
    }

    public var payload: KNearestNeighborsPayload { KNearestNeighborsPayload(scan) }

    public func scores(for bitmap: Bitmap) -> DigitScores {
        var scores = scan.votes(for: bitmap, neighborCount: parameters.neighborCount)
        scores /= Double(parameters.neighborCount)
        return scores
    }
}
