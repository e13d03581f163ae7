import Digits
import HTTPServing
import ModelFiles

/// Which model a request for predictions wants: `?model=` and `?version=`, or the fields of those names in JSON.
struct ModelChoice: Sendable {
    /// Nil for the default model.
    let model: String?
    /// Nil for whichever version serves.
    let version: String?

    /// - Throws: `ServiceError.malformedField` for a version without a model: another model may become the default at any moment.
    private init(model: String?, version: String?) throws(ServiceError) {
        self.model = model
        self.version = version
        if let version, model == nil {
            throw .malformedField(name: "version", found: "version '\(version)' of no model", expected: "the model beside it")
        }
    }

    /// What the query says.
    init(_ request: borrowing HTTPRequest) throws(ServiceError) {
        try self.init(model: request.query("model"), version: request.query("version"))
    }

    /// What the body says where the query says nothing.
    ///
    /// - Throws: `ServiceError.malformedField` where both say something: one of them would be passed over.
    func completed(by body: PredictionBody) throws(ServiceError) -> ModelChoice {
        guard body.model != nil || body.version != nil else { return self }
        guard model == nil else {
            throw .malformedField(name: "model", found: "it in both", expected: "it in the query or in the body")
        }
        return try ModelChoice(model: body.model, version: body.version)
    }
}

extension ServingModels {
    /// The model that a request wants.
    ///
    /// - Throws: `ModelLookupError`: only the version that serves answers.
    func model(_ choice: ModelChoice) throws(ModelLookupError) -> ServingModel {
        let model = try model(named: choice.model)
        if let version = choice.version, version != "\(model.loaded.version.number)" {
            throw .unknownVersion(model: model.loaded.name, found: version, known: [model.loaded.version.number])
        }
        return model
    }
}
