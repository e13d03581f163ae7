import DigitAPI
import Digits
import Experiments
import HTTPServing

/// `/datasets`: what experiments can be trained on.
struct DatasetEndpoints: Sendable {
    let experiments: DigitService.Experiments

    func list(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        .json(DatasetList(datasets: try await experiments.service().datasets().map(DatasetDescription.init)))
    }

    func dataset(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let service = try experiments.service()
        let name = request.parameter("name")
        guard let known = DatasetReference(name) else {
            throw ExperimentsError.unknownDataset(name: name, reason: "a name is \(DatasetName.expected)")
        }
        return .json(DatasetDescription(try await service.dataset(known)))
    }

    func delete(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let service = try experiments.service()
        let name = request.parameter("name")
        guard let known = DatasetName(name) else {
            throw ExperimentsError.unknownDataset(name: name, reason: "a name is \(DatasetName.expected)")
        }
        try await service.deleteDataset(known)
        return HTTPResponse(status: .noContent)
    }

    /// Stores the rows of the body under the name: 201 for a new name, 200 where they take the place of others.
    func put(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let format = try MediaTypes.datasetFormat(of: request)
        let service = try experiments.service()
        let name = request.parameter("name")
        guard let valid = DatasetName(name) else {
            throw ServiceError.malformedField(name: "name", found: "'\(name)'", expected: DatasetName.expected)
        }
        let (entry, isNew) = try await service.putDataset(valid, request.body, format: format)
        return .json(DatasetDescription(entry), status: isNew ? .created : .ok, location: "/datasets/\(name)")
    }
}

extension DatasetDescription {
    fileprivate init(_ entry: DatasetLibrary.Entry) {
        self.init(
            name: entry.reference.description, rows: entry.rowCount, sha256: entry.sha256, digits: entry.digitCounts,
            feedback: entry.feedbackCounts, builtIn: entry.reference.name.isBuiltIn, created: entry.created?.text,
            fault: entry.fault?.text)
    }
}

extension DatasetLibrary.Entry.Fault {
    /// As clients get to see it, without names of files.
    fileprivate var text: String {
        switch self {
        case .damaged: "the rows on disk are others than the SHA-256 says; uploading them again mends that"
        case .unreadable: "the rows cannot be read; uploading them again mends that"
        }
    }
}
