"""Shows that the check has teeth: spells each member of good bodies wrong and gives it a value of a wrong type, and notes which of that is let pass."""

import json
from collections import Counter, defaultdict

from interfaces import failures_of

# So many bodies are broken at each place of an interface.
EACH = 1


class Mutants:
    def __init__(self):
        self._tried, self._refused, self._seen = Counter(), Counter(), Counter()
        self._passed = defaultdict(set)

    def of(self, line):
        """Breaks the body of a line at all places where not enough others were broken; leaves it whole."""
        name = line["interface"]
        for place, holder, key in list(_members(line["body"], "")):
            if self._seen[name, place] == EACH:
                continue
            self._seen[name, place] += 1
            for breakage in (_misspell, _mistype):
                whole = list(holder.items())
                breakage(holder, key)
                if failures_of(line | {"text": json.dumps(line["body"])}):
                    self._refused[name] += 1
                else:
                    self._passed[name].add((place, breakage is _misspell))
                self._tried[name] += 1
                holder.clear()
                holder.update(whole)

    def summary(self):
        """For each interface how many bodies were broken and refused, and the places where one was let pass, the highest ones alone."""
        return {
            name: {"tried": tried, "refused": self._refused[name], "passed": _summits(self._passed[name])}
            for name, tried in self._tried.items()
        }


def _members(value, path):
    """All members below a value: where they stand, lists seen through, and what holds them."""
    if isinstance(value, dict):
        for key, part in list(value.items()):
            yield f"{path}.{key}".lstrip("."), value, key
            yield from _members(part, f"{path}.{key}")
    elif isinstance(value, list):
        for part in value:
            yield from _members(part, path)


def _misspell(holder, key):
    whole = list(holder.items())
    holder.clear()
    holder.update((name + "x" if name == key else name, value) for name, value in whole)


def _mistype(holder, key):
    holder[key] = 7 if isinstance(holder[key], (dict, list)) else {"wrong": [True]}


def _summits(passed):
    """What holds members whose names may be any; and places that take any type, unless they stand below one of these."""
    loose = {place.rpartition(".")[0] for place, is_name in passed if is_name}
    places = loose | {place for place, is_name in passed if not is_name}
    return sorted(place for place in places if not any(place.startswith(other + ".") for other in loose))
