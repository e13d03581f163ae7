import DigitAPI
import Digits
import Experiments
import HTTPServing

/// `/datasets`: what experiments can be trained on.
struct DatasetEndpoints: Sendable {
    let experiments: DigitService.Experiments
    private let changes = ChangeQueue()

    init(experiments: DigitService.Experiments) {
        self.experiments = experiments
    }

    func list(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        .json(DatasetList(datasets: try await experiments.service().datasets().map(DatasetDescription.init)))
    }

    func dataset(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let service = try experiments.service()
        let name = request.parameter("name")
        guard let known = DatasetReference(name) else {
            throw ExperimentsError.unknownDataset(name: name, reason: "a name is \(DatasetName.expected)")
        }
        return .json(bytes: JSONAnswer.bytes(of: DatasetDescription(try await service.dataset(known))), answering: request)
    }

    func delete(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let service = try experiments.service()
        let name = request.parameter("name")
        guard let known = DatasetName(name) else {
            throw ExperimentsError.unknownDataset(name: name, reason: "a name is \(DatasetName.expected)")
        }
        let preconditions = Preconditions(request)
        try await changes.run {
            try preconditions.require(tag: try await DatasetEndpoints.tag(of: known, in: service))
            try await service.deleteDataset(known)
        }
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
        let preconditions = Preconditions(request)
        let (entry, isNew) = try await changes.run { [body = request.body] in
            try preconditions.require(tag: try await DatasetEndpoints.tag(of: valid, in: service))
            return try await service.putDataset(valid, body, format: format)
        }
        return .json(DatasetDescription(entry), status: isNew ? .created : .ok, location: "/datasets/\(name)")
    }

    /// The entity tag of what has the name now; nil where nothing has.
    private static func tag(of name: DatasetName, in service: ExperimentService) async throws -> String? {
        guard let reference = DatasetReference(name.description) else { return nil }
        do {
            return EntityTags.tag(of: JSONAnswer.bytes(of: DatasetDescription(try await service.dataset(reference))))
        } catch ExperimentsError.unknownDataset {
            return nil
        }
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
