"""Checks bodies of requests against the types of the vendors' own libraries.

    check.py <file>

Each line of the file is an object with `interface`, `streamed`, `path` and `body`. For each line one object is printed: what is wrong with the body, and
nothing if it is good. The last line holds the versions of the libraries, and what the check lets pass of bodies that were broken on purpose: of those whose line
has `breaks`.
"""

import json
import sys
from importlib.metadata import version

from interfaces import failures_of
from mutants import Mutants

LIBRARIES = ["anthropic", "cohere", "google-genai", "groq", "mistralai", "ollama", "openai", "openrouter"]


def main():
    mutants = Mutants()
    with open(sys.argv[1], encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            print(json.dumps({"failures": failures_of(line | {"text": json.dumps(line["body"])})}))
            if line.get("breaks"):
                mutants.of(line)
    print(json.dumps({"versions": {name: version(name) for name in LIBRARIES}, "mutants": mutants.summary()}))


if __name__ == "__main__":
    main()
