"""What Schemathesis has to be told: rows that are there, and the rules that a schema has no words for.

Loaded by Schemathesis itself, in its own process; `contract.py` hands the rows over in the environment.
"""

from __future__ import annotations

import json
import os
import re
from typing import Any, Final

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, HookContext, Response
from schemathesis.generation.meta import TestPhase

from annotator.api.fields import IF_MATCH
from annotator.paragraphs import Paragraph, digest

ROWS: Final = json.loads(os.environ["CONTRACT"])

# Refusals of what the schema allows: (the field's end, how the message begins): why the schema cannot say it.
BEYOND_THE_SCHEMA: Final[dict[tuple[str, str], str]] = {
    ("url", "has to be an http or https address"): "what a host is says the URL standard, in no pattern",
    ("parent", "there is no such annotation"): "whether a row is there",
    ("parent", "goes with the motivation"): "PATCH: goes by the stored row's motivation",
    ("parent", "what a reply answers"): "PATCH and PUT: goes by the stored row's parent",
    ("target", "a page note and a reply"): "PATCH: goes by the stored row's motivation",
    ("exact", "a highlight needs"): "PATCH: goes by the stored row's motivation",
    ("exact", "does not stand"): "goes by the stored snapshot's text",
    ("exact", "has more than"): "is counted in bytes, which JSON Schema does not know",
    ("note", "has more than"): "is counted in bytes, which JSON Schema does not know",
    ("end", "has to lie behind start"): "compares two numbers",
    ("end", "nothing stands between"): "compares two numbers, and the snapshot's text",
    ("start", "start and end go with"): "anchors: goes by the state",
    ("paragraph", "A valid integer"): "1.0 is an integer to JSON Schema, and none here",
    ("offset", "A valid integer"): "1.0 is an integer to JSON Schema, and none here",
    ("engine", "A valid integer"): "1.0 is an integer to JSON Schema, and none here",
    ("paragraph", "there are only"): "goes by the stored snapshot's text",
    ("offset", "the paragraph has only"): "goes by the stored snapshot's text",
    ("id", "is not the one in the address"): "compares the body with the address",
    ("id", "is made by the server here"): "the body is the same as PUT's, where it may stand",
    ("digest", "the paragraphs' digest is"): "is computed from the body",
    ("If-Match", "does not go with If-None-Match"): "compares two headers",
    ("reason", "a flag needs a reason"): "goes by the review beside it, which may be of blanks",
    ("reason", "goes with the review flagged"): "goes by the review beside it",
    ("body", "names nothing to do"): "an empty list names nothing, as a list that is not there",
    ("cursor", "is none that was given out"): "a search gives out cursors of another form",
    ("q", ""): "a query has a grammar of its own (docs/search.md)",
}
# Answers that go by what is stored, not by how the request is formed.
BY_WHAT_IS_STORED: Final = {410: "the place in the feed is lost", 412: "the precondition does not hold"}
# The HTTP server refuses an address beyond its buffer before the application, and the document, hear of it.
TOO_LONG: Final = 414
BATCH: Final = "/annotations/batch"


@st.composite
def _addresses(draw: st.DrawFn) -> str:
    """Addresses of pages, most of them such as a server takes."""
    host = draw(
        st.sampled_from(["example.org", "www.example.org", "[::1]:8000", "127.0.0.1", "münchen.example"])
    )
    tail = draw(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=20))
    return f"{draw(st.sampled_from(['http', 'https', 'HTTPS']))}://{host}/{tail}"


schemathesis.openapi.format("uri", _addresses())


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Ask the caller's own library, and, half of the time, for rows that are there."""
    meta = case.meta
    # A story that Schemathesis tells (make one, read it) goes with the rows that it made itself.
    if meta is not None and (meta.generation.mode.is_negative or meta.phase.name is TestPhase.STATEFUL):
        return
    path = case.path_parameters
    if "library" in path:
        path["library"] = "me"
    chosen = sum(map(ord, str(path.get("id", path.get("digest", ""))))) % (2 * len(ROWS["annotations"]))
    if "id" in path and chosen < len(ROWS["annotations"]):
        documents = "/documents/" in case.path
        path["id"] = ROWS["document"] if documents else ROWS["annotations"][chosen]
    if "digest" in path:
        paragraphs = _paragraphs(case.body)
        if paragraphs is not None:
            path["digest"] = digest(paragraphs)
        elif chosen % 2:
            path["digest"] = ROWS["digest"]


@schemathesis.hook
def filter_failure(context: HookContext, failure: Any, case: Case[Any], response: Response) -> bool:
    """False for what is no failure, for a reason that stands above."""
    if response.status_code == TOO_LONG:
        return False
    if type(failure).__name__ == "AcceptedNegativeData":
        # A refused item never blocks the rest of a batch: the refusal stands in its result, beside others'.
        return not (case.path.endswith(BATCH) and response.status_code == 200 and _all_told(response))
    if type(failure).__name__ == "RejectedPositiveData":
        if response.status_code in BY_WHAT_IS_STORED or not _is_allowed(case.headers.get("If-Match")):
            return False
        return not (response.status_code == 400 and _is_beyond(response.json()))
    return True


def _paragraphs(body: Any) -> list[Paragraph] | None:
    if not isinstance(body, dict) or not isinstance(body.get("paragraphs"), list):
        return None
    return [Paragraph(one["kind"], one["text"], one.get("article", True)) for one in body["paragraphs"]]


def _all_told(response: Response) -> bool:
    return all(("error" in result and "status" in result) for result in response.json()["results"])


def _is_allowed(if_match: Any) -> bool:
    """Schemathesis fills optional headers with a 0 at times, and calls that valid against the pattern."""
    return if_match is None or re.search(IF_MATCH["pattern"], str(if_match)) is not None


def _is_beyond(answer: Any) -> bool:
    """Every field that was refused was so by a rule in the list."""
    error = answer["error"]
    if not error["fields"]:
        # The server's own keys are taken as any JSON, unread: also there numbers keep to what JavaScript has.
        return str(error["message"]).startswith(("A number is beyond", "A key stands twice"))
    return all(
        any(field.endswith(end) and message.startswith(begin) for end, begin in BEYOND_THE_SCHEMA)
        for field, messages in error["fields"].items()
        for message in messages
    )
