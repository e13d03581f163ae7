"""What differs between two documents of reference numbers, in a few lines."""

# Seconds and Python are of the machine that measured, the number of candidates is of those that were asked for.
UNCOMPARED = {"wall_seconds", "wall_seconds_total", "mean_fit_seconds", "mean_score_seconds", "python", "candidates"}


def differences(found, expected, path=""):
    """Lists the places where two JSON values differ: path, found, expected. Candidates are matched by classifier and parameters, and
    those that `found` leaves out are no difference."""
    if isinstance(found, dict) and isinstance(expected, dict):
        rows = []
        for key in sorted((found.keys() | expected.keys()) - UNCOMPARED):
            if key not in found or key not in expected:
                rows.append((f"{path}.{key}", found.get(key, "nothing"), expected.get(key, "nothing")))
            else:
                rows += differences(found[key], expected[key], f"{path}.{key}")
        return rows
    if isinstance(found, list) and isinstance(expected, list):
        if found and isinstance(found[0], dict) and "params" in found[0]:
            return candidate_differences(found, expected)
        if len(found) != len(expected):
            return [(f"{path} (length)", len(found), len(expected))]
        pairs = enumerate(zip(found, expected, strict=True))
        return [row for index, (one, other) in pairs for row in differences(one, other, f"{path}[{index}]")]
    return [] if found == expected and type(found) is type(expected) else [(path, found, expected)]


def candidate_differences(found, expected):
    known = {name(result): result for result in expected}
    rows = []
    for result in found:
        if name(result) in known:
            rows += differences(result, known[name(result)], name(result))
        else:
            rows.append((name(result), "a candidate", "none"))
    return rows


def name(result):
    params = ", ".join(f"{key} {value}" for key, value in sorted(result["params"].items()))
    return f"{result['classifier']} ({params})"


def report(found, expected, limit=40):
    """Prints the differences. Returns whether there are any."""
    rows = differences(found, expected)
    for path, one, other in rows[:limit]:
        print(f"  {path}: {one}, was {other}")
    if len(rows) > limit:
        print(f"  and {len(rows) - limit} more")
    return bool(rows)
