"""The nine classifiers of the 2016 study: their grids, and the scikit-learn estimator of each."""

import yaml
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import AdaBoostClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

# The study does not list the grids of AdaBoost and decision trees; these bring it to its 279 candidates.
GRIDS = {
    "svm": {
        "C": [0.1, 1, 10, 100],
        "gamma": ["auto", 0.03, 0.003],
        "kernel": ["rbf", "linear", "poly", "sigmoid"],
    },
    "random-forest": {
        "n_estimators": [10, 100, 300, 500],
        "max_features": ["auto", "sqrt", "log2"],
        "max_depth": [None, 5],
    },
    "logistic-regression": {"C": [0.1, 1, 10, 100]},
    "k-nearest-neighbors": {
        "n_neighbors": [3, 5, 7],
        "p": [1, 2, 3],
        "algorithm": ["auto", "ball_tree", "kd_tree", "brute"],
    },
    "linear-discriminant-analysis": {"solver": ["svd", "lsqr", "eigen"], "n_components": [3, 5, 8]},
    "multinomial-naive-bayes": {"alpha": [0.1, 0.3, 1]},
    "gaussian-naive-bayes": {},
    "adaboost": {
        "n_estimators": [10, 20, 30, 50, 75, 100, 150, 200, 300, 500],
        "learning_rate": [0.01, 0.03, 0.1, 0.3, 1, 1.5, 2],
    },
    "decision-tree": {
        "criterion": ["gini", "entropy"],
        "max_depth": [None, 5, 10, 15, 20, 30, 40],
        "max_features": [None, "sqrt", "log2"],
        "min_samples_leaf": [1, 2],
    },
}

# Hyperparameters and classifiers that the study did not have: pairs of classifier and grid.
BEYOND_THE_STUDY = [
    ("bernoulli-naive-bayes", {"alpha": [0.01, 0.1, 1, 10], "fit_prior": [True, False]}),
    ("k-nearest-neighbors", {"n_neighbors": [3, 5, 7], "p": [1, 2], "weights": ["distance"]}),
    ("svm", {"C": [1, 10], "gamma": [0.01], "tol": [0.1, 1e-5]}),
    ("svm", {"C": [1], "gamma": [0.01], "kernel": ["poly"], "degree": [0, 1, 2, 5], "coef0": [-0.5, 1]}),
    ("svm", {"C": [1], "gamma": [0.01], "kernel": ["sigmoid"], "coef0": [-1, 0.5]}),
    ("svm", {"C": [0.01, 1], "gamma": [0.01], "class_weight": ["balanced"], "break_ties": [False, True]}),
    ("svm", {"C": [0.01, 1], "gamma": [0.01], "break_ties": [True]}),
    ("linear-discriminant-analysis", {"solver": ["lsqr", "eigen"], "shrinkage": ["auto", 0.01, 0.3, 1]}),
]


def grids_of(path):
    """Reads a grid file of config/grids: pairs of classifier and grid."""
    with open(path, encoding="utf-8") as file:
        entries = yaml.safe_load(file)["search"]
    return [
        (entry["classifier"], {name: values if isinstance(values, list) else [values] for name, values in entry.get("grid", {}).items()})
        for entry in entries
    ]


def estimator(classifier, params, seed=0):
    """The estimator of one candidate. What is random in it follows from the seed."""
    match classifier:
        case "svm":
            return SVC(**params)
        case "random-forest":
            # `auto` went out of scikit-learn in 1.3; for classification it was `sqrt`.
            max_features = "sqrt" if params.get("max_features") == "auto" else params.get("max_features", "sqrt")
            return RandomForestClassifier(random_state=seed, **{**params, "max_features": max_features})
        case "logistic-regression":
            # The study's scikit-learn 0.17: one versus rest with liblinear, which shrinks the intercept too.
            return OneVsRestClassifier(LogisticRegression(solver="liblinear", **params))
        case "k-nearest-neighbors":
            return KNeighborsClassifier(**params)
        case "linear-discriminant-analysis":
            return LinearDiscriminantAnalysis(**params)
        case "multinomial-naive-bayes":
            return MultinomialNB(**params)
        case "bernoulli-naive-bayes":
            return BernoulliNB(**params)
        case "gaussian-naive-bayes":
            return GaussianNB(**params)
        case "adaboost":
            return AdaBoostClassifier(random_state=seed, **params)
        case "decision-tree":
            return DecisionTreeClassifier(random_state=seed, **params)
    raise ValueError(f"{classifier} is not a classifier; expected one of {', '.join(GRIDS)}")
