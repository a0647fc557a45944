"""axe-core on a page, light and dark."""

from __future__ import annotations

from pathlib import Path

from devtools.places import EXTENSION
from tests.e2e.browsers.interface import Page

_SOURCE = EXTENSION / "node_modules" / "axe-core" / "axe.min.js"
_FAULTS = """(options) => axe.run(document, { resultTypes: ["violations"], ...options })
  .then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)))"""
# Colours change gradually.
AT_REST = "Promise.allSettled(document.getAnimations().map(({ finished }) => finished)).then(() => true)"
# What another colour scheme changes.
_COLORS = {"runOnly": ["color-contrast", "link-in-text-block"]}


def faults(page: Page, picture: Path | None = None) -> list[str]:
    """What axe-core finds fault with on this page. Pictures are `picture` with -light.png and -dark.png."""
    page.evaluate(f"(() => {{ {_SOURCE.read_text('utf-8')}; return 1; }})()")
    found = []
    for scheme, options in (("light", {}), ("dark", _COLORS)):
        page.color_scheme(scheme)
        page.evaluate(AT_REST)
        if picture is not None:
            page.screenshot(picture.with_name(f"{picture.name}-{scheme}.png"))
        found += [f"{page.url}, {scheme}: {one}" for one in page.evaluate(_FAULTS, options)]
    page.color_scheme("light")
    return found
