import Digits
import Experiments
import HTTPServing
import JSONText

/// `/datasets`: what experiments can be trained on.
struct DatasetEndpoints: Sendable {
    let experiments: DigitService.Experiments

    private struct Description: Encodable {
        let name: String
        let rows: Int
        let sha256: String
        /// Rows of each digit, 0 to 9.
        let digits: [Int]
        let builtIn: Bool
        @ExplicitNull var created: String?

        init(_ entry: DatasetLibrary.Entry) {
            name = entry.name.description
            rows = entry.rowCount
            sha256 = entry.sha256
            digits = entry.digitCounts
            builtIn = entry.name.isBuiltIn
            created = entry.created?.text
        }
    }

    private struct List: Encodable {
        let datasets: [Description]
    }

    func list(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        .json(List(datasets: try await experiments.service().datasets().map(Description.init)))
    }

    func dataset(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let service = try experiments.service()
        let name = request.parameter("name")
        guard let known = DatasetName(name) else {
            throw ExperimentsError.unknownDataset(name: name, reason: "a name is \(DatasetName.expected)")
        }
        return .json(Description(try await service.dataset(known)))
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
        return .json(Description(entry), status: isNew ? .created : .ok, location: "/datasets/\(name)")
    }
}
