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
    /// What curl sends for data without a type of its own: as good as none.
    private static let curlDefault: StaticString = "application/x-www-form-urlencoded"

    /// The form of a request's body: what its `Content-Type` says, or what its content looks like. Packed bitmaps have no mark, so that
    /// anything of the right length would be taken for them: they need their type.
    static func payloadForm(of request: borrowing HTTPRequest) throws(ServiceError) -> PayloadForm {
        if let form = try meaning(of: request, among: payloadForms) { return form }
        let form = PayloadForm(sniffing: request.body.span)
        guard form != .octets else { throw untypedBytes(of: request, among: payloadForms) }
        return form
    }

    /// The format of a data set's bytes, likewise.
    static func datasetFormat(of request: borrowing HTTPRequest) throws(ServiceError) -> DatasetFormat {
        if let format = try meaning(of: request, among: datasetFormats) { return format }
        let format = DatasetFormat(sniffing: request.body.span)
        guard format != .packed else { throw untypedBytes(of: request, among: datasetFormats) }
        return format
    }

    private static func untypedBytes<Meaning>(
        of request: borrowing HTTPRequest, among types: [(type: StaticString, meaning: Meaning)]
    ) -> ServiceError {
        .untypedBytes(FileSignature(request.body.span), supported: types.map { "\($0.type)" })
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
