import Experiments
import HTTPServing
import ModelSelection

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `GET /experiments/{id}/report`: the cross-validation report, of what there is so far where the experiment is not finished.
struct ExperimentReportEndpoint: Sendable {
    let experiments: ExperimentGate

    func respond(to request: borrowing HTTPRequest) async -> HTTPResponse {
        let id = request.parameter("id")
        let wantsCSV = ContentNegotiation.prefersCSV(request)
        return await experiments.answer(request.id) { service in
            let report = try await service.report(of: try ExperimentEndpoints.id(id))
            guard wantsCSV else { return HTTPResponse(headers: JSONBody.headers, body: .bytes(report)) }
            let results = try JSONDecoder().decode(SearchReport.self, from: Data(report)).cvResults
            return HTTPResponse(
                headers: ["Content-Type": "text/csv; charset=utf-8; header=present"], body: .bytes(Array(results.commaSeparated().utf8)))
        }
    }
}
