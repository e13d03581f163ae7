/// What `If-None-Match` says: RFC 9110, section 13.1.2.
struct EntityTags {
    private let value: String

    init(_ value: String) {
        self.value = value
    }

    /// Whether the tag is among them; by the weak comparison, which is the one for this field.
    func contain(_ tag: String) -> Bool {
        value.split(separator: ",").contains { element in
            let trimmed = element.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
            return trimmed == "*" || (trimmed.hasPrefix("W/") ? trimmed.dropFirst(2) : trimmed) == tag
        }
    }
}
