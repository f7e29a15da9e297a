"""The vendors' interfaces, each with the types of the vendor's own library. A library is imported when a body first needs it."""

import copy
import json
from functools import cache

from strict import failures, validator


def failures_of(line):
    """What is wrong with the body of a line."""
    check = _check(line["interface"], bool(line["streamed"]))
    return check(line)


@cache
def _check(interface, streamed):
    return _checks[interface](streamed)


def _by_type(type_, free=()):
    made = validator(type_, free)
    return lambda line: failures(made, line["text"])


def _with_schemas(check, unfit):
    """The same check, which also asks of good bodies what of their schemas the vendor's library would not send so."""

    def checked(line):
        found = check(line)
        if not found:
            try:
                found = list(unfit(json.loads(line["text"])))
            except Exception as error:  # The library refuses a schema.
                found = [{"path": "", "problem": f"the library refuses a schema: {error!r}"}]
        return found

    return checked


def _unfit(schema, fitted):
    if schema != fitted:
        yield {"path": "", "problem": f"the library would send the schema {json.dumps(fitted)}, not {json.dumps(schema)}"}


def _unfit_for_openai(body):
    """Strict schemas that the library would mend."""
    from openai.lib._pydantic import _ensure_strict_json_schema

    if isinstance(body, dict):
        if body.get("strict") is True:
            schema = body.get("schema", body.get("parameters"))
            yield from _unfit(schema, _ensure_strict_json_schema(copy.deepcopy(schema), path=(), root=schema))
        for part in body.values():
            yield from _unfit_for_openai(part)
    elif isinstance(body, list):
        for part in body:
            yield from _unfit_for_openai(part)


def _unfit_for_anthropic(body):
    from anthropic import transform_schema

    if form := (body.get("output_config") or {}).get("format"):
        yield from _unfit(form["schema"], transform_schema(form["schema"]))


def _openai_chat(streamed):
    from openai.types.chat import completion_create_params as params

    type_ = params.CompletionCreateParamsStreaming if streamed else params.CompletionCreateParamsNonStreaming
    return _with_schemas(_by_type(type_), _unfit_for_openai)


def _deepseek_chat(streamed):
    check = _check("openai.chat", streamed)

    def without_reasoning(line):
        # DeepSeek's guide has its users take OpenAI's library, and give back what the model thought before a call:
        # https://api-docs.deepseek.com/guides/thinking_mode
        body = json.loads(line["text"])
        messages = body.get("messages")
        for message in messages if isinstance(messages, list) else []:
            if message.get("role") == "assistant" and isinstance(message.get("reasoning_content"), str):
                del message["reasoning_content"]
        return check(line | {"text": json.dumps(body)})

    return without_reasoning


def _openai_responses(streamed):
    from openai.types.responses import response_create_params as params

    type_ = params.ResponseCreateParamsStreaming if streamed else params.ResponseCreateParamsNonStreaming
    return _with_schemas(_by_type(type_), _unfit_for_openai)


def _openai_embeddings(streamed):
    from openai.types.embedding_create_params import EmbeddingCreateParams

    return _by_type(EmbeddingCreateParams)


def _anthropic(streamed):
    from anthropic.types import message_create_params as params

    type_ = params.MessageCreateParamsStreaming if streamed else params.MessageCreateParamsNonStreaming
    return _with_schemas(_by_type(type_), _unfit_for_anthropic)


def _anthropic_2023(streamed):
    from anthropic.types import message_create_params as params

    base = params.MessageCreateParamsStreaming if streamed else params.MessageCreateParamsNonStreaming

    # They are gone from the library and from version 2026-10-21 of the interface; its version 2023-06-01 takes them from older models:
    # https://platform.claude.com/docs/en/api/migration-2026-10-21
    class Params(base, total=False):
        temperature: float
        top_p: float

    return _with_schemas(_by_type(Params), _unfit_for_anthropic)


def _groq(streamed):
    from groq.types.chat.completion_create_params import CompletionCreateParams

    return _by_type(CompletionCreateParams)


def _mistral_chat(streamed):
    from mistralai.client import models

    return _by_type(models.ChatCompletionStreamRequest if streamed else models.ChatCompletionRequest)


def _mistral_embeddings(streamed):
    from mistralai.client.models import EmbeddingRequest

    return _by_type(EmbeddingRequest)


def _openrouter_chat(streamed):
    from openrouter.components.chatrequest import ChatRequest

    return _by_type(ChatRequest)


def _openrouter_embeddings(streamed):
    from openrouter.operations import CreateEmbeddingsRequestBody

    return _by_type(CreateEmbeddingsRequestBody)


def _cohere_chat(streamed):
    from cohere.v2.client import V2Client

    return _by_type(_arguments(V2Client.chat, streamed))


def _cohere_embeddings(streamed):
    from cohere.v2.client import V2Client

    return _by_type(_arguments(V2Client.embed, False))


def _arguments(method, streamed):
    """The arguments of a method, which become the members of the body, as a type."""
    from inspect import signature
    from typing import Literal, get_type_hints

    from pydantic import create_model

    hints = get_type_hints(method)
    members = {}
    for name, parameter in signature(method).parameters.items():
        if name not in ("self", "request_options"):
            members[name] = (hints[name], ... if parameter.default is parameter.empty else None)
    members["stream"] = (Literal[True], ...) if streamed else (Literal[False], False)
    return create_model(method.__name__, **members)


def _ollama_chat(streamed):
    from typing import Literal, Optional, Sequence

    from ollama._types import ChatRequest, Message, Options
    from pydantic import Base64Bytes, create_model

    # The library also takes any mapping as a message or as the options, and writes images as Base64 text. A JSON schema it knows in part.
    message = create_model("Message", __base__=Message, images=(Optional[Sequence[Base64Bytes]], None))
    chat = create_model(
        "Chat", __base__=ChatRequest, messages=(Sequence[message], ...), options=(Optional[Options], None), stream=(Literal[streamed], ...)
    )
    return _by_type(chat, free=["Parameters", "Property"])


def _ollama_embeddings(streamed):
    from typing import Optional

    from ollama._types import EmbedRequest, Options
    from pydantic import create_model

    return _by_type(create_model("Embed", __base__=EmbedRequest, options=(Optional[Options], None)))


def _gemini(streamed):
    from google_wire import generation

    return lambda line: generation(line, "mldev")


def _vertex(streamed):
    from google_wire import generation

    return lambda line: generation(line, "vertex")


def _gemini_embeddings(streamed):
    from google_wire import embedding

    return lambda line: embedding(line, "mldev")


def _vertex_embeddings(streamed):
    from google_wire import embedding

    return lambda line: embedding(line, "vertex")


_checks = {
    "openai.chat": _openai_chat,
    "deepseek.chat": _deepseek_chat,
    "openai.responses": _openai_responses,
    "openai.embeddings": _openai_embeddings,
    "anthropic.messages": _anthropic,
    "anthropic.messages.2023-06-01": _anthropic_2023,
    "groq.chat": _groq,
    "mistral.chat": _mistral_chat,
    "mistral.embeddings": _mistral_embeddings,
    "openrouter.chat": _openrouter_chat,
    "openrouter.embeddings": _openrouter_embeddings,
    "cohere.chat": _cohere_chat,
    "cohere.embeddings": _cohere_embeddings,
    "ollama.chat": _ollama_chat,
    "ollama.embeddings": _ollama_embeddings,
    "gemini.generate": _gemini,
    "gemini.embeddings": _gemini_embeddings,
    "vertex.generate": _vertex,
    "vertex.embeddings": _vertex_embeddings,
}
