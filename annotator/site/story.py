"""The demo story and what a news site does to a story: pure functions from a story to a story.

The story is `seeds/euronews-raqa.html`, a page that opens by itself. Comments in it mark the regions that
change (`<!-- body -->…<!-- /body -->`); everything around them is the frame. Nothing here knows HTTP.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

REGIONS = ("headline", "byline", "standfirst", "body", "related")

AD = '<aside class="ad" aria-label="Publicité"><p>PUBLICITÉ</p></aside>'
# Words by which a paragraph is known, in every spelling that the changes below give it.
DAECH, OFFENSIVES, HOLLANDE = "Daech vacille", "Les deux offensives", "De son côté"

OTHER_STORIES = (
    '<li><a href="#4">Le train de nuit entre Paris et Berlin fait ses premiers voyageurs</a></li>',
    '<li><a href="#5">Inondations\u00a0: la vallée compte ses ponts</a></li>',
    '<li><a href="#6">Pourquoi les abeilles reviennent en ville</a></li>',
    '<li><a href="#7">Un musée rend un tableau à ses héritiers</a></li>',
)

TYPOGRAPHIC = str.maketrans(
    {"«": '"', "»": '"', "“": '"', "”": '"', "’": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "—": "-"}
)


@dataclass(frozen=True)
class Story:
    """A parsed page: `frame` is its source with `{{name}}` in the place of each region."""

    frame: str
    headline: str
    byline: str
    standfirst: str
    body: tuple[str, ...]
    related: tuple[str, ...]

    def map(self, change: Callable[[str], str]) -> "Story":
        """The same story with every piece of its HTML put through `change`."""
        return replace(
            self,
            headline=change(self.headline),
            byline=change(self.byline),
            standfirst=change(self.standfirst),
            body=tuple(change(block) for block in self.body),
            related=tuple(change(item) for item in self.related),
        )


def read(source: str) -> Story:
    """Parse the page. Raises ValueError when a region is missing."""
    found: dict[str, str] = {}
    frame = source
    for name in REGIONS:
        match = re.search(rf"<!-- {name}\b[^>]*-->(.*?)<!-- /{name} -->", frame, re.DOTALL)
        if match is None:
            raise ValueError(f"The story has no region {name!r}.")
        found[name] = match[1].strip()
        frame = frame[: match.start()] + f"{{{{{name}}}}}" + frame[match.end() :]
    return Story(
        frame=frame,
        headline=found["headline"],
        byline=found["byline"],
        standfirst=found["standfirst"],
        body=tuple(found["body"].splitlines()),
        related=tuple(found["related"].splitlines()),
    )


def load(folder: Path) -> Story:
    """The story from the seeds' folder. Raises FileNotFoundError where seeds were not shipped."""
    return read((folder / "euronews-raqa.html").read_text(encoding="utf-8"))


def write(story: Story) -> str:
    """The story as the page it was parsed from."""
    page = story.frame
    for name in REGIONS:
        piece = getattr(story, name)
        page = page.replace(f"{{{{{name}}}}}", piece if isinstance(piece, str) else "\n".join(piece))
    return page


def place_of(story: Story, words: str) -> int:
    """Which block of the body holds these words."""
    return next(index for index, block in enumerate(story.body) if words in block)


def ads(story: Story) -> Story:
    """Advertisements go where there were none, and the one that was there goes."""
    body = [block for block in story.body if block != AD]
    for words in (HOLLANDE, OFFENSIVES, DAECH):
        at = next((index for index, block in enumerate(body) if words in block), None)
        if at is not None:
            body.insert(at, AD)
    return replace(story, body=tuple(body))


def related(story: Story) -> Story:
    """Other stories are recommended below."""
    return replace(story, related=OTHER_STORIES)


def typos(story: Story) -> Story:
    """An editor mends the two slips."""
    return story.map(lambda html: html.replace("Ajourd", "Aujourd").replace("a déclare ", "a déclaré "))


def typography(story: Story) -> Story:
    """Straight quotes and plain spaces, as after a move to another publishing system. Tags stay untouched."""
    return story.map(lambda html: re.sub(r"[^<>]+(?=<|$)", lambda text: text[0].translate(TYPOGRAPHIC), html))


def standfirst(story: Story) -> Story:
    """The standfirst that repeats the first paragraph goes."""
    return replace(story, standfirst="")


def moved(story: Story) -> Story:
    """Two paragraphs change places."""
    body = list(story.body)
    one, other = place_of(story, DAECH), place_of(story, HOLLANDE)
    body[one], body[other] = body[other], body[one]
    return replace(story, body=tuple(body))


def deleted(story: Story) -> Story:
    """The last paragraph is taken out."""
    return replace(story, body=tuple(block for block in story.body if HOLLANDE not in block))


CHANGES: dict[str, Callable[[Story], Story]] = {
    # Order matters: paragraphs are moved before one is deleted, and found by words before typography changes.
    "moved": moved,
    "deleted": deleted,
    "ads": ads,
    "related": related,
    "standfirst": standfirst,
    "typos": typos,
    "typography": typography,
}


def edited(story: Story, changes: set[str]) -> Story:
    """The story after those of `changes` that are about its text; the others are about how it is shown."""
    for name, change in CHANGES.items():
        if name in changes:
            story = change(story)
    return story


def as_divisions(html: str) -> str:
    """A block in the markup of another design: divisions and spans, other classes, the same text."""
    for old, new in (
        (r'<aside class="ad"[^>]*><p>(.*?)</p></aside>', r'<section class="promo"><span>\1</span></section>'),
        (r'<blockquote class="twitter-tweet">(.*)</blockquote>', r'<section class="embed">\1</section>'),
        (r"<p\b[^>]*>", '<div class="b-text"><div>'),
        (r"</p>", "</div></div>"),
        (r"<(?:strong|b)>", '<span class="b-heavy">'),
        (r"</(?:strong|b)>", "</span>"),
        (r"<li>(.*)</li>", r'<div class="card">\1</div>'),
    ):
        html = re.sub(old, new, html)
    return html


def redesigned(story: Story, frame: str) -> Story:
    """The same words in another frame and other elements."""
    return replace(story.map(as_divisions), frame=frame)
