"""Predictions per second of batches of 4,096 packed bitmaps, beside scikit-learn's predict of the same digits, in alternating rounds."""

import http.client
import time
from statistics import median

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.svm import SVC

from semeion import read_semeion
from server import serving

BATCH = 4_096


def rate(answer):
    """Digits per second of one call."""
    start = time.perf_counter()
    answer()
    return BATCH / (time.perf_counter() - start)


def measure(options):
    semeion = read_semeion()
    rows = np.random.default_rng(0).integers(0, len(semeion.labels), BATCH)
    pixels = semeion.pixels[rows]
    packed = np.packbits(pixels.astype(np.uint8), axis=1).tobytes()
    vectors = SVC(C=10, gamma=0.03).fit(semeion.pixels, semeion.labels)
    forest = RandomForestClassifier(300, max_features="log2", n_jobs=-1, random_state=0).fit(semeion.pixels, semeion.labels)
    print(
        f"POST /predict of {BATCH} bitmaps as octets, answered as JSON with all probabilities, beside scikit-learn {sklearn.__version__} "
        f"on all cores; {options.rounds} rounds, one after the other"
    )
    with serving(options) as (_, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

        def post(model):
            connection.request("POST", f"/predict?model={model}", body=packed, headers={"Content-Type": "application/octet-stream"})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"POST /predict?model={model} answered {answer.status}: {body[:200]!r}")

        pairs = {
            "svm": ("SVC.predict", lambda: vectors.predict(pixels)),
            "random-forest": ("RandomForestClassifier.predict_proba", lambda: forest.predict_proba(pixels)),
        }
        for model, (name, predict) in pairs.items():
            post(model)
            rounds = [(rate(lambda: post(model)), rate(predict)) for _ in range(options.rounds)]
            ours, theirs = (median(column) for column in zip(*rounds))
            print(f"{model}: {ours:,.0f} digits/s; {name}: {theirs:,.0f}; {median(a / b for a, b in rounds):.1f} times")
        connection.close()
