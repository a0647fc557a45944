"""Which article an address belongs to."""

from dataclasses import dataclass

import ada_url
from django.utils import timezone

from annotator import limits
from annotator.models.documents import Document, DocumentAlias, Snapshot
from annotator.models.libraries import Library
from annotator.paragraphs import Paragraph
from annotator.search.words import fold, spaced
from annotator.services.versions import Versions
from annotator.url_key import is_web_address, url_key

# How much of the shorter text two pages must share to be the same article under two addresses.
SHARED_TEXT = 0.5


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says about itself: its address, and what it put in its head."""

    url: str
    canonical: str = ""
    title: str = ""
    language: str = ""
    site_name: str = ""
    byline: str = ""
    published: str = ""


def document_of_page(
    *, library: Library, page: Page, paragraphs: list[Paragraph], versions: Versions
) -> Document:
    """The document seen at the page's address, made where there is none, with what the page says of itself.

    `rel=canonical` is believed only on the same site, with a path, and where title or text agree with what is
    stored there. An address that was only ever claimed by a canonical link gives way to a page really seen
    there.
    """
    found = _seen_at(library=library, page=page, paragraphs=paragraphs)
    if found is None:
        found = _new(library=library, page=page, versions=versions)
    _learn(document=found, page=page, versions=versions)
    return found


def document_at(*, library: Library, url: str, versions: Versions) -> Document:
    """The document seen at an address, made where there is none, as when a snapshot is still to come."""
    alias = _alias(library=library, url=url)
    return alias.document if alias else _new(library=library, page=Page(url=url), versions=versions)


def document_like(*, library: Library, like: Document, url: str, versions: Versions) -> Document:
    """The library's document at this address, or at another one of `like`, an article of another library.

    Made where there is none, with what the page said of itself there.
    """
    if alias := _alias(library=library, url=url):
        return alias.document
    others = DocumentAlias.objects.filter(library=library, key__in=like.aliases.values("key"))
    other = others.select_related("document").order_by("created", "pk").first()
    if other is None:
        page = Page(url, "", like.title, like.language, like.site_name, like.byline, like.published)
        return _new(library=library, page=page, versions=versions)
    _learn(document=other.document, page=Page(url=url), versions=versions)
    return other.document


def site_of(url: str) -> str:
    """The host name without `www.`; empty where the address has none."""
    try:
        return ada_url.URL(url).hostname.removeprefix("www.")[:255]
    except ValueError:
        return ""


def title_words(title: str) -> str:
    """A title as it is searched: its words between blanks."""
    return f" {spaced(title[: limits.TITLE_CHARACTERS])} "


def _seen_at(*, library: Library, page: Page, paragraphs: list[Paragraph]) -> Document | None:
    alias = _alias(library=library, url=page.url)
    if alias is not None:
        claimed = alias.source == DocumentAlias.Source.CANONICAL
        if not claimed or _agrees(alias.document, page, paragraphs):
            if claimed:
                DocumentAlias.objects.filter(pk=alias.pk).update(source=DocumentAlias.Source.VISITED)
            return alias.document
        alias.delete()
        return None
    if _canonical_is_believable(page):
        canonical = _alias(library=library, url=page.canonical)
        if canonical is not None and _agrees(canonical.document, page, paragraphs):
            return canonical.document
    return None


def _alias(*, library: Library, url: str) -> DocumentAlias | None:
    return DocumentAlias.objects.select_related("document").filter(library=library, key=url_key(url)).first()


def _canonical_is_believable(page: Page) -> bool:
    if not page.canonical or not is_web_address(page.canonical):
        return False
    has_path = ada_url.URL(page.canonical).pathname.strip("/") != ""
    return has_path and site_of(page.canonical) == site_of(page.url)


def _agrees(document: Document, page: Page, paragraphs: list[Paragraph]) -> bool:
    if page.title and fold(document.title) == fold(page.title):
        return True
    latest = latest_snapshot(document)
    if latest is None:
        return False
    here = {p.text for p in paragraphs if p.article}
    there = {p.text for p in latest.read() if p.article}
    return len(here & there) > SHARED_TEXT * min(len(here), len(there))


def latest_snapshot(document: Document) -> Snapshot | None:
    """The snapshot that came last, with its paragraphs."""
    return (
        Snapshot.objects.filter(library_id=document.library_id, document=document)
        .order_by("-version")
        .first()
    )


def _new(*, library: Library, page: Page, versions: Versions) -> Document:
    document = Document.objects.create(
        library=library,
        version=versions.take(),
        url=page.url,
        site=site_of(page.url),
        title_words=title_words(page.title),
        **_described(page),
    )
    _add_alias(document, page.url, DocumentAlias.Source.VISITED)
    return document


def _learn(*, document: Document, page: Page, versions: Versions) -> None:
    """Take over what the page says now; what it no longer says is kept."""
    changed = False
    for name, text in _described(page).items():
        if text and getattr(document, name) != text:
            setattr(document, name, text)
            changed = True
    changed |= _add_alias(document, page.url, DocumentAlias.Source.VISITED)
    if _canonical_is_believable(page):
        changed |= _add_alias(document, page.canonical, DocumentAlias.Source.CANONICAL)
    if changed:
        document.version = versions.take()
        document.updated = timezone.now()
        document.title_words = title_words(document.title)
        document.save()


def _add_alias(document: Document, url: str, source: DocumentAlias.Source) -> bool:
    """Whether the address was new; one that leads to another document stays there."""
    _, new = DocumentAlias.objects.get_or_create(
        library_id=document.library_id,
        key=url_key(url),
        defaults={"document": document, "url": url, "source": source},
    )
    return new


def _described(page: Page) -> dict[str, str]:
    return {
        "title": page.title[: limits.TITLE_CHARACTERS],
        "language": page.language[: limits.LANGUAGE_CHARACTERS],
        "site_name": page.site_name[: limits.SITE_NAME_CHARACTERS],
        "byline": page.byline[: limits.BYLINE_CHARACTERS],
        "published": page.published[: limits.PUBLISHED_CHARACTERS],
    }
