"""One key for one page: which addresses count as the same page. The rules stand in `docs/same-page.md`.

Pure: no Django, no database. Twin of `extension/url-key.ts`; both parse by the WHATWG URL standard and run
`tests/vectors/url_key/`. A key is a local index and never leaves the machine that made it.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Final

import ada_url

MAX_ADDRESS_LENGTH: Final = 8192
"""Code points; the longest address that a document may have."""

_TRACKING = json.loads((Path(__file__).parent / "shared" / "tracking-parameters.json").read_text("utf-8"))
_TRACKING_NAMES: Final = frozenset(_TRACKING["names"])
_TRACKING_PREFIXES: Final = tuple(_TRACKING["prefixes"])

_AMP_PARAMETERS: Final = frozenset({("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp")})
_AMP_FILE: Final = re.compile(r"(?<=.)\.amp(\.html?)?$", re.IGNORECASE)
_WEB_ADDRESS: Final = re.compile(r"https?://([^/?#\\]+)", re.IGNORECASE)
# Narrower than the standard: on other marks in a host Chromium, Firefox and ada each go their own way.
_HOST: Final = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")
_SPACE_OR_CONTROL: Final = re.compile(r"[\s\x00-\x20\x7f-\xa0\u180e\u200b\ufeff]")
_ESCAPE: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_TO_ESCAPE: Final = re.compile(rb"[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%#]")
# Rules open the way for each other: "%2%65" is ".", found in two turns.
_MAX_TURNS: Final = 16


def url_key(url: str) -> str:
    """SHA-256, in hex, over UTF-8 of `normalise(url)`. Never raises."""
    return hashlib.sha256(normalise(url).encode("utf-8")).hexdigest()


def normalise(url: str) -> str:
    """The one spelling of a page's address. Never raises, and is idempotent.

    What is no http, https or file address, is longer than MAX_ADDRESS_LENGTH, or is so knotted that it does
    not settle, comes back as it is; only half surrogate pairs become U+FFFD.
    """
    raw = url.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if len(raw) > MAX_ADDRESS_LENGTH:
        return raw
    address = raw
    for _ in range(_MAX_TURNS):
        simpler = _simplify(address)
        if simpler == address:
            return address
        address = simpler
    return raw


def is_web_address(url: str) -> bool:
    """Whether the text can be a document's address: absolute http or https with a host and nothing to hide.

    Refused are other schemes, user names and passwords, white space and control characters, half surrogate
    pairs, and more than MAX_ADDRESS_LENGTH code points.
    """
    if len(url) > MAX_ADDRESS_LENGTH or _SPACE_OR_CONTROL.search(url):
        return False
    if any("\ud800" <= character <= "\udfff" for character in url):
        return False
    authority = _WEB_ADDRESS.match(url)
    if authority is None or "@" in authority[1]:
        return False
    parsed = _parse(url)
    return parsed is not None and _HOST.fullmatch(parsed.hostname) is not None


def _parse(address: str) -> ada_url.URL | None:
    try:
        return ada_url.URL(address)
    except ValueError:
        return None


def _simplify(address: str) -> str:
    parsed = _parse(address)
    if parsed is None or parsed.protocol not in ("http:", "https:", "file:"):
        return address
    if not _HOST.fullmatch(parsed.hostname) and (parsed.protocol != "file:" or parsed.hostname):
        return address
    path = _canonical_escapes(parsed.pathname)
    query = _query(_canonical_escapes(parsed.search.removeprefix("?")))
    route = _route(_canonical_escapes(parsed.hash))
    if parsed.protocol == "file:":
        return f"file://{_file_host(parsed.hostname)}/{path.lstrip('/')}{query}{route}"
    port = "" if parsed.port in ("", "80", "443") else f":{parsed.port}"
    return f"https://{_host(parsed.hostname)}{port}{_web_path(path)}{query}{route}"


def _file_host(host: str) -> str:
    return "" if host == "localhost" else host


def _host(host: str) -> str:
    host = host.rstrip(".") or host
    while host.startswith("www.") and "." in host[4:].strip("."):
        host = host[4:]
    return host


def _web_path(path: str) -> str:
    """Without slashes at the end, and without "/amp" and ".amp" there unless nothing else is left."""
    segments = path.split("/")
    while len(segments) > 2 and segments[-1].lower() in ("", "amp"):
        segments.pop()
    segments[-1] = _AMP_FILE.sub(r"\1", segments[-1])
    return "/".join(segments)


def _query(query: str) -> str:
    kept = [parameter for parameter in query.split("&") if parameter and not _says_nothing(parameter)]
    return "?" + "&".join(kept) if kept else ""


def _says_nothing(parameter: str) -> bool:
    name, _, value = parameter.lower().partition("=")
    if (name, value) in _AMP_PARAMETERS:
        return True
    return name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES)


def _route(fragment: str) -> str:
    if not fragment.startswith(("#/", "#!")):
        return ""
    route = fragment.partition(":~:")[0].rstrip("/")
    return "" if route in ("#", "#!") else route


def _canonical_escapes(text: str) -> str:
    """One spelling for each byte: unreserved ones bare, escapes in capitals, what a URL may not hold escaped.

    Parsers differ in which of `^ | [ ] { }` they escape, and the standard itself has changed its mind.
    """
    raw = _ESCAPE.sub(_unescape_unreserved, text.encode("utf-8"))
    return _TO_ESCAPE.sub(lambda match: b"%%%02X" % match[0][0], raw).decode("ascii")


def _unescape_unreserved(match: re.Match[bytes]) -> bytes:
    byte = int(match[1], 16)
    return bytes([byte]) if byte in _UNRESERVED else match[0].upper()
