import Digits
import Experiments
import HTTPServing
import JSONText

/// `/datasets`: what experiments can be trained on.
struct DatasetEndpoints: Sendable {
    let experiments: ExperimentGate

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

    func list(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        await experiments.answer(request.id) { service in
            let list = List(datasets: try await service.datasets().map(Description.init))
            return HTTPResponse(headers: JSONBody.headers, body: .bytes(JSONBody.bytes(of: list)))
        }
    }

    func dataset(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let name = request.parameter("name")
        return await experiments.answer(request.id) { service in
            guard let known = DatasetName(name) else {
                throw ExperimentsError.unknownDataset(name: name, reason: "a name is \(DatasetName.expected)")
            }
            let description = Description(try await service.dataset(known))
            return HTTPResponse(headers: JSONBody.headers, body: .bytes(JSONBody.bytes(of: description)))
        }
    }

    /// Stores the rows of the body under the name: 201 for a new name, 200 where they take the place of others.
    func put(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let name = request.parameter("name")
        let body = request.body
        let format: DatasetFormat?
        do throws(ServiceError) {
            format = try MediaTypes.datasetFormat(of: request)
        } catch {
            return error.response(requestID: request.id)
        }
        return await experiments.answer(request.id) { service in
            guard let valid = DatasetName(name) else {
                throw ServiceError.malformedField(name: "name", found: "'\(name)'", expected: DatasetName.expected)
            }
            let (entry, isNew) = try await service.putDataset(valid, body, format: format)
            var headers = JSONBody.headers
            headers.add("Location", "/datasets/\(name)")
            return HTTPResponse(
                status: isNew ? .created : .ok, headers: headers, body: .bytes(JSONBody.bytes(of: Description(entry))))
        }
    }
}
