import Classifiers
import Yams

/// A search space written as YAML, as the files in `config/grids` are:
///
///     search:
///       - classifier: svm
///         grid: {C: [0.1, 1], kernel: [rbf, linear]}
///
/// A single value may stand for a list of one. `grid` may be left out: then the defaults are the only candidate.
extension SearchSpace {
    /// - Throws: `SearchError.malformedGrid` with line and column (from 1) for what is not such a file; else as `init(entries:)`.
    public init(yaml: String) throws(SearchError) {
        let document: Node?
        do {
            document = try Yams.compose(yaml: yaml)
        } catch {
            throw SearchSpace.malformed(error)
        }
        guard let document else { throw .malformedGrid(line: 1, column: 1, reason: "the file is empty; expected 'search:'") }
        let root = try SearchSpace.fields(of: document, known: ["search"], in: "a search")
        guard let search = root["search"] else {
            throw SearchSpace.malformed(document, "the field 'search' is missing")
        }
        guard case .sequence(let list) = search else {
            throw SearchSpace.malformed(search, "'search' is not a list")
        }
        var entries: [Entry] = []
        for node in list { entries.append(try SearchSpace.entry(node)) }
        try self.init(entries: entries)
    }

    private static func entry(_ node: Node) throws(SearchError) -> Entry {
        let fields = try fields(of: node, known: ["classifier", "grid"], in: "an entry")
        guard let name = fields["classifier"] else { throw malformed(node, "the field 'classifier' is missing") }
        guard let spelling = name.scalar?.string, let classifier = ClassifierName(rawValue: spelling) else {
            let known = ClassifierName.allCases.map(\.rawValue).joined(separator: ", ")
            throw malformed(name, "unknown classifier '\(name.scalar?.string ?? "?")'; known are \(known)")
        }
        var grid: [String: [ParameterValue]] = [:]
        if let gridNode = fields["grid"] {
            for (parameter, values) in try Self.fields(of: gridNode, known: nil, in: "a grid") {
                grid[parameter] = try Self.values(of: values)
            }
        }
        let entry = Entry(classifier: classifier, grid: grid)
        // Refused here, and not only with the whole search, so that the message can say the line.
        do throws(SearchError) {
            _ = try SearchSpace(entries: [entry])
        } catch {
            guard case .invalidCandidate(_, let reason) = error else { throw error }
            throw malformed(parameterNode(of: reason, in: fields["grid"]) ?? node, "\(classifier.rawValue): \(reason)")
        }
        return entry
    }

    private static func values(of node: Node) throws(SearchError) -> [ParameterValue] {
        guard case .sequence(let list) = node else { return [try value(of: node)] }
        var values: [ParameterValue] = []
        for element in list { values.append(try value(of: element)) }
        return values
    }

    private static func value(of node: Node) throws(SearchError) -> ParameterValue {
        guard let scalar = node.scalar else { throw malformed(node, "expected a value: null, a number, true, false or a word") }
        switch node.tag.rawValue {
        case Tag.Name.null.rawValue: return .null
        case Tag.Name.bool.rawValue: return .bool(node.bool ?? false)
        case Tag.Name.int.rawValue:
            guard let value = node.int else { throw malformed(node, "\(scalar.string) is too large a whole number") }
            return .integer(value)
        case Tag.Name.float.rawValue:
            guard let value = node.float, value.isFinite else { throw malformed(node, "\(scalar.string) is not a finite number") }
            return .number(value)
        default: return .text(scalar.string)
        }
    }

    private static func fields(of node: Node, known: [String]?, in place: String) throws(SearchError) -> [String: Node] {
        guard case .mapping(let mapping) = node else { throw malformed(node, "expected \(place) with named fields") }
        var fields: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string else { throw malformed(key, "expected the name of a field") }
            if let known, !known.contains(name) {
                throw malformed(key, "unknown field '\(name)'; known are \(known.joined(separator: ", "))")
            }
            fields[name] = value
        }
        return fields
    }

    private static func parameterNode(of reason: TrainingError, in grid: Node?) -> Node? {
        guard case .mapping(let mapping)? = grid else { return nil }
        switch reason {
        case .unknownParameter(let name, _): return mapping.first { $0.key.scalar?.string == name }?.key
        case .invalidParameter(let name, _, _): return mapping.first { $0.key.scalar?.string == name }?.value
        default: return nil
        }
    }

    private static func malformed(_ node: Node, _ reason: String) -> SearchError {
        .malformedGrid(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, reason: reason)
    }

    private static func malformed(_ error: any Error) -> SearchError {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            .malformedGrid(line: mark.line, column: mark.column, reason: problem)
        case .duplicatedKeysInMapping(let names, let context):
            .malformedGrid(
                line: context.mark.line, column: context.mark.column,
                reason: "the field '\(names.sorted().first ?? "?")' appears twice")
        default:
            .malformedGrid(line: 1, column: 1, reason: "not YAML: \(error)")
        }
    }
}
