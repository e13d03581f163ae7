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
}
