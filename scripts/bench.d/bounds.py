"""Bounds that a measurement has to keep; where one is missed, scripts/bench ends with 1 after all it was asked for."""


class BoundMissed(Exception):
    """What was measured, and what was expected."""


def hold(what, measured, limit):
    print(f"{what}: {measured:.2f}, expected at most {limit}: {'holds' if measured <= limit else 'MISSED'}")
    # Not a number is no pass either.
    if not measured <= limit:
        raise BoundMissed(f"{what} is {measured:.2f}, expected at most {limit}")
