"""Validators that take nothing which a vendor's types do not name.

The vendors' types are lenient: TypedDicts and many of their models let unknown members pass, and an `Iterable` is not looked into before somebody
iterates. So pydantic's plan of a type is changed before a validator is made of it.
"""

from pydantic import TypeAdapter
from pydantic_core import SchemaValidator, ValidationError, from_json


def validator(type_, free=()):
    """A validator of JSON text by `type_`. Models whose classes are named in `free` may have members that they do not name."""
    adapter = TypeAdapter(type_)
    adapter.rebuild()
    # Otherwise the validators that the models' classes have already would be taken for them.
    return SchemaValidator(_closed(adapter.core_schema, set(free)), _use_prebuilt=False)


def _closed(plan, free):
    if isinstance(plan, (list, tuple)):
        return type(plan)(_closed(part, free) for part in plan)
    if not isinstance(plan, dict):
        return plan
    closed = {key: part if key in ("metadata", "serialization", "cls") else _closed(part, free) for key, part in plan.items()}
    match plan.get("type"):
        case "typed-dict" | "dataclass-args":
            closed["extra_behavior"] = "forbid"
            closed.pop("extras_schema", None)
        case "model":
            fields = closed["schema"]
            while "fields" not in fields:
                fields = fields["schema"]
            fields["extra_behavior"] = "ignore" if plan["cls"].__name__ in free else "forbid"
            fields.pop("extras_schema", None)
        case "generator":
            closed["type"] = "list"
        case "union":
            closed["choices"] = _known(closed["choices"])
        case "function-before" if _is_open(plan["schema"]):
            # What it does is to take everything that fits no alternative as an unknown one.
            return closed["schema"]
    return closed


def _known(choices):
    """The alternatives without those that take what the others refuse."""
    has_names = any(choice["type"] == "literal" for choice in choices)
    return [choice for choice in choices if not _is_unknown(choice) and not (has_names and choice["type"] == "any")]


def _is_open(plan):
    return plan["type"] == "union" and any(_is_unknown(choice) for choice in plan["choices"])


def _is_unknown(choice):
    """Whether an alternative is a class that stands for all alternatives to come."""
    name = choice["cls"].__name__ if choice["type"] == "model" else choice.get("schema_ref", "").split(":")[0].split(".")[-1]
    return name.startswith("Unknown")


def failures(validator, text):
    """What is wrong with a body, where of several alternatives the one counts that comes closest."""
    try:
        validator.validate_json(text, strict=True)
        return []
    except ValidationError as error:
        complaints = error.errors(include_url=False, include_context=False, include_input=False)
    except Exception as error:  # Some of the libraries' own code is not made for values of wrong types.
        return [{"path": "", "problem": f"{type(error).__name__}: {error}"}]
    body, found = from_json(text), {}
    for complaint in complaints:
        path, branch = _places(complaint["loc"], body)
        found.setdefault(branch, []).append({"path": ".".join(path), "problem": complaint["msg"]})
    closest = min(found.values(), key=lambda branch: (len(branch), -max(complaint["path"].count(".") for complaint in branch)))
    return closest[:3]


def _places(steps, body):
    """The steps of a complaint that lead through the body, and those that name alternatives of the types."""
    path, branch = [], []
    for place, step in enumerate(steps):
        if isinstance(body, dict) and step in body or isinstance(body, list) and isinstance(step, int):
            body = body[step]
            path.append(str(step))
        elif place == len(steps) - 1 and isinstance(body, dict):
            path.append(str(step))
        else:
            branch.append(f"{len(path)} {step}")
    return path, tuple(branch)
