import Classifiers
import Digits
import Files

/// What identifies a search: two runs in which all of this is equal have the same trials.
struct SearchIdentity: Codable, Hashable {
    let digitdVersion: String
    /// The SHA-256 of the data set's rows.
    let dataset: String
    /// The SHA-256 of the candidates with all their hyperparameters, those that the grid leaves out included, in their order.
    let grid: String
    /// The SHA-256 of the fold of every row.
    let folds: String
    let seed: UInt64

    init(_ search: GridSearch) {
        digitdVersion = DigitdVersion.current
        dataset = search.dataset.sha256
        grid = SearchIdentity.fingerprint(search.space.rows.map { SearchIdentity.canonicalText(of: $0.candidate) })
        folds = SearchIdentity.fingerprint(search.folds.foldOfRow.map { "\($0)" })
        seed = search.seed
    }

    /// The first difference between two identities, with both values.
    static func difference(found: SearchIdentity, expected: SearchIdentity) -> (what: String, found: String, expected: String)? {
        let pairs: [(what: String, found: String, expected: String)] = [
            ("digitd version", found.digitdVersion, expected.digitdVersion),
            ("data set", found.dataset, expected.dataset),
            ("grid", found.grid, expected.grid),
            ("assignment of folds", found.folds, expected.folds),
            ("seed", "\(found.seed)", "\(expected.seed)"),
        ]
        return pairs.first { $0.found != $0.expected }
    }

    /// Words are quoted, so that null and the word 'null' differ.
    private static func canonicalText(of candidate: Candidate) -> String {
        let values = candidate.values
        return candidate.classifier.rawValue
            + values.names.map { name in
                let spelling =
                    switch values[name] ?? .null {
                    case .text(let text): "'\(text)'"
                    case let other: "\(other)"
                    }
                return " \(name)=\(spelling)"
            }.joined()
    }

    private static func fingerprint(_ lines: [String]) -> String {
        SHA256.hexadecimal(of: Array(lines.joined(separator: "\n").utf8))
    }
}
