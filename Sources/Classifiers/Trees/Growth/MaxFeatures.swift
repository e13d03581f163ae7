import Digits

/// How many features a split is chosen from: scikit-learn's `max_features`.
public enum MaxFeatures: Hashable, Sendable {
    /// `auto`, the name that the square root had in scikit-learn 0.17.
    case automatic
    /// `sqrt`: 16 of the 256.
    case squareRoot
    /// `log2`: 8 of the 256.
    case logarithm
    /// A whole number, 1...256.
    case number(Int)
    /// A share of all, above 0 and up to 1; at least one feature.
    case share(Double)
    /// `null`: all 256.
    case all

    init(_ value: ParameterValue) throws(TrainingError) {
        switch value {
        case .text("auto"): self = .automatic
        case .text("sqrt"): self = .squareRoot
        case .text("log2"): self = .logarithm
        case .null: self = .all
        case .integer(let count) where (1...Bitmap.pixelCount).contains(count): self = .number(count)
        // 1 and 1.0 are one number in JSON: it is the count, as in a grid that lists whole numbers.
        case .number(let share) where share > 0 && share < 1: self = .share(share)
        default:
            throw .invalidParameter(
                name: "max_features", found: value,
                expected: "auto, sqrt, log2, null, a whole number from 1 to 256 or a share between 0 and 1")
        }
    }

    var value: ParameterValue {
        switch self {
        case .automatic: .text("auto")
        case .squareRoot: .text("sqrt")
        case .logarithm: .text("log2")
        case .number(let count): .integer(count)
        case .share(let share): .number(share)
        case .all: .null
        }
    }

    /// As a number of features, 1...256.
    var count: Int {
        switch self {
        case .automatic, .squareRoot: 16
        case .logarithm: 8
        case .number(let count): count
        case .share(let share): max(1, Int(share * Double(Bitmap.pixelCount)))
        case .all: Bitmap.pixelCount
        }
    }
}
