"""Many different digits to ask about: Semeion's, shuffled with a seed, as 64 hexadecimal digits each."""

import random


def semeion_bitmaps(path="data/semeion.data"):
    with open(path, encoding="ascii") as file:
        rows = [[int(float(value)) for value in line.split()[:256]] for line in file]
    bitmaps = [f"{int(''.join(map(str, row)), 2):064x}" for row in rows]
    # In the file's order equal digits stand together, and a processor's branch predictor would learn them.
    random.Random(0).shuffle(bitmaps)
    return bitmaps
