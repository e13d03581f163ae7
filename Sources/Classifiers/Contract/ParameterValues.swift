import JSONText

/// The value of one hyperparameter, as grids, model documents and reports spell it.
public enum ParameterValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case text(String)

    /// A number: whole ones without a decimal point, since JSON does not keep 10 and 10.0 apart.
    static func spelled(_ number: Double) -> ParameterValue {
        if let whole = Int(exactly: number) { .integer(whole) } else { .number(number) }
    }
}

extension ParameterValue: CustomStringConvertible {
    public var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value): value
        }
    }
}

extension ParameterValue: Codable {
    public init(from decoder: any Decoder) throws {
        switch try JSONValue(from: decoder) {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let spelling): self = Int(spelling).map(ParameterValue.integer) ?? .number(Double(spelling) ?? .nan)
        case .string(let value): self = .text(value)
        case .array, .object:
            throw DecodingError.typeMismatch(
                ParameterValue.self,
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "expected null, true, false, a number or a text"))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        }
    }
}

/// Hyperparameters by name, before they have been validated or after they have been written out.
///
/// Classifiers read them with the typed look-ups below, each of which names the parameter, what was found and what was expected.
public struct ParameterValues: Hashable, Sendable {
    private var valueOfName: [String: ParameterValue]

    public init(_ values: [String: ParameterValue] = [:]) {
        valueOfName = values
    }

    public subscript(name: String) -> ParameterValue? {
        get { valueOfName[name] }
        set { valueOfName[name] = newValue }
    }

    /// The names, in alphabetical order.
    public var names: [String] { valueOfName.keys.sorted() }

    /// - Throws: `TrainingError.unknownParameter` for the first name, in alphabetical order, that is not among `known`.
    public func requireOnly(_ known: [String]) throws(TrainingError) {
        if let stranger = names.first(where: { !known.contains($0) }) {
            throw .unknownParameter(name: stranger, known: known)
        }
    }

    /// A finite number greater than zero.
    public func positiveNumber(_ name: String, default fallback: Double) throws(TrainingError) -> Double {
        switch valueOfName[name] {
        case nil: return fallback
        case .integer(let value)? where value > 0: return Double(value)
        case .number(let value)? where value > 0 && value.isFinite: return value
        case let found?: throw .invalidParameter(name: name, found: found, expected: "a number greater than 0")
        }
    }

    /// A finite number, zero or greater.
    public func nonNegativeNumber(_ name: String, default fallback: Double) throws(TrainingError) -> Double {
        switch valueOfName[name] {
        case nil: return fallback
        case .integer(let value)? where value >= 0: return Double(value)
        case .number(let value)? where value >= 0 && value.isFinite: return value
        case let found?: throw .invalidParameter(name: name, found: found, expected: "a number, 0 or greater")
        }
    }

    /// A finite number.
    public func finiteNumber(_ name: String, default fallback: Double) throws(TrainingError) -> Double {
        switch valueOfName[name] {
        case nil: return fallback
        case .integer(let value)?: return Double(value)
        case .number(let value)? where value.isFinite: return value
        case let found?: throw .invalidParameter(name: name, found: found, expected: "a number")
        }
    }

    /// A whole number in `range`.
    public func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws(TrainingError) -> Int {
        switch valueOfName[name] {
        case nil: return fallback
        case .integer(let value)? where range.contains(value): return value
        case let found?: throw .invalidParameter(name: name, found: found, expected: ParameterValues.words(for: range))
        }
    }

    /// A whole number in `range`, or null for none.
    public func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws(TrainingError) -> Int? {
        switch valueOfName[name] {
        case nil, .null?: return nil
        case .integer(let value)? where range.contains(value): return value
        case let found?: throw .invalidParameter(name: name, found: found, expected: ParameterValues.words(for: range) + ", or null")
        }
    }

    /// True or false.
    public func bool(_ name: String, default fallback: Bool) throws(TrainingError) -> Bool {
        switch valueOfName[name] {
        case nil: return fallback
        case .bool(let value)?: return value
        case let found?: throw .invalidParameter(name: name, found: found, expected: "true or false")
        }
    }

    /// One of the spellings of `Choice`.
    public func choice<Choice>(_ name: String, default fallback: Choice) throws(TrainingError) -> Choice
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let found = valueOfName[name] else { return fallback }
        if case .text(let spelling) = found, let choice = Choice(rawValue: spelling) { return choice }
        throw .invalidParameter(name: name, found: found, expected: "one of \(ParameterValues.spellings(Choice.self))")
    }

    /// One of the spellings of `Choice`, or null for none.
    public func optionalChoice<Choice>(_ name: String) throws(TrainingError) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let found = valueOfName[name], found != .null else { return nil }
        if case .text(let spelling) = found, let choice = Choice(rawValue: spelling) { return choice }
        throw .invalidParameter(name: name, found: found, expected: "\(ParameterValues.spellings(Choice.self)), or null")
    }

    private static func spellings<Choice: RawRepresentable<String> & CaseIterable>(_: Choice.Type) -> String {
        Choice.allCases.map(\.rawValue).joined(separator: ", ")
    }

    private static func words(for range: ClosedRange<Int>) -> String {
        "a whole number from \(range.lowerBound)" + (range.upperBound == .max ? "" : " to \(range.upperBound)")
    }
}

extension ParameterValues: Codable {
    public init(from decoder: any Decoder) throws {
        valueOfName = try decoder.singleValueContainer().decode([String: ParameterValue].self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(valueOfName)
    }
}

extension ParameterValues: CustomStringConvertible {
    /// `C=10 gamma=0.03 kernel=rbf`, in alphabetical order.
    public var description: String {
        names.map { "\($0)=\(valueOfName[$0] ?? .null)" }.joined(separator: " ")
    }
}
