import DigitAPI

extension ExperimentUpdate {
    /// Nil for an event of a name that this digitd does not know.
    ///
    /// - Throws: `HTTPClientError.malformedAnswer` for data that are not what the name says.
    package init?(_ event: ServerSentEvent) throws(HTTPClientError) {
        guard let kind = Kind(rawValue: event.name) else { return nil }
        self = try ServerJSON.decoded { () throws in try ExperimentUpdate(kind, json: event.data.utf8) }
    }
}
