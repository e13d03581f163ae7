import Classifiers
import DigitAPI
import Digits
import JSONText
import ModelSelection

/// Reads requests. What is left out gets its default: `semeion`, `quick`, `grid`, 10, `stratified`, 0, 0, `never`.
extension ExperimentRequest {
    enum Field: String, CaseIterable {
        case name, dataset, search, preset, strategy, candidates, folds, folding, seed, priority, promote
        case allowFewerClasses = "allow_fewer_classes"
    }

    /// Reads a request, also one that the database keeps. Its search is not expanded, so that lists of experiments stay quick.
    ///
    /// - Throws: `ExperimentRequestError` with field, found and expected.
    public init(json bytes: borrowing Span<UInt8>) throws(ExperimentRequestError) {
        let root: JSONValue
        do throws(JSONTextError) { root = try JSONValue(bytes) } catch { throw .notJSON(error) }
        let fields = try RequestFields(root, path: "", known: Field.allCases.map(\.rawValue))
        self.init(
            name: try ExperimentRequest.name(fields),
            dataset: try ExperimentRequest.dataset(fields),
            search: try ExperimentRequest.search(fields),
            selection: try ExperimentRequest.selection(fields),
            folds: try ExperimentRequest.folds(fields),
            seed: try fields.integer(Field.seed.rawValue, in: UInt64.min...UInt64.max) ?? 0,
            priority: try fields.integer(Field.priority.rawValue, in: ExperimentRequest.priorities) ?? 0,
            promote: try fields.choice(Field.promote.rawValue) ?? .never,
            allowsFewerClasses: try fields.truth(Field.allowFewerClasses.rawValue) ?? false)
    }

    private static func name(_ fields: RequestFields) throws(ExperimentRequestError) -> String? {
        guard fields[.name] != .null, let name = try fields.text(Field.name.rawValue) else { return nil }
        guard name.unicodeScalars.count <= nameLengthLimit,
            !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw fields.invalid(Field.name.rawValue, expected: "at most \(nameLengthLimit) characters, none of them a control character")
        }
        return name
    }

    private static func dataset(_ fields: RequestFields) throws(ExperimentRequestError) -> DatasetReference {
        guard let text = try fields.text(Field.dataset.rawValue) else { return DatasetReference(name: .semeion) }
        guard let reference = DatasetReference(text) else {
            throw fields.invalid(
                Field.dataset.rawValue, expected: "the name of a data set (\(DatasetName.expected)), or that and '+feedback'")
        }
        return reference
    }

    private static func search(_ fields: RequestFields) throws(ExperimentRequestError) -> Search {
        let preset: SearchPreset? = try fields.choice(Field.preset.rawValue)
        guard let search = fields[.search] else { return .preset(preset ?? .quick) }
        guard preset == nil else {
            throw .fieldNotApplicable(field: Field.preset.rawValue, reason: "a search is given too; expected one of the two")
        }
        guard case .array(let list) = search, !list.isEmpty else {
            throw fields.invalid(Field.search.rawValue, expected: "a list of at least one classifier with its grid")
        }
        var entries: [SearchSpace.Entry] = []
        for (index, element) in list.enumerated() {
            let path = "\(Field.search.rawValue)[\(index)]"
            let entry = try RequestFields(element, path: path, known: ["classifier", "grid"])
            guard let classifier: ClassifierName = try entry.choice("classifier") else {
                throw .invalidValue(field: "\(path).classifier", found: "nothing", expected: "the name of a classifier")
            }
            entries.append(SearchSpace.Entry(classifier: classifier, grid: try grid(entry["grid"], path: "\(path).grid")))
        }
        return .entries(entries)
    }

    private static func grid(_ value: JSONValue?, path: String) throws(ExperimentRequestError) -> [String: [ParameterValue]] {
        guard let value else { return [:] }
        guard case .object(let fields) = value else {
            throw .invalidValue(field: path, found: "\(value)", expected: "an object of hyperparameters and the values to try")
        }
        var grid: [String: [ParameterValue]] = [:]
        for name in fields.keys.sorted() {
            // As in grid files, one value may stand without brackets.
            let values: [JSONValue] = if case .array(let list)? = fields[name] { list } else { fields[name].map { [$0] } ?? [] }
            var parameters: [ParameterValue] = []
            for value in values { parameters.append(try parameter(value, path: "\(path).\(name)")) }
            grid[name] = parameters
        }
        return grid
    }

    private static func parameter(_ value: JSONValue, path: String) throws(ExperimentRequestError) -> ParameterValue {
        switch value {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .string(let text): return .text(text)
        case .number(let spelling):
            if let integer = Int(spelling) { return .integer(integer) }
            if let number = Double(spelling), number.isFinite { return .number(number) }
        case .array, .object: break
        }
        throw .invalidValue(field: path, found: "\(value)", expected: "null, true, false, a finite number or a word")
    }

    private static func selection(_ fields: RequestFields) throws(ExperimentRequestError) -> Selection {
        let strategy: SearchStrategy = try fields.choice(Field.strategy.rawValue) ?? .grid
        let candidateCount = try fields.integer(Field.candidates.rawValue, in: 1...SearchSpace.largestCandidateCount)
        guard strategy == .random else {
            if candidateCount != nil {
                throw .fieldNotApplicable(field: Field.candidates.rawValue, reason: "only the strategy 'random' draws candidates")
            }
            return strategy == .grid ? .all : .halving
        }
        guard let candidateCount else {
            throw .invalidValue(
                field: Field.candidates.rawValue, found: "nothing", expected: "how many candidates the strategy 'random' is to draw")
        }
        return .drawn(candidateCount: candidateCount)
    }

    private static func folds(_ fields: RequestFields) throws(ExperimentRequestError) -> Folds {
        let folding: Folding? = try fields.choice(Field.folding.rawValue)
        func fixed(_ folds: Folds) throws(ExperimentRequestError) -> Folds {
            guard folding == nil else {
                throw .fieldNotApplicable(field: Field.folding.rawValue, reason: "'folds' already says which rows come together")
            }
            return folds
        }
        switch fields[.folds] {
        case nil: return .count(10, folding ?? .stratified)
        case .string(NewExperiment.Folds.leaveOneOutName)?: return try fixed(.leaveOneOut)
        case .number(let spelling)?:
            if let count = Int(spelling), foldCounts.contains(count) { return .count(count, folding ?? .stratified) }
        case .array(let list)?:
            var foldOfRow: [Int] = []
            foldOfRow.reserveCapacity(list.count)
            for (row, element) in list.enumerated() {
                guard case .number(let spelling) = element, let fold = Int(spelling) else {
                    throw .invalidValue(field: "folds[\(row)]", found: "\(element)", expected: "the number of a fold, from 0")
                }
                foldOfRow.append(fold)
            }
            let assignment: FoldAssignment
            do throws(DigitsError) { assignment = try FoldAssignment(foldOfRow: foldOfRow) } catch { throw .invalidFolds(error) }
            return try fixed(.assignment(assignment))
        default: break
        }
        throw fields.invalid(
            Field.folds.rawValue,
            expected:
                "\(foldCounts.lowerBound) to \(foldCounts.upperBound), '\(NewExperiment.Folds.leaveOneOutName)', or a list with the fold of every row"
        )
    }
}

/// The fields of one object of a request.
private struct RequestFields {
    private let values: [String: JSONValue]
    private let path: String

    /// - Throws: `ExperimentRequestError.unknownField` for the first name, in alphabetical order, that is not known.
    init(_ value: JSONValue, path: String, known: [String]) throws(ExperimentRequestError) {
        guard case .object(let values) = value else {
            throw .invalidValue(field: path.isEmpty ? "the request" : path, found: "\(value)", expected: "an object")
        }
        self.values = values
        self.path = path.isEmpty ? "" : path + "."
        if let stranger = values.keys.filter({ !known.contains($0) }).min() {
            throw .unknownField(name: self.path + stranger, known: known)
        }
    }

    subscript(name: String) -> JSONValue? { values[name] }
    subscript(field: ExperimentRequest.Field) -> JSONValue? { values[field.rawValue] }

    func text(_ name: String) throws(ExperimentRequestError) -> String? {
        guard let value = values[name] else { return nil }
        guard case .string(let text) = value else { throw invalid(name, expected: "a text") }
        return text
    }

    func truth(_ name: String) throws(ExperimentRequestError) -> Bool? {
        guard let value = values[name] else { return nil }
        guard case .bool(let truth) = value else { throw invalid(name, expected: "true or false") }
        return truth
    }

    func integer<Integer: FixedWidthInteger>(
        _ name: String, in range: ClosedRange<Integer>
    ) throws(ExperimentRequestError) -> Integer? {
        guard let value = values[name] else { return nil }
        guard case .number(let spelling) = value, let integer = Integer(spelling), range.contains(integer) else {
            throw invalid(name, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    func choice<Choice>(_ name: String) throws(ExperimentRequestError) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        guard let value = values[name] else { return nil }
        if case .string(let spelling) = value, let choice = Choice(rawValue: spelling) { return choice }
        throw invalid(name, expected: "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }

    /// The error for a field of this object whose value will not do.
    func invalid(_ name: String, expected: String) -> ExperimentRequestError {
        .invalidValue(field: path + name, found: values[name].map { "\($0)" } ?? "nothing", expected: expected)
    }
}
