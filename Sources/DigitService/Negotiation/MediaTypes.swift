import Digits
import HTTPServing

/// The content types in which requests bring digits, data sets and experiments.
enum MediaTypes {
    /// Types of digits, with the form that each says.
    private static let forms: [(type: StaticString, form: PayloadForm)] = [
        ("text/plain", .text),
        ("application/json", .json),
        ("application/octet-stream", .octets),
        ("image/x-portable-bitmap", .portableBitmap),
    ]
    /// What curl says of data where nobody told it better: the form is seen from the content.
    private static let curlDefault: StaticString = "application/x-www-form-urlencoded"

    static var supported: [String] { forms.map { "\($0.type)" } }

    /// What a request says of its body.
    private enum Declaration {
        case form(PayloadForm)
        case unknown
        case unsupported(String)
    }

    /// The form of a request's body: what its `Content-Type` says, or what its content looks like.
    static func payloadForm(of request: borrowing HTTPRequest) throws(ServiceError) -> PayloadForm {
        switch request.withHeader("Content-Type", declaration) {
        case .form(let form)?: return form
        case nil, .unknown?: return PayloadForm(sniffing: request.body.span)
        case .unsupported(let found)?: throw .unsupportedMediaType(found: found, supported: supported)
        }
    }

    /// Parameters such as `charset` say nothing that a digit needs.
    private static func declaration(contentType value: Span<UInt8>) -> Declaration {
        let type = value.withoutBlanks(value.prefix(of: 0..<value.count, before: UInt8(ascii: ";")))
        for (name, form) in forms where value.part(type, equals: name) { return .form(form) }
        if type.isEmpty || value.part(type, equals: curlDefault) { return .unknown }
        return .unsupported(String(decoding: type.map { value[$0] }, as: UTF8.self))
    }

    /// Refuses what says that it is something else than JSON.
    static func requireJSON(_ request: borrowing HTTPRequest) throws(ServiceError) {
        guard let contentType = request.header("Content-Type") else { return }
        let type = MediaTypes.type(of: contentType)
        guard ["", "application/json", "\(curlDefault)"].contains(type) else {
            throw .unsupportedMediaType(found: type, supported: ["application/json"])
        }
    }

    /// The format of a data set's bytes; nil where nothing is said, and it is seen from the content.
    static func datasetFormat(of request: borrowing HTTPRequest) throws(ServiceError) -> DatasetFormat? {
        guard let contentType = request.header("Content-Type") else { return nil }
        switch MediaTypes.type(of: contentType) {
        case "text/csv": return .csv
        case "text/plain": return .semeion
        case "application/octet-stream": return .packed
        case "", "\(curlDefault)": return nil
        case let found:
            throw .unsupportedMediaType(found: found, supported: ["text/csv", "text/plain", "application/octet-stream"])
        }
    }

    /// A content type without its parameters, in lower case.
    private static func type(of contentType: String) -> String {
        contentType.prefix { $0 != ";" }.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined().lowercased()
    }
}
