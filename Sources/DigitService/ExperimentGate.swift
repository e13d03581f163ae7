import Experiments
import HTTPServing
import Logging

/// The way to whatever needs the database: says why where there is none, and turns what goes wrong into answers.
struct ExperimentGate: Sendable {
    let experiments: DigitService.Experiments
    let logger: Logger

    /// Answers with what `work` makes of the service.
    func answer(_ requestID: RequestID, _ work: (ExperimentService) async throws -> HTTPResponse) async -> HTTPResponse {
        guard case .on(let service) = experiments else {
            guard case .off(let reason) = experiments else { return ServiceError.notReady.response(requestID: requestID) }
            return ServiceError.experimentsOff(reason: reason).response(requestID: requestID)
        }
        do {
            return try await work(service)
        } catch {
            let problem = ServiceError(experiment: error)
            if problem.isOurs {
                logger.error("experiments failed", metadata: ["request": "\(requestID)", "reason": "\(error)"])
            }
            return problem.response(requestID: requestID)
        }
    }
}
