"""Models fitted once on an unbalanced part of Semeion, with the numbers that say what was fitted."""

import numpy as np
from sklearn.covariance import ledoit_wolf_shrinkage
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

# Rows of each digit to train on, the first ones of the file.
ROWS_OF_DIGIT = [150, 8, 90, 12, 30, 60, 5, 20, 120, 15]

MACHINES = (
    {"kernel": "rbf", "C": 1, "gamma": 0.01},
    {"kernel": "rbf", "C": 1, "gamma": 0.01, "class_weight": "balanced"},
    {"kernel": "rbf", "C": 0.3, "gamma": 0.01, "class_weight": "balanced", "break_ties": True},
    {"kernel": "rbf", "C": 0.2, "gamma": 0.01, "break_ties": True},
    {"kernel": "poly", "C": 0.5, "gamma": 0.02, "degree": 4, "coef0": 0.5},
    {"kernel": "poly", "C": 1, "gamma": 0.01, "degree": 1, "coef0": -1},
    {"kernel": "sigmoid", "C": 2, "gamma": 0.005, "coef0": -0.5, "class_weight": "balanced"},
)

# Of equally good splits a seed decides, so that trees are compared by the means of many.
TREE_SEEDS = 200
TREES = (
    {"min_samples_split": 30},
    {"min_samples_split": 0.1, "criterion": "entropy", "max_features": "sqrt"},
    {"min_samples_leaf": 0.015},
    {"max_leaf_nodes": 12},
    {"max_leaf_nodes": 40, "criterion": "entropy", "max_features": "sqrt"},
    {"max_leaf_nodes": 25, "max_depth": 6, "min_samples_leaf": 4},
    {"ccp_alpha": 0.005},
    {"ccp_alpha": 0.02, "criterion": "entropy", "max_features": 0.3},
    {"ccp_alpha": 0.006, "max_leaf_nodes": 40, "max_features": "log2"},
)
FORESTS = (
    {"min_samples_split": 0.04},
    {"min_samples_leaf": 0.01, "max_features": 0.2},
    {"max_leaf_nodes": 20},
    {"ccp_alpha": 0.004},
    {"max_leaf_nodes": 30, "ccp_alpha": 0.04, "criterion": "entropy", "bootstrap": False},
)

DISCRIMINANTS = (
    {"solver": "lsqr", "shrinkage": "auto"},
    {"solver": "eigen", "shrinkage": "auto"},
    {"solver": "lsqr", "shrinkage": 0.1},
    {"solver": "eigen", "shrinkage": 0.4},
    {"solver": "lsqr", "shrinkage": 1},
)
PROBABILITY_ROWS = [0, 400, 800, 1200, 1592]


def training_rows(labels):
    return np.sort(np.concatenate([np.flatnonzero(labels == digit)[:count] for digit, count in enumerate(ROWS_OF_DIGIT)]))


def fits(semeion):
    rows = training_rows(semeion.labels)
    pixels, labels = semeion.pixels[rows], semeion.labels[rows]
    return {
        "training_rows": rows.tolist(),
        "svm": [machine_fit(params, pixels, labels, semeion) for params in MACHINES],
        "trees": [tree_fits(params, rows, semeion) for params in TREES],
        "forests": [forest_fit(params, rows, semeion) for params in FORESTS],
        "ledoit_wolf": [ledoit_wolf(pixels[labels == digit]) for digit in range(10)],
        "discriminants": [discriminant_fit(params, pixels, labels, semeion) for params in DISCRIMINANTS],
    }


def machine_fit(params, pixels, labels, semeion):
    fitted = SVC(**params).fit(pixels, labels)
    return {
        "classifier": "svm",
        "params": params,
        "support_count": fitted.n_support_.tolist(),
        "intercept": fitted.intercept_.round(6).tolist(),
        "predictions": "".join(map(str, fitted.predict(semeion.pixels))),
    }


def tree_fits(params, rows, semeion):
    trees = [
        DecisionTreeClassifier(random_state=seed, **params).fit(semeion.pixels[rows], semeion.labels[rows]) for seed in range(TREE_SEEDS)
    ]
    return {"classifier": "decision-tree", "params": params, **measures(trees, rows, semeion)}


def forest_fit(params, rows, semeion):
    """The trees of one forest; they answer positions of classes, which are the digits."""
    forest = RandomForestClassifier(n_estimators=TREE_SEEDS, random_state=0, **params).fit(semeion.pixels[rows], semeion.labels[rows])
    return {"classifier": "random-forest", "params": params, **measures(forest.estimators_, rows, semeion)}


def measures(trees, rows, semeion):
    """Mean and standard deviation over trees: their size, and how many of the rows they get right."""
    others = np.setdiff1d(np.arange(len(semeion.labels)), rows)
    accuracy = {name: [np.mean(tree.predict(semeion.pixels[part]) == semeion.labels[part]) for tree in trees]
                for name, part in {"training_accuracy": rows, "other_accuracy": others}.items()}
    found = {"leaves": [tree.get_n_leaves() for tree in trees], "depth": [tree.get_depth() for tree in trees], **accuracy}
    return {name: [round(float(np.mean(values)), 6), round(float(np.std(values, ddof=1)), 6)] for name, values in found.items()}


def ledoit_wolf(pixels):
    """The shrinkage of one class, as LinearDiscriminantAnalysis finds it."""
    return round(float(ledoit_wolf_shrinkage(StandardScaler().fit_transform(pixels))), 9)


def discriminant_fit(params, pixels, labels, semeion):
    fitted = LinearDiscriminantAnalysis(**params).fit(pixels, labels)
    shown = semeion.pixels[PROBABILITY_ROWS]
    # The signs of directions are open.
    transforms = {"transform_magnitudes": np.abs(fitted.transform(shown)).round(7).tolist()} if params["solver"] == "eigen" else {}
    return {
        "classifier": "linear-discriminant-analysis",
        "params": params,
        "predictions": "".join(map(str, fitted.predict(semeion.pixels))),
        "probability_rows": PROBABILITY_ROWS,
        "probabilities": fitted.predict_proba(shown).round(9).tolist(),
        **transforms,
    }
