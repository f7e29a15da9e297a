"""Bodies for Google. Its library takes other shapes than the ones that it sends, so two things are asked of a body: that its parts are of the
library's types, and that the library, given these parts, would send the same body to the same path."""

import json
import warnings
from functools import cache
from typing import Optional

from google import genai
from google.auth.credentials import AnonymousCredentials
from google.genai import types
from pydantic import ConfigDict, create_model

from strict import failures, validator

_closed = ConfigDict(extra="forbid", val_json_bytes="base64")


@cache
def _generation_body():
    body = create_model(
        "Body",
        __config__=_closed,
        contents=(list[types.Content], ...),
        systemInstruction=(Optional[types.Content], None),
        tools=(Optional[list[types.Tool]], None),
        toolConfig=(Optional[types.ToolConfig], None),
        safetySettings=(Optional[list[types.SafetySetting]], None),
        cachedContent=(Optional[str], None),
        generationConfig=(Optional[types.GenerationConfig], None),
    )
    return body, validator(body)


@cache
def _embedding_body(place, method):
    """The type of a body, and the one of its parts for each text."""
    config = {"taskType": (Optional[str], None), "title": (Optional[str], None), "outputDimensionality": (Optional[int], None)}
    if method == "predict":
        instance = create_model("Instance", __config__=_closed, content=(str, ...), task_type=(Optional[str], None), title=(Optional[str], None))
        parameters = create_model("Parameters", __config__=_closed, outputDimensionality=(Optional[int], None), autoTruncate=(Optional[bool], None))
        body = create_model("Body", __config__=_closed, instances=(list[instance], ...), parameters=(Optional[parameters], None))
    elif place == "mldev":
        request = create_model("Request", __config__=_closed, model=(str, ...), content=(types.Content, ...), **config)
        body = create_model("Body", __config__=_closed, requests=(list[request], ...))
    else:
        config = create_model("Config", __config__=_closed, **config)
        request = create_model("Request", __config__=_closed, content=(types.Content, ...), embedContentConfig=(Optional[config], None))
        body = request if method == "embedContent" else create_model("Body", __config__=_closed, requests=(list[request], ...))
    return body, validator(body)


def generation(line, place):
    """What is wrong with a body of `generateContent`."""
    # The library takes names that its enumerations lack, and warns.
    warnings.simplefilter("error", UserWarning)
    model, check = _generation_body()
    if found := failures(check, line["text"]):
        return found
    body = model.model_validate_json(line["text"])
    config = {name: value for name, value in (body.generationConfig or types.GenerationConfig()) if value is not None}
    config |= {
        "system_instruction": body.systemInstruction,
        "tools": body.tools,
        "tool_config": body.toolConfig,
        "safety_settings": body.safetySettings,
        "cached_content": body.cachedContent,
    }
    return _unlike(line, place, lambda models, name: _generate(models, line["streamed"], name, body.contents, config))


def _generate(models, streamed, name, contents, config):
    if not streamed:
        return models._generate_content(model=name, contents=contents, config=config)
    return next(models._generate_content_stream(model=name, contents=contents, config=config))


def embedding(line, place):
    """What is wrong with a body of `batchEmbedContents`, `embedContent` or `predict`."""
    warnings.simplefilter("error", UserWarning)
    method = line["path"].split(":")[-1]
    model, check = _embedding_body(place, method)
    if found := failures(check, line["text"]):
        return found
    body = model.model_validate_json(line["text"])
    if method == "predict":
        contents = [instance.content for instance in body.instances]
        dimensions = body.parameters and body.parameters.outputDimensionality
        config = {"task_type": body.instances[0].task_type, "output_dimensionality": dimensions}
    else:
        requests = [body] if method == "embedContent" else body.requests
        contents = [request.content for request in requests]
        first = requests[0] if place == "mldev" else requests[0].embedContentConfig
        config = {"task_type": first and first.taskType, "output_dimensionality": first and first.outputDimensionality}
    config = {name: value for name, value in config.items() if value is not None}
    return _unlike(line, place, lambda models, name: models.embed_content(model=name, contents=contents, config=config))


class _Sent(Exception):
    pass


@cache
def _models(place):
    if place == "mldev":
        client = genai.Client(api_key="none")
    else:
        client = genai.Client(vertexai=True, project="project", location="global", credentials=AnonymousCredentials())

    def send(method, path, body, *_):
        raise _Sent(path, body)

    client._api_client.request = send
    client._api_client.request_streamed = send
    return client.models


def _unlike(line, place, ask):
    """How what the library would send differs from what was sent."""
    name = line["path"].split("/models/")[-1].split(":")[0]
    try:
        ask(_models(place), name)
        return [{"path": "", "problem": "the library sent nothing"}]
    except _Sent as sent:
        path, body = sent.args
    except (ValueError, Warning) as error:
        return [{"path": "", "problem": str(error)}]
    found = []
    if not line["path"].endswith("/" + path):
        found.append({"path": "", "problem": f"the library would send it to {path}, not to {line['path']}"})
    # An empty configuration says nothing.
    theirs = _plain({key: value for key, value in body.items() if not key.startswith("_") and value != {}})
    ours = _plain(line["body"])
    return found + list(_differences(ours, theirs, []))[:3]


def _plain(value):
    """The same with all names spelt in one of the two ways that Google takes, and Base64 in one alphabet."""
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {_camel(key): part.replace("-", "+").replace("_", "/") if _camel(key) in ("data", "thoughtSignature") else _plain(part) for key, part in value.items()}
    return getattr(value, "value", value)


def _camel(name):
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _differences(ours, theirs, path):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in list(ours) + [key for key in theirs if key not in ours]:
            yield from _differences(ours.get(key), theirs.get(key), path + [key])
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for place, (one, other) in enumerate(zip(ours, theirs)):
            yield from _differences(one, other, path + [str(place)])
    elif ours != theirs:
        yield {"path": ".".join(path), "problem": f"the library would send {json.dumps(theirs)[:80]}, not {json.dumps(ours)[:80]}"}
