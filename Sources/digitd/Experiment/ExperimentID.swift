import ArgumentParser

/// The name that the server gives an experiment: 26 letters and digits (a ULID), and so safe in a path.
struct ExperimentID: Hashable, Sendable, CustomStringConvertible {
    let description: String

    init?(_ text: String) {
        let letters = text.uppercased()
        guard letters.utf8.count == 26, letters.utf8.allSatisfy(Self.alphabet.contains) else { return nil }
        description = letters
    }

    /// Crockford's base 32.
    private static let alphabet = Set("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
}

extension ExperimentID: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}

extension ExperimentID: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = ExperimentID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not the name of an experiment")
        }
        self = id
    }
}
