/// The name of a data set, safe to be part of a path and an address: 1 to 64 of a-z, 0-9, `-`, `_` and `.`, the first a letter or a digit.
public struct DatasetName: Hashable, Sendable, CustomStringConvertible {
    public static let expected = "1 to 64 of a-z, 0-9, '-', '_' and '.', the first a letter or a digit"
    /// Data sets that digitd brings along or finds itself; no upload takes their place.
    public static let builtIn = [DatasetName.semeion, DatasetName.synthetic]
    public static let semeion = DatasetName(valid: "semeion")
    public static let synthetic = DatasetName(valid: "synthetic")

    private static let lengthLimit = 64

    public let description: String

    private init(valid name: String) {
        description = name
    }

    /// - Returns: nil for a name that is not as `expected` says.
    public init?(_ name: String) {
        let characters = name.utf8
        guard (1...DatasetName.lengthLimit).contains(characters.count), let first = characters.first else { return nil }
        func isAlphanumeric(_ character: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
        }
        guard isAlphanumeric(first), characters.allSatisfy({ isAlphanumeric($0) || "-_.".utf8.contains($0) }) else { return nil }
        description = name
    }

    public var isBuiltIn: Bool { DatasetName.builtIn.contains(self) }
}

/// What an experiment is trained on: a data set, and the corrected digits of `POST /feedback` behind it where it says so.
public struct DatasetReference: Hashable, Sendable, CustomStringConvertible {
    private static let feedbackSuffix = "+feedback"

    public let name: DatasetName
    public let includesFeedback: Bool

    public init(name: DatasetName, includesFeedback: Bool = false) {
        self.name = name
        self.includesFeedback = includesFeedback
    }

    /// Reads `semeion` or `semeion+feedback`.
    public init?(_ text: String) {
        includesFeedback = text.hasSuffix(DatasetReference.feedbackSuffix)
        guard let name = DatasetName(includesFeedback ? String(text.dropLast(DatasetReference.feedbackSuffix.count)) : text) else {
            return nil
        }
        self.name = name
    }

    public var description: String { name.description + (includesFeedback ? DatasetReference.feedbackSuffix : "") }
}
