"""The server's application, writing down every request it gets, whole, so that it can be searched."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterable
from typing import Any

from annotator.wsgi import application as annotator

_FILE = os.environ["ANNOTATOR_TEST_RECORDING"]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Append one JSON line for the request, then answer it as always."""
    body = environ["wsgi.input"].read()
    environ["wsgi.input"] = io.BytesIO(body)
    names = {
        key.removeprefix("HTTP_").lower(): value for key, value in environ.items() if key.startswith("HTTP_")
    }
    line = {
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"],
        "query": environ.get("QUERY_STRING", ""),
        "headers": names,
        "body": body.decode("utf-8", "replace"),
    }
    with open(_FILE, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    return annotator(environ, start_response)
