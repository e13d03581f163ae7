import Classifiers

/// One candidate measured on one fold.
public struct Trial: Sendable {
    /// Number of the candidate in its search, from 0.
    public let candidate: Int
    /// Number of the fold, from 0.
    public let fold: Int
    public let outcome: Outcome

    public init(candidate: Int, fold: Int, outcome: Outcome) {
        self.candidate = candidate
        self.fold = fold
        self.outcome = outcome
    }

    public enum Outcome: Sendable {
        case succeeded(Success)
        /// Why there is no score, in words.
        case failed(reason: String)
    }

    public struct Success: Sendable {
        /// The digits predicted for the fold's test rows, in ascending order of rows.
        public let predictions: [UInt8]
        /// Share of the predictions that are right, 0...1.
        public let accuracy: Double
        public let fitSeconds: Double
        public let scoreSeconds: Double
        /// Whether training ended because it had converged, not because of a limit.
        public let hasConverged: Bool

        /// How many of the predictions are right.
        var rightCount: Int { Int((accuracy * Double(predictions.count)).rounded()) }

        public init(
            predictions: [UInt8], accuracy: Double, fitSeconds: Double, scoreSeconds: Double, hasConverged: Bool = true
        ) {
            self.predictions = predictions
            self.accuracy = accuracy
            self.fitSeconds = fitSeconds
            self.scoreSeconds = scoreSeconds
            self.hasConverged = hasConverged
        }

        /// - Parameter truth: the labels of the fold's test rows, one a prediction.
        init(predictions: [UInt8], truth: [UInt8], fitSeconds: Double, scoreSeconds: Double, hasConverged: Bool = true) {
            precondition(predictions.count == truth.count && !truth.isEmpty, "a prediction a row")
            let correctCount = zip(predictions, truth).count { $0 == $1 }
            self.init(
                predictions: predictions, accuracy: Double(correctCount) / Double(truth.count), fitSeconds: fitSeconds,
                scoreSeconds: scoreSeconds, hasConverged: hasConverged)
        }
    }
}

extension Duration {
    /// This duration in seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
