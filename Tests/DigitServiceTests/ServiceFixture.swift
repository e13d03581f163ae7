import Classifiers
import DigitService
import Digits
import Experiments
import Foundation
import HTTPServing
import Logging
import ModelFiles
import ModelSelection

/// A service with two models: `svm`, whose answers are known by heart and which is the default, and a small `random-forest`. Its experiments
/// are off.
struct ServiceFixture {
    static let dataset = SyntheticDigits.dataset(rowCount: 200, seed: 8)
    static let forest: Result<RandomForestModel, any Error> = Result {
        try RandomForestParameters(values: ParameterValues(["n_estimators": .integer(7)]))
            .fit(dataset, rows: Array(0..<dataset.count), seed: 5)
    }
    static let reasonOfNoExperiments = "state/digitd.sqlite: damaged: page 3 is torn"
    static let report = Array("{\"cv_results\":{}}\n".utf8)

    let models: ServingModels
    let readiness = Readiness()
    let router: Router

    init(batchLimit: Int = DigitService.defaultBatchLimit, report: [UInt8]? = ServiceFixture.report) throws {
        models = ServingModels(try ServiceFixture.models(InkModel(), report: report))
        router = try DigitService(
            models: models, readiness: readiness, experiments: .off(reason: ServiceFixture.reasonOfNoExperiments), batchLimit: batchLimit,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).router()
    }

    /// The model as `svm` in the version that it says, beside the forest.
    static func models(_ model: InkModel, report: [UInt8]? = nil) throws -> ModelSet {
        try ModelSet(
            shipped: [
                LoadedModel(ModelDocument(model: model, training: provenance(accuracy: 0.9625)), number: model.version),
                LoadedModel(ModelDocument(model: try forest.get(), training: provenance(accuracy: 0.875))),
            ], trainingReport: report, folder: "test")
    }

    static func provenance(accuracy: Double) -> TrainingProvenance {
        TrainingProvenance(
            dataset: SearchReport.Dataset(dataset), seed: 42,
            crossValidation: TrainingProvenance.CrossValidation(folds: 10, accuracyMean: accuracy, accuracyStandardDeviation: 0.125),
            digitdVersion: "9.8.7")
    }

    func answer(_ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: [UInt8] = []) async throws -> Answer {
        try await router.answer(HTTPRequest(method, target, headers: headers, body: body))
    }

    func answer(_ request: consuming HTTPRequest) async throws -> Answer { try await router.answer(request) }

    func predict(_ body: [UInt8], type: String? = nil, accept: String? = nil, query: String = "") async throws -> Answer {
        var headers: HTTPHeaders = [:]
        if let type { headers.add("Content-Type", type) }
        if let accept { headers.add("Accept", accept) }
        return try await answer(.post, "/predict" + query, headers: headers, body: body)
    }
}

/// An answer with its whole body.
struct Answer {
    let status: HTTPStatus
    let headers: HTTPHeaders
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body))
    }
}

extension Router {
    func answer(_ request: consuming HTTPRequest) async throws -> Answer {
        let response = await respond(to: request)
        return Answer(status: response.status, headers: response.headers, body: try await response.collectBody())
    }
}

/// A problem as RFC 9457 names its members.
struct Problem: Decodable, Equatable {
    let type: String
    let title: String
    let status: Int
    let detail: String
    let requestId: String
}

/// Bitmaps with a known number of ink pixels, in every form.
enum Ink {
    /// The first `count` pixels are ink.
    static func bitmap(_ count: Int) -> Bitmap {
        var bitmap = Bitmap.blank
        for pixel in 0..<count { bitmap[pixel] = true }
        return bitmap
    }

    static func hexadecimal(_ count: Int) -> String { bitmap(count).hexadecimal }

    static func packed(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bitmap(count).appendPacked(to: &bytes)
        return bytes
    }

    static func semeionRow(_ count: Int, indicators: Bool = true) -> String {
        let bitmap = bitmap(count)
        let pixels = (0..<256).map { bitmap[$0] ? "1.0000" : "0.0000" }
        return (pixels + (indicators ? ["0", "0", "1", "0", "0", "0", "0", "0", "0", "0"] : [])).joined(separator: " ") + " \n"
    }

    static func flatPixels(_ count: Int) -> String {
        let bitmap = bitmap(count)
        return "[" + (0..<256).map { bitmap[$0] ? "1" : "0" }.joined(separator: ",") + "]"
    }

    static func nestedPixels(_ count: Int) -> String {
        let bitmap = bitmap(count)
        let rows = (0..<16).map { row in "[" + (0..<16).map { bitmap[row: row, column: $0] ? "1" : "0" }.joined(separator: ",") + "]" }
        return "[" + rows.joined(separator: ",") + "]"
    }
}
