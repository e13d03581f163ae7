import HTTPServing

/// Which of two forms of an answer a client prefers: RFC 9110, section 12.5.1.
///
/// A client that accepts neither gets JSON all the same, as that section allows: better an answer that can be read than a 406.
enum ContentNegotiation {
    /// Of an answer in JSON that might have been another: caches keep the two apart (RFC 9110, section 12.5.5).
    static let jsonHeaders: HTTPHeaders = ["Content-Type": "application/json", "Vary": "Accept"]

    /// Whether `text/plain` is preferred to `application/json`, which is what clients without a preference get.
    static func prefersText(_ request: borrowing HTTPRequest) -> Bool {
        request.withListHeader("accept") { prefers("text/plain", accept: $0) } ?? false
    }

    /// Whether `text/csv` is preferred to `application/json`, which is what clients without a preference get.
    static func prefersCSV(_ request: borrowing HTTPRequest) -> Bool {
        request.withListHeader("accept") { prefers("text/csv", accept: $0) } ?? false
    }

    /// Whether a type of `text` is preferred to JSON.
    private static func prefers(_ textType: StaticString, accept value: Span<UInt8>) -> Bool {
        var text = Preference.none
        var json = Preference.none
        var start = 0
        while start < value.count {
            let element = value.prefix(of: start..<value.count, before: UInt8(ascii: ","))
            start = element.upperBound + 1
            let range = value.prefix(of: element, before: UInt8(ascii: ";"))
            let name = value.withoutBlanks(range)
            let quality = quality(value, parameters: range.upperBound..<element.upperBound)
            if value.part(name, equals: "*/*") {
                text.consider(quality, specificity: 1)
                json.consider(quality, specificity: 1)
            } else if value.part(name, equals: "text/*") {
                text.consider(quality, specificity: 2)
            } else if value.part(name, equals: "application/*") {
                json.consider(quality, specificity: 2)
            } else if value.part(name, equals: textType) {
                text.consider(quality, specificity: 3)
            } else if value.part(name, equals: "application/json") {
                json.consider(quality, specificity: 3)
            }
        }
        return text.quality > json.quality
    }

    /// What a field says of one media type: the quality of the most specific range that holds it.
    private struct Preference {
        /// In thousandths; 0 where the type is not acceptable.
        var quality: Int
        private var specificity: Int

        static let none = Preference(quality: 0, specificity: 0)

        mutating func consider(_ quality: Int, specificity: Int) {
            guard (specificity, quality) > (self.specificity, self.quality) else { return }
            self = Preference(quality: quality, specificity: specificity)
        }
    }

    /// The weight among the parameters of a range, in thousandths; 1000 where there is none or it is malformed.
    private static func quality(_ value: Span<UInt8>, parameters: Range<Int>) -> Int {
        var start = parameters.lowerBound
        while start < parameters.upperBound {
            // Skips the semicolon that the part starts with.
            let part = value.prefix(of: (start + 1)..<parameters.upperBound, before: UInt8(ascii: ";"))
            start = part.upperBound
            let parameter = value.withoutBlanks(part)
            if value.part(parameter, startsWith: "q=") { return thousandths(value, parameter.dropFirst(2)) ?? 1000 }
        }
        return 1000
    }

    /// `0` to `1` with at most three decimals, in thousandths; nil for anything else.
    private static func thousandths(_ value: Span<UInt8>, _ number: Range<Int>) -> Int? {
        guard let first = number.first, number.count <= 5 else { return nil }
        var thousandths = 0
        var place = 1000
        for index in number {
            if index == first + 1 {
                guard value[index] == UInt8(ascii: ".") else { return nil }
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(value[index]) else { return nil }
            thousandths += Int(value[index] - UInt8(ascii: "0")) * place
            place /= 10
        }
        return thousandths <= 1000 ? thousandths : nil
    }
}
