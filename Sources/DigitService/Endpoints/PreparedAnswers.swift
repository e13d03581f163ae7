import DigitAPI
import HTTPServing
import ModelFiles

/// The answers about a model in service, prepared when it gets there.
struct ModelAnswers: Sendable {
    let writer: PredictionWriter
    /// The body of `GET /models/{name}`.
    let description: ConstantBody

    init(_ model: LoadedModel, in models: ModelSet) {
        writer = PredictionWriter(model: model.name, version: model.version.number)
        description = ConstantBody(JSONAnswer.bytes(of: ModelDescription(model, in: models)))
    }
}

/// The answers about a whole set, prepared when it is put into service.
struct SetAnswers: Sendable {
    /// The body of `GET /models`.
    let list: ConstantBody
    /// The report of the search that chose the shipped models.
    let shippedReport: ConstantBody?

    init(_ models: ModelSet) {
        let descriptions = models.models.map { ModelDescription($0, in: models) }
        list = ConstantBody(JSONAnswer.bytes(of: ModelList(default: DefaultModel(models.defaultChoice), models: descriptions)))
        shippedReport = models.trainingReport.map { ConstantBody($0) }
    }
}
