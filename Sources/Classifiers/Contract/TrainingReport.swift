/// What a classifier has to say of its own training.
public struct TrainingReport: Codable, Hashable, Sendable {
    /// False where the solver reached its iteration limit before its tolerance.
    public var converged: Bool
    /// Measures by name (`iterations`, `support_vectors`, `out_of_bag_score`, …); finite numbers.
    public var measures: [String: Double]

    public init(converged: Bool = true, measures: [String: Double] = [:]) {
        self.converged = converged
        self.measures = measures
    }
}
