/// The classifiers that digitd knows, by the one spelling they have in grids, files and addresses.
public enum ClassifierName: String, CaseIterable, Codable, Hashable, Sendable {
    case svm
    case randomForest = "random-forest"
    case decisionTree = "decision-tree"
    case adaboost
    case logisticRegression = "logistic-regression"
    case linearDiscriminantAnalysis = "linear-discriminant-analysis"
    case kNearestNeighbors = "k-nearest-neighbors"
    case multinomialNaiveBayes = "multinomial-naive-bayes"
    case gaussianNaiveBayes = "gaussian-naive-bayes"
    case bernoulliNaiveBayes = "bernoulli-naive-bayes"
}

extension ClassifierName {
    /// The hyperparameters of this classifier: the one place that connects a spelling with an algorithm.
    public var parametersType: any ClassifierParameters.Type {
        switch self {
        case .svm: SVMParameters.self
        case .randomForest: RandomForestParameters.self
        case .decisionTree: DecisionTreeParameters.self
        case .adaboost: AdaBoostParameters.self
        case .logisticRegression: LogisticRegressionParameters.self
        case .linearDiscriminantAnalysis: LinearDiscriminantParameters.self
        case .kNearestNeighbors: KNearestNeighborsParameters.self
        case .multinomialNaiveBayes: MultinomialNaiveBayesParameters.self
        case .gaussianNaiveBayes: GaussianNaiveBayesParameters.self
        case .bernoulliNaiveBayes: BernoulliNaiveBayesParameters.self
        }
    }
}
