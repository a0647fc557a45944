"""The demo story, with any of the changes that news sites make, so that anyone can watch the highlights."""

import json
import re
import secrets
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from annotator.site import story as stories
from annotator.site.story import Story

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "demo"
KNOWN: dict[str, Promise] = {
    "ads": _("advertisements come and go between the paragraphs"),
    "related": _("other stories are recommended below"),
    "typos": _("an editor mends “Ajourd’hui” and “a déclare”"),
    "typography": _("straight quotes and plain spaces instead of typographic ones"),
    "standfirst": _("the standfirst, which repeats the first paragraph, goes"),
    "redesign": _("the same words in another design"),
    "moved": _("two paragraphs change places"),
    "deleted": _("the last paragraph is taken out"),
    "late": _("the text arrives 1.5 seconds late, by script"),
    "spa": _("the page is drawn by script, as are the links to another story"),
}
LATE = 1500  # milliseconds
PENICHE = "Une péniche pleine de livres remonte le canal"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """A list of the changes, each a link."""
    return render(request, "demo/index.html", {"known": KNOWN.items()})


@require_safe
def euronews(request: HttpRequest) -> HttpResponse:
    """The story. `?changes=` names what happened to it; an unknown name is a 404 that lists the known."""
    changes = set(filter(None, (word.strip() for word in request.GET.get("changes", "").split(","))))
    if unknown := sorted(changes - set(KNOWN)):
        return render(request, "demo/index.html", {"known": KNOWN.items(), "unknown": unknown}, status=404)
    story = stories.edited(load(), changes)
    if "redesign" in changes:
        story = stories.redesigned(story, (TEMPLATES / "redesign.html").read_text(encoding="utf-8"))
    page = stories.write(story)
    if "spa" in changes:
        page = drawn_by_script(page, delay=LATE if "late" in changes else 0)
    elif "late" in changes:
        page = arriving_late(page, "\n".join(story.body))
    return served(page, request.build_absolute_uri(reverse("demo:euronews")))


@require_safe
def peniche(request: HttpRequest) -> HttpResponse:
    """The second story of the site that is drawn by script, for those who load its address."""
    page = re.sub(r"<title>.*</title>", f"<title>{PENICHE}</title>", drawn_by_script(stories.write(load())))
    return served(page, request.build_absolute_uri(reverse("demo:peniche")))


def load() -> Story:
    """The story, or 404 where the seeds were not shipped."""
    try:
        return stories.load(settings.BASE_DIR / "seeds")
    except FileNotFoundError as missing:
        raise Http404("The demo story is not part of this installation.") from missing


def arriving_late(page: str, body: str) -> str:
    """The page without the story's body, which a script puts in later."""
    page = page.replace(body, '<div id="waiting">…</div>', 1)
    return with_script(page, "late", LATE, f'<template id="late">{body}</template>')


def drawn_by_script(page: str, delay: int = 0) -> str:
    """The page with an empty main part, and both stories as JSON for a script that draws them."""
    main, title = (
        re.search(r"(<main\b[^>]*>)(.*)(</main>)", page, re.DOTALL),
        re.search(r"<title>(.*)</title>", page),
    )
    assert main is not None, "both frames have a main part"
    assert title is not None, "both frames have a title"
    drawn = {
        reverse("demo:euronews"): {"title": title[1], "html": main[2]},
        reverse("demo:peniche"): {
            "title": PENICHE,
            "html": (TEMPLATES / "peniche.html").read_text(encoding="utf-8"),
        },
    }
    links = "".join(
        f'<li><a href="{path}?changes=spa">{one["title"]}</a></li>' for path, one in drawn.items()
    )
    nav = f'<nav id="stories-nav"><ul>{links}</ul><button type="button" id="again">Rafraîchir</button></nav>'
    page = page.replace(main[0], main[1] + main[3], 1).replace("<body>", f"<body>\n{nav}", 1)
    data = json.dumps(drawn, ensure_ascii=False).replace("<", "\\u003c")
    return with_script(page, "spa", delay, f'<script type="application/json" id="stories">{data}</script>')


def with_script(page: str, name: str, delay: int, html: str) -> str:
    """The page with `html` and one of our scripts at its end; `delay` in milliseconds."""
    script = f'<script src="{static(f"demo/{name}.js")}" data-delay="{delay}" defer></script>'
    return page.replace("</body>", f"{html}\n{script}\n</body>", 1)


def served(page: str, canonical: str) -> HttpResponse:
    """The page under a policy of its own, as strict as a news site's can be: what it runs carries a nonce."""
    nonce = secrets.token_urlsafe(16)
    page = re.sub(r"<(style|script)\b", rf'<\1 nonce="{nonce}"', page)
    page = re.sub(r'(rel="canonical" href=)"[^"]*"', rf'\1"{canonical}"', page)
    response = HttpResponse(page)
    response["Content-Language"] = "fr"
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return response
