/// The fields of a JSON text's objects.
public enum JSONFields {
    /// Makes sure that no object of a text, however deep, has two fields of one name; builds nothing of the text.
    ///
    /// - Throws: `JSONTextError.repeatedField`, `.notJSON` with line and column.
    public static func requireUnique(_ bytes: borrowing Span<UInt8>) throws(JSONTextError) {
        var cursor = JSONCursor<JSONTextError>()
        try requireUnique(bytes, at: &cursor, depth: 0)
        try cursor.finish(bytes)
    }

    private static func requireUnique(
        _ bytes: borrowing Span<UInt8>, at cursor: inout JSONCursor<JSONTextError>, depth: Int
    ) throws(JSONTextError) {
        guard depth < JSONKind.depthLimit else { return try cursor.skipValue(bytes, depth: depth) }
        var isFirst = true
        switch try cursor.kind(bytes) {
        case .object:
            cursor.enter()
            var names: Set<String> = []
            while let name = try cursor.nextKey(bytes, isFirst: &isFirst) {
                guard names.insert(name).inserted else { throw .repeatedField(name) }
                try requireUnique(bytes, at: &cursor, depth: depth + 1)
            }
        case .array:
            cursor.enter()
            while try cursor.nextElement(bytes, isFirst: &isFirst) { try requireUnique(bytes, at: &cursor, depth: depth + 1) }
        case .string, .number, .boolean, .null: try cursor.skipValue(bytes, depth: depth)
        }
    }
}
