public import Logging

/// An HTTP/1.1 server on libmicrohttpd: started once, stopped once.
public final class HTTPServer: Sendable {
    public init(router: Router, configuration: HTTPServerConfiguration, logger: Logger) {
    }

    /// Listens and serves; returns the bound port.
    ///
    /// - Throws: `HTTPServingError`.
    @discardableResult
    public func start() throws(HTTPServingError) -> UInt16 {
        preconditionFailure("being written")
    }

    /// True from the beginning of `stop`.
    public var isDraining: Bool { preconditionFailure("being written") }

    /// Requests that have been received and not yet answered in full.
    public var inFlightCount: Int { preconditionFailure("being written") }

    /// Calls `onDrain`, stops accepting, waits until no request is in flight but no longer than the grace period, then answers
    /// what is suspended with 503, ends streams, closes every connection and joins the threads.
    public func stop(gracePeriodSeconds: Double) async {
        preconditionFailure("being written")
    }
}
