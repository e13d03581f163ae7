import JSONText

extension FoldAssignment {
    /// Reads folds from JSON: `{"fold": [6, 7, …]}`, further fields passed over, or the array alone.
    ///
    /// - Parameter rowCount: rows of the data set that the folds are for; nil where that is not at hand.
    /// - Throws: `DigitsError.foldRowCountMismatch` for another number of rows, `.notJSON`, `.missingField`, `.inField`, and what
    ///   `init(foldOfRow:)` throws.
    public init(json bytes: borrowing Span<UInt8>, rowCount: Int?) throws(DigitsError) {
        var cursor = JSONCursor<DigitsError>()
        var foldOfRow: [Int]?
        if try cursor.kind(bytes) == .object {
            cursor.enter()
            var isFirst = true
            while let key = try cursor.nextKey(bytes, isFirst: &isFirst) {
                if key == FoldAssignment.fieldName {
                    guard foldOfRow == nil else { throw .conflictingFields([key]) }
                    foldOfRow = try FoldAssignment.folds(bytes, at: &cursor)
                } else {
                    try cursor.skipValue(bytes, depth: 1)
                }
            }
        } else {
            foldOfRow = try FoldAssignment.folds(bytes, at: &cursor)
        }
        try cursor.finish(bytes)
        guard let foldOfRow else { throw .missingField(expected: [FoldAssignment.fieldName]) }
        if let rowCount, foldOfRow.count != rowCount { throw .foldRowCountMismatch(expected: rowCount, found: foldOfRow.count) }
        try self.init(foldOfRow: foldOfRow)
    }

    /// What `init(json:rowCount:)` reads, in a line.
    public var json: [UInt8] { Array("{\"\(FoldAssignment.fieldName)\":[\(foldOfRow.map(String.init).joined(separator: ","))]}\n".utf8) }

    private static let fieldName = "fold"

    private static func folds(_ bytes: borrowing Span<UInt8>, at cursor: inout JSONCursor<DigitsError>) throws(DigitsError) -> [Int] {
        do { try cursor.expect(.array, bytes, "an array of folds") } catch { throw .inField(fieldName, error) }
        cursor.enter()
        var folds: [Int] = []
        var isFirst = true
        while try cursor.nextElement(bytes, isFirst: &isFirst) {
            do {
                folds.append(try fold(bytes, at: &cursor))
            } catch {
                throw .inField("\(fieldName)[\(folds.count)]", error)
            }
        }
        return folds
    }

    private static func fold(_ bytes: borrowing Span<UInt8>, at cursor: inout JSONCursor<DigitsError>) throws(DigitsError) -> Int {
        try cursor.expect(.number, bytes, "a whole number")
        let range = try cursor.number(bytes)
        guard let fold = Int(bytes.excerpt(range)) else {
            throw .wrongJSONType(
                expected: "a whole number", found: bytes.excerpt(range), at: TextPosition(offset: range.lowerBound, in: bytes))
        }
        return fold
    }
}
