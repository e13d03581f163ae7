import HTTPServing
import JSONText

/// Answers in JSON.
enum JSONAnswer {
    static let headers: HTTPHeaders = ["Content-Type": "application/json"]

    /// The value with sorted keys and a newline at the end.
    ///
    /// - Precondition: its numbers are finite; no answer holds one that was not counted, or read from JSON.
    static func bytes(of value: some Encodable) -> [UInt8] {
        guard let line = try? JSONWriter.line(of: value) else { preconditionFailure("a value that JSON cannot hold") }
        return line
    }
}

extension HTTPResponse {
    static func json(_ value: some Encodable, status: HTTPStatus = .ok, location: String? = nil) -> HTTPResponse {
        .json(bytes: JSONAnswer.bytes(of: value), status: status, location: location)
    }

    /// - Parameters:
    ///   - bytes: a JSON text.
    ///   - location: the address of what was made or changed.
    static func json(bytes: [UInt8], status: HTTPStatus = .ok, location: String? = nil) -> HTTPResponse {
        var response = HTTPResponse(status: status, headers: JSONAnswer.headers, body: .bytes(bytes))
        if let location { response.headers.add("Location", location) }
        return response
    }

    /// - Parameter text: a JSON text that is the same every time.
    static func json(constant text: ConstantBody) -> HTTPResponse {
        HTTPResponse(headers: JSONAnswer.headers, body: .constant(text))
    }
}
