"""The REST API as a program sees it, with the standard library's own client."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

_SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    """A status, the headers (names in lower case), and the body as JSON, or None without one."""

    status: int
    headers: Mapping[str, str]
    json: Any


class Api:
    """Paths are relative to `/api/v1/`, or absolute when they begin with a slash; no status raises."""

    def __init__(self, address: str, token: str | None) -> None:
        self._address, self._token = address, token

    def get(self, path: str, **query: object) -> Answer:
        return self.send("GET", f"{path}?{urlencode(query)}" if query else path)

    def put(self, path: str, body: object, **headers: str) -> Answer:
        return self.send("PUT", path, body, headers)

    def post(self, path: str, body: object, **headers: str) -> Answer:
        return self.send("POST", path, body, headers)

    def patch(self, path: str, body: object, **headers: str) -> Answer:
        return self.send("PATCH", path, body, headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.send("DELETE", path, None, headers)

    def send(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send `body` as JSON, or as it is when it is bytes. `If_Match="…"` becomes `If-Match: …`."""
        sent = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if self._token is not None:
            sent.setdefault("Authorization", f"Bearer {self._token}")
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        url = self._address + (path if path.startswith("/") else f"/api/v1/{path}")
        request = urllib.request.Request(url, data=content, headers=sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as response:
                return _answer(response.status, response.headers.items(), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error.code, error.headers.items(), error.read())

    def annotations(self, library: str = "me", **query: object) -> list[dict[str, Any]]:
        """All annotations of a library, newest first, page after page."""
        found: list[dict[str, Any]] = []
        while True:
            answer = self.get(f"libraries/{library}/annotations", **query)
            assert answer.status == 200, answer
            found += answer.json["annotations"]
            if answer.json["cursor"] is None:
                return found
            query["cursor"] = answer.json["cursor"]


def _answer(status: int, headers: Any, body: bytes) -> Answer:
    names = {name.lower(): value for name, value in headers}
    is_json = "json" in names.get("content-type", "") and body
    return Answer(status, names, json.loads(body) if is_json else None)
