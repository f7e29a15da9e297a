"""Decodes requests of the OpenTelemetry protocol with OpenTelemetry's own messages.

    otlp.py <file>

Each line of the file is an object with `encoding`, which is `protobuf` or `json`, and `body` in Base64. For each line one array is printed: the spans, with
identities in hexadecimal. A body with anything that the messages do not know ends the program.
"""

import base64
import json
import sys

from google.protobuf import json_format
from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

IDENTITIES = ("traceId", "spanId", "parentSpanId")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            body = base64.b64decode(line["body"])
            print(json.dumps(spans_of(decoded(body, line["encoding"])), sort_keys=True))


def decoded(body, encoding):
    if encoding == "protobuf":
        request = ExportTraceServiceRequest.FromString(body)
        refuse_unknown(request)
        return request
    # OTLP has identities in hexadecimal, where protobuf's JSON has Base64.
    return json_format.ParseDict(with_base64(json.loads(body)), ExportTraceServiceRequest())


def refuse_unknown(message):
    if len(UnknownFieldSet(message)) > 0:
        raise ValueError(f"{message.DESCRIPTOR.name} has unknown fields")
    for field, value in message.ListFields():
        if field.message_type is not None:
            for inner in value if field.is_repeated else [value]:
                refuse_unknown(inner)


def with_base64(value):
    if isinstance(value, list):
        return [with_base64(element) for element in value]
    if isinstance(value, dict):
        return {
            key: base64.b64encode(bytes.fromhex(inner)).decode() if key in IDENTITIES else with_base64(inner)
            for key, inner in value.items()
        }
    return value


def spans_of(request):
    rows = []
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                rows.append(
                    {
                        "resource": attributes_of(resource.resource.attributes),
                        "scope": scope.scope.name,
                        "trace": span.trace_id.hex(),
                        "span": span.span_id.hex(),
                        "parent": span.parent_span_id.hex(),
                        "state": span.trace_state,
                        "flags": span.flags,
                        "name": span.name,
                        "kind": span.kind,
                        "start": str(span.start_time_unix_nano),
                        "end": str(span.end_time_unix_nano),
                        "attributes": attributes_of(span.attributes),
                        "events": [
                            {"name": e.name, "time": str(e.time_unix_nano), "attributes": attributes_of(e.attributes)}
                            for e in span.events
                        ],
                        "links": [{"trace": l.trace_id.hex(), "span": l.span_id.hex()} for l in span.links],
                        "status": [span.status.code, span.status.message],
                    }
                )
    return rows


def attributes_of(attributes):
    return {attribute.key: value_of(attribute.value) for attribute in attributes}


def value_of(value):
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [value_of(element) for element in value.array_value.values]
    return getattr(value, kind)


main()
