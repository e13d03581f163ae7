import Digits
import HTTPServing

/// The content types in which requests bring digits, data sets and experiments.
enum MediaTypes {
    /// Types of digits, with the form that each says.
    private static let payloadForms: [(type: StaticString, meaning: PayloadForm)] = [
        ("text/plain", .text),
        ("application/json", .json),
        ("application/octet-stream", .octets),
        ("image/x-portable-bitmap", .portableBitmap),
    ]
    private static let datasetFormats: [(type: StaticString, meaning: DatasetFormat)] = [
        ("text/csv", .csv),
        ("text/plain", .semeion),
        ("application/octet-stream", .packed),
    ]
    private static let json: [(type: StaticString, meaning: Void)] = [("application/json", ())]
    /// What curl sends for data without a type of its own: the content shows what it is.
    private static let curlDefault: StaticString = "application/x-www-form-urlencoded"

    /// The form of a request's body: what its `Content-Type` says, or what its content looks like.
    static func payloadForm(of request: borrowing HTTPRequest) throws(ServiceError) -> PayloadForm {
        try meaning(of: request, among: payloadForms) ?? PayloadForm(sniffing: request.body.span)
    }

    /// The format of a data set's bytes; nil where nothing is said, and it is seen from the content.
    static func datasetFormat(of request: borrowing HTTPRequest) throws(ServiceError) -> DatasetFormat? {
        try meaning(of: request, among: datasetFormats)
    }

    /// Refuses what says that it is something else than JSON.
    static func requireJSON(_ request: borrowing HTTPRequest) throws(ServiceError) {
        _ = try meaning(of: request, among: json)
    }

    /// What the type of a request's body means; nil where none is said. Parameters such as `charset` say nothing that a reader needs.
    ///
    /// - Throws: `ServiceError.unsupportedMediaType` for a type that is none of `types`.
    private static func meaning<Meaning>(
        of request: borrowing HTTPRequest, among types: [(type: StaticString, meaning: Meaning)]
    ) throws(ServiceError) -> Meaning? {
        let meaning = try request.withHeader("Content-Type") { (value: Span<UInt8>) throws(ServiceError) -> Meaning? in
            let name = value.withoutBlanks(value.prefix(of: 0..<value.count, before: UInt8(ascii: ";")))
            for (type, meaning) in types where value.part(name, equals: type) { return meaning }
            if name.isEmpty || value.part(name, equals: curlDefault) { return nil }
            throw .unsupportedMediaType(
                found: String(decoding: name.map { value[$0] }, as: UTF8.self), supported: types.map { "\($0.type)" })
        }
        return meaning ?? nil
    }
}
