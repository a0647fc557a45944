"""A library of any size, made by bulk inserts: articles, their texts, highlights in every state.

For benches, for looking at pages, and for tests that count queries. The same seed makes the same rows, save
for the ids.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from annotator.models import (
    Anchor,
    Annotation,
    AnnotationTag,
    Decision,
    Document,
    DocumentAlias,
    Library,
    Snapshot,
    Tag,
    User,
)
from annotator.models.annotations import BROKEN, Color, Flag, Motivation, Review, State
from annotator.paragraphs import Paragraph, digest, quote_at
from annotator.paragraphs import Position as At
from annotator.url_key import url_key
from annotator.uuid7 import uuid7

SITES: Final = [f"{name}.example" for name in ("lemonde", "euronews", "guardian", "zeit", "elpais", "lesoir")]
TAGS: Final = ("sommet", "chiffres", "citation", "à vérifier", "syrie", "élection", "source", "correction")
TEXT: Final = (
    "le ministre a déclaré hier soir que la ville serait reprise avant la fin du mois selon des témoins "
    "cités par une agence les forces avancent lentement vers le nord où des milliers de civils attendent "
    "une aide qui tarde à venir the council met again on Tuesday without any agreement about the budget "
    "officials said rose fell percent of voters asked in a survey would change their mind"
)
WORDS: Final = TEXT.split()
STATES: Final = [State.EXACT] * 80 + [State.MOVED] * 6 + [State.EDITED] * 6 + [State.ORPHANED] * 4 + [
    State.AMBIGUOUS, State.PENDING, State.PENDING, State.PENDING,
]  # fmt: skip
REVIEWS: Final = [Review.NONE] * 70 + [Review.APPROVED] * 22 + [Review.FLAGGED] * 6 + [Review.HIDDEN] * 2
LANGUAGES: Final = ("fr", "fr", "en", "de")
DAYS: Final = 90
DIFFER: Final = 0.1  # of what is flagged
CHUNK: Final = 2_000


def fill(
    *, library: Library, authors: Sequence[User], articles: int, annotations: int, seed: int = 1
) -> None:
    """Put so many rows into an empty library; the first author is also the reviewer."""
    dice = random.Random(seed)
    now = timezone.now()
    version = _counter()
    texts = [_text(dice, number) for number in range(min(articles, 200))]
    documents: list[tuple[Document, Text]] = []
    with transaction.atomic():
        tags = Tag.objects.bulk_create(Tag(library=library, name=name) for name in TAGS)
        rows = _documents(library, authors, articles, texts, version, now, dice)
        while chunk := list(islice(rows, CHUNK)):
            Document.objects.bulk_create(document for document, _ in chunk)
            DocumentAlias.objects.bulk_create(
                DocumentAlias(library=library, document=one, url=one.url, key=url_key(one.url))
                for one, _ in chunk
            )
            for which in ("older", "latest"):  # by version, the latest comes last
                Snapshot.objects.bulk_create(
                    _snapshot(one, getattr(text, which), next(version), authors[0]) for one, text in chunk
                )
            documents += chunk
    ordered = Snapshot.objects.filter(library=library).order_by("version")
    latest = dict(ordered.values_list("document", "pk"))
    for begin in range(0, annotations, CHUNK):
        with transaction.atomic():
            made = [
                _annotation(library, authors, documents, dice, now, next(version), number / annotations)
                for number in range(begin, min(begin + CHUNK, annotations))
            ]
            _keep(library, made, latest, tags, authors, dice)
            _answer(library, [row for row in made if row.review == Review.FLAGGED], authors[0], version)
    Library.objects.filter(pk=library.pk).update(version=next(version) - 1)


def _counter() -> Iterator[int]:
    number = 1
    while True:
        yield number
        number += 1


def _sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words)).capitalize() + "."


@dataclass(frozen=True, slots=True)
class Page:
    """Paragraphs and their digest."""

    paragraphs: list[Paragraph]
    digest: str


@dataclass(frozen=True, slots=True)
class Text:
    """An article as highlights were made on it, and as it was seen last: a paragraph was taken out."""

    older: Page
    latest: Page


def _text(dice: random.Random, number: int) -> Text:
    middle = [Paragraph("p", " ".join(_sentence(dice, 12) for _ in range(3))) for _ in range(7)]
    latest = [
        Paragraph("h1", f"{_sentence(dice, 6)[:-1]} ({number})"),
        *middle,
        Paragraph("li", _sentence(dice, 5)),
        Paragraph("p", "Abonnez-vous à notre lettre", article=False),
    ]
    older = [latest[0], Paragraph("p", _sentence(dice, 9)), *latest[1:]]
    return Text(Page(older, digest(older)), Page(latest, digest(latest)))


def _documents(
    library: Library,
    authors: Sequence[User],
    articles: int,
    texts: list[Text],
    version: Iterator[int],
    now: datetime,
    dice: random.Random,
) -> Iterator[tuple[Document, Text]]:
    for number in range(articles):
        site, text = SITES[number % len(SITES)], texts[number % len(texts)]
        when = now - timedelta(days=DAYS * (1 - number / articles))
        document = Document(
            library=library, version=next(version), url=f"https://{site}/{number}", site=site,
            title=text.latest.paragraphs[0].text, language=dice.choice(LANGUAGES), created=when, updated=when,
        )  # fmt: skip
        yield document, text


def _snapshot(document: Document, page: Page, version: int, author: User) -> Snapshot:
    return Snapshot(
        library=document.library, document=document, version=version, digest=page.digest,
        url=document.url, extractor="generated-1", paragraphs=[asdict(one) for one in page.paragraphs],
        author=author, created=document.created,
    )  # fmt: skip


def _annotation(
    library: Library,
    authors: Sequence[User],
    documents: list[tuple[Document, Text]],
    dice: random.Random,
    now: datetime,
    version: int,
    age: float,
) -> Annotation:
    document, text = dice.choice(documents)
    paragraphs = text.older.paragraphs
    index = dice.randrange(2, 9)
    start = dice.randrange(0, 100)
    first, last = (
        At(index, start),
        At(index, min(start + dice.randrange(12, 90), len(paragraphs[index].text))),
    )
    quote = quote_at(paragraphs, first, last)
    note = _sentence(dice, 8) if dice.random() < 0.4 else ""
    state, review = dice.choice(STATES), dice.choice(REVIEWS)
    author = dice.choice(authors)
    answered = Flag.ANSWERED if version % 4 == 0 else Flag.AWAITING
    when = now - timedelta(days=DAYS * (1 - age), seconds=dice.randrange(60))
    return Annotation(
        library=library, document=document, version=version, author=author, url=document.url,
        motivation=Motivation.COMMENTING if note else Motivation.HIGHLIGHTING, note=note,
        color=dice.choice(Color.values), review=review, state=state, created=when,
        flag=answered if review == Review.FLAGGED else None, updated=when,
        state_since=now - timedelta(days=dice.random() * 30) if state in BROKEN else None,
        snapshot_digest=text.older.digest, start_paragraph=first.paragraph, start_offset=first.offset,
        end_paragraph=last.paragraph, end_offset=last.offset, quote_exact=quote.exact,
        quote_prefix=quote.prefix, quote_suffix=quote.suffix,
    )  # fmt: skip


def _keep(
    library: Library,
    made: list[Annotation],
    latest: dict[UUID, UUID],
    tags: list[Tag],
    people: Sequence[User],
    dice: random.Random,
) -> None:
    anchors = [_anchor(row, latest[row.document_id]) for row in made if row.state != State.PENDING]
    for anchor in anchors:
        anchor.annotation.anchor = anchor  # inserted after it: foreign keys are looked at at the end
    Annotation.objects.bulk_create(made)
    Anchor.objects.bulk_create(anchors)
    on_it = [(row, tag) for row in made for tag in dice.sample(tags, dice.choice((0, 0, 1, 2)))]
    AnnotationTag.objects.bulk_create(
        AnnotationTag(library=library, annotation=row, tag=tag) for row, tag in on_it
    )
    decided = [row for row in made if row.review != Review.NONE]
    Decision.objects.bulk_create(_decision(row, people[0], row.review, dice) for row in decided)
    if len(people) > 1:  # what one flagged, another approved
        twice = [row for row in decided if row.review == Review.FLAGGED and dice.random() < DIFFER]
        Decision.objects.bulk_create(_decision(row, people[-1], Review.APPROVED, dice) for row in twice)
        Decision.objects.filter(library=library, annotation__in=twice).update(differs=True)
        since = twice[0].created if twice else None
        Annotation.objects.filter(pk__in=[row.pk for row in twice]).update(differs_since=since)


def _decision(row: Annotation, reviewer: User, review: str, dice: random.Random) -> Decision:
    reason = "À vérifier." if review == Review.FLAGGED else ""
    return Decision(
        library=row.library, annotation=row, reviewer=reviewer, review=review, reason=reason,
        created=row.created + timedelta(minutes=5),
    )  # fmt: skip


def _answer(library: Library, flagged: list[Annotation], reviewer: User, version: Iterator[int]) -> None:
    """Every flag's reason is a reply, and some authors answered."""
    after = timedelta(hours=1)
    reasons = {
        row.pk: _reply(row, reviewer, "À vérifier.", timedelta(minutes=5), next(version)) for row in flagged
    }
    answered = [row for row in flagged if row.flag == Flag.ANSWERED]
    answers = [_reply(row, row.author, "C'est corrigé.", after, next(version)) for row in answered]
    Annotation.objects.bulk_create([*reasons.values(), *answers])
    flags = list(Decision.objects.filter(library=library, annotation__in=flagged, review=Review.FLAGGED))
    for flag in flags:
        flag.reply = reasons[flag.annotation_id]
    Decision.objects.bulk_update(flags, ["reply"])


def _reply(row: Annotation, author: User, note: str, after: timedelta, version: int) -> Annotation:
    return Annotation(
        library=row.library, document=row.document, version=version, author=author, url=row.url, parent=row,
        motivation=Motivation.REPLYING, note=note, created=row.created + after, updated=row.created + after,
    )  # fmt: skip


def _anchor(row: Annotation, snapshot: UUID) -> Anchor:
    stands = row.state in (State.EXACT, State.MOVED, State.EDITED)
    now = row.quote_exact.replace("a", "o", 1) if row.state == State.EDITED else row.quote_exact
    return Anchor(
        id=uuid7(), library=row.library, annotation=row, snapshot_id=snapshot, engine=1, state=row.state,
        start_paragraph=(row.start_paragraph or 1) - 1 if stands else None,  # one was taken out above it
        start_offset=row.start_offset if stands else None,
        end_paragraph=(row.end_paragraph or 1) - 1 if stands else None,
        end_offset=row.end_offset if stands else None,
        text=now if stands else "",
    )  # fmt: skip
