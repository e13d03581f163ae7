import DigitAPI
import HTTPServing
import JSONText

/// A digitd server's models, over HTTP. Every call throws `HTTPClientError` and `ServerProblem`.
package struct ModelClient: Sendable {
    private let server: ServerAddress

    package init(server: ServerAddress) {
        self.server = server
    }

    package func models() throws -> ModelList { try server.answer(.get, "/models") }

    /// Puts a version into service; gives what is in service then.
    package func activate(_ name: String, version: Int) throws -> ModelDescription {
        try server.answer(.post, "/models/\(name)/versions/\(version)/activate")
    }

    /// Takes a model out of service; gives the models that are left.
    package func withdraw(_ name: String) throws -> ModelList { try server.answer(.post, "/models/\(name)/withdraw") }

    /// Pins what answers where a request names no model, or takes the pin away.
    package func setDefault(_ request: DefaultModelRequest) throws -> DefaultModel {
        try server.answer(.put, "/models/default", headers: ["Content-Type": "application/json"], body: JSONWriter.line(of: request))
    }

    /// The newest changes, at most `limit`, from as many pages as that takes.
    package func changes(limit: Int) throws -> [ModelChangeDescription] {
        try server.pages("/models/audit", limit: limit) { (page: ModelAudit) in (page.changes, page.next) }
    }
}
