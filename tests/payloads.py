"""Two hundred texts that try to run a script: each calls `evil()`."""

from __future__ import annotations

from typing import Final

_OUT_OF: Final = (
    "", '"', "'", "</title>", "</textarea>", "</script>", "--><!-- ", "</style>", "`", "]]>", "</bdi></a>",
    '" x="', "&quot;&gt;", "\u202e", "%22%3E", "{{ x }}{% x %}",
)  # fmt: skip
_RUNS: Final = (
    "<script>evil()</script>",
    "<script src=data:,evil()></script>",
    "<img src=x onerror=evil()>",
    "<svg onload=evil()>",
    "<svg><animate onbegin=evil() attributeName=x dur=1s>",
    "<iframe srcdoc='<script>parent.evil()</script>'></iframe>",
    "<details open ontoggle=evil()>",
    "<input autofocus onfocus=evil()>",
    "<video><source onerror=evil()></video>",
    "<math><mi xlink:href=javascript:evil()>x</mi></math>",
    "<a href=javascript:evil()>x</a>",
    "[x](javascript:evil())",
    "<style>@import'javascript:evil()'</style>",
)
PAYLOADS: Final = tuple(f"{out_of}{runs}" for out_of in _OUT_OF for runs in _RUNS)[:200]
assert len(PAYLOADS) == len(set(PAYLOADS)) == 200
