import HTTPServing

/// Which of the two forms of an answer a client prefers: RFC 9110, section 12.5.1.
enum ContentNegotiation {
    /// Whether `text/plain` is preferred to `application/json`, which is what clients without a preference get.
    static func prefersText(_ request: borrowing HTTPRequest) -> Bool {
        request.withHeader("Accept") { value in
            // What curl and most libraries send.
            if value.count == 3, value[0] == UInt8(ascii: "*"), value[2] == UInt8(ascii: "*") { return false }
            return prefersText(accept: String(decoding: value.indices.map { value[$0] }, as: UTF8.self))
        } ?? false
    }

    static func prefersText(accept: String) -> Bool {
        let ranges = accept.split(separator: ",").map(MediaRange.init)
        return quality(of: ("text", "plain"), in: ranges) > quality(of: ("application", "json"), in: ranges)
    }

    /// The quality of the most specific range that holds a type, 0 where none does.
    private static func quality(of type: (String, String), in ranges: [MediaRange]) -> Double {
        ranges.filter { $0.contains(type) }.max { $0.specificity < $1.specificity }?.quality ?? 0
    }

    /// One element of an `Accept` field, such as `text/*;q=0.5`.
    private struct MediaRange {
        let type: String
        let subtype: String
        /// 0...1; 1 where it is not said, or not a number.
        let quality: Double

        init(_ text: Substring) {
            let parts = text.lowercased().split(separator: ";").map(MediaRange.trimmed)
            let names = (parts.first ?? "").split(separator: "/", maxSplits: 1).map(String.init)
            type = names.first ?? ""
            subtype = names.count > 1 ? names[1] : ""
            let stated = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            quality = stated >= 0 && stated <= 1 ? stated : 1
        }

        var specificity: Int { (type == "*" ? 0 : 1) + (subtype == "*" ? 0 : 1) }

        func contains(_ other: (String, String)) -> Bool {
            (type == "*" || type == other.0) && (subtype == "*" || subtype == other.1)
        }

        private static func trimmed(_ text: Substring) -> String {
            String(text.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
        }
    }
}
