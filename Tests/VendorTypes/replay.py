"""Plays the servers of vendors: answers over a real socket as they were recorded to answer.

    replay.py <folder of recordings>

Prints its port, and ends when its standard input does. What is answered stands in the path that a client puts before the vendor's own:

    /<file>/<id>/<chunks>/<fault>/…

`chunks` is how the body comes: `whole`, with its length; `one`, `bytes` or `random-<seed>`, in chunks; `close`, up to the end of the connection. `fault` is what
goes wrong: `none`; `silent`, nothing is answered; `stall-<n>`, nothing after n bytes of the body; `end-<n>`, the connection ends after n bytes;
`reset-<n>-<name>`, it is reset after n bytes and after a GET of `/release/<name>`; `gone`, it is reset before anything is answered;
`status-<code>-<seconds>`, an error that asks to wait; `busy-<n>-<name>`, n such errors for all who use the name, and then the answer.
"""

import gzip
import json
import os
import random
import re
import socket
import struct
import sys
import threading
from collections import defaultdict
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

KEY = "secret-key"
_releases = defaultdict(threading.Event)
_refused = defaultdict(int)


@cache
def recordings(file):
    with gzip.open(Path(sys.argv[1]) / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {recording["id"]: recording for recording in map(json.loads, lines)}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        _releases[self.path.removeprefix("/release/")].set()
        self._answer(200, {}, b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        _, file, name, chunks, fault, path = self.path.split("/", 5)
        recording = recordings(file)[name]
        if wrong := self._wrong(recording, path, body):
            return self._answer(400, {"content-type": "text/plain"}, wrong.encode())
        content = recording["response_body"].encode()
        headers = {key: value for key, value in recording["response_headers"].items() if key.lower() not in FRAMING}
        headers |= media_type(recording)
        match fault.split("-"):
            case ["silent"]:
                self._wait_for_the_end()
            case ["gone"]:
                self._reset()
            case ["status", code, seconds]:
                self._refuse(int(code), seconds)
            case ["busy", count, user] if _refused[user] < int(count):
                _refused[user] += 1
                self._refuse(503, "0")
            case ["none"] | ["busy", *_]:
                if chunks == "whole":
                    self._answer(recording["response_status"], headers, content)
                else:
                    self._send(recording, headers, chunks, content, is_over=True)
            case [kind, count, *release]:
                self._send(recording, headers, chunks, content[: int(count)], is_over=False)
                self.close_connection = True
                if kind == "reset":
                    _releases[release[0]].wait()
                    self._reset()
                if kind == "stall":
                    self._wait_for_the_end()

    def _refuse(self, code, seconds):
        complaint = json.dumps({"error": {"message": "too busy"}}).encode()
        self._answer(code, {"content-type": "application/json", "retry-after": seconds}, complaint)

    def _reset(self):
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _wrong(self, recording, path, body):
        """What of a request is not as the vendor has it."""
        method, recorded = (re.split("[/:]", text.split("?")[0])[-1] for text in (path, recording["endpoint"]))
        if method != recorded and recording["method"] == "POST":
            return f"{method} was called, not {recorded}"
        if not recording["api"].startswith("ollama") and KEY not in " ".join(self.headers.values()):
            return "there is no key"
        try:
            asked = json.loads(body)
        except ValueError:
            return "the body is no JSON"
        if recording["method"] == "POST" and (asked.get("stream", False) or "stream" in method) != is_stream(recording):
            return "a whole answer or a stream was asked for, and the other was recorded"
        return ""

    def _answer(self, status, headers, content):
        self._head(status, headers | {"content-length": str(len(content))})
        self.wfile.write(content)

    def _send(self, recording, headers, chunks, content, is_over):
        if chunks == "close":
            self._head(recording["response_status"], headers | {"connection": "close"})
            self.wfile.write(content)
            return
        self._head(recording["response_status"], headers | {"transfer-encoding": "chunked"})
        for chunk in pieces(content, chunks):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        if is_over:
            self.wfile.write(b"0\r\n\r\n")

    def _head(self, status, headers):
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _wait_for_the_end(self):
        """Waits until the client has gone."""
        self.close_connection = True
        try:
            self.connection.recv(1)
        except ConnectionError:
            pass


# What the recordings tell of how their bodies came, which is done anew here.
FRAMING = {"content-length", "transfer-encoding", "content-encoding", "connection", "content-type"}


def is_stream(recording):
    return recording["body_kind"] in ("sse", "ndjson") or recording["api"] == "streamGenerateContent"


def media_type(recording):
    types = {"sse": "text/event-stream", "ndjson": "application/x-ndjson"}
    recorded = recording["response_headers"].get("content-type", "application/json")
    return {"content-type": types.get(recording["body_kind"], recorded)}


def pieces(content, chunks):
    if chunks == "one":
        return [content]
    if chunks == "bytes":
        return [content[place : place + 1] for place in range(len(content))]
    sizes, found, start = random.Random(chunks), [], 0
    while start < len(content):
        found.append(content[start : start + sizes.randint(1, 64)])
        start += len(found[-1])
    return found


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
