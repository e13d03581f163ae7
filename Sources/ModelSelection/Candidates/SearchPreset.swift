/// The searches that come with digitd: the files in `config/grids`, inside the binary so that it runs from anywhere.
public enum SearchPreset: String, CaseIterable, Sendable {
    /// A few candidates of each classifier that usually do well: seconds.
    case quick
    /// The study's grids of the SVM and the random forest: 48 + 24 candidates.
    case tuned
    /// All of the study: 279 candidates of nine classifiers.
    case paper

    /// - Throws: as `SearchSpace.init(yaml:)`; a test reads every preset.
    public func space() throws(SearchError) -> SearchSpace {
        let yaml =
            switch self {
            case .quick: PackageResources.quick_yaml
            case .tuned: PackageResources.tuned_yaml
            case .paper: PackageResources.paper_yaml
            }
        return try SearchSpace(yaml: String(decoding: yaml, as: UTF8.self))
    }
}
