"""Shows that the check has teeth: spells each member of good bodies wrong and gives it a value of a wrong type, and notes which of that is let pass."""

import json
from collections import Counter, defaultdict

from interfaces import failures_of

# So many bodies are broken at each place of an interface.
EACH = 1


class Mutants:
    def __init__(self):
        self._seen = Counter()
        # Of each interface: place, what was broken there, and whether that was refused.
        self._tried = defaultdict(list)

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
                is_refused = bool(failures_of(line | {"text": json.dumps(line["body"])}))
                self._tried[name].append((place, breakage, is_refused))
                holder.clear()
                holder.update(whole)

    def summary(self):
        """For each interface the places that take members of any name or values of any type, and how many bodies were broken and refused elsewhere."""
        return {name: _summary(tried) for name, tried in self._tried.items()}


def _summary(tried):
    free = {place.rpartition(".")[0] for place, breakage, is_refused in tried if breakage is _misspell and not is_refused}
    rest = [mutant for mutant in tried if not any(mutant[0].startswith(place + ".") for place in free)]
    free |= {place for place, _, is_refused in rest if not is_refused}
    highest = sorted(place for place in free if not any(place.startswith(other + ".") for other in free))
    return {"tried": len(rest), "refused": sum(is_refused for _, _, is_refused in rest), "free": highest}


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
