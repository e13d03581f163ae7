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
        }
    }
}
