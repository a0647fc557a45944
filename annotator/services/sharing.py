"""A text that goes along with a highlight into another library: no more of it than its members may read."""

from dataclasses import asdict
from typing import Final

from annotator.models.annotations import Anchor, Annotation
from annotator.models.documents import Document, Snapshot
from annotator.models.users import User
from annotator.paragraphs import digest
from annotator.services.texts import copy_of
from annotator.services.versions import Versions

_PARAGRAPHS: Final = ("start_paragraph", "end_paragraph")


def carry_over(
    row: Annotation, text: Snapshot, *, to: Document, versions: Versions, shared: bool, by: User
) -> None:
    """Give the article the text, where it lacks it; the row's anchor in it, and its target on it, go along.

    A shared library gets the article's paragraphs and those that are highlighted, and no others: the page
    around an article can show its reader's name. Their numbers change then, and with them the row's target,
    which the caller saves. Who saw the text is told where it was `by`.
    """
    anchor = Anchor.objects.filter(annotation=row, snapshot=text).first()
    paragraphs = text.read()
    kept = list(range(len(paragraphs)))
    if shared:
        marked = _between(row) if row.snapshot_digest == text.digest else set()
        marked |= _between(anchor) if anchor else set()
        kept = [number for number in kept if paragraphs[number].article or number in marked]
    text.paragraphs = [asdict(paragraphs[number]) for number in kept]
    new_digest = digest([paragraphs[number] for number in kept])
    there = to.snapshots.filter(digest=new_digest).first()
    numbers = {number: at for at, number in enumerate(kept)}
    if row.snapshot_digest == text.digest:
        row.snapshot_digest = new_digest
        _renumber(row, numbers)
    if there is None:
        there = copy_of(text, to=to, version=versions.take())
        there.digest, there.url = new_digest, row.url
        there.author_id = by.pk if text.author_id == by.pk else None
        there.save(force_insert=True)
    if anchor is not None:
        # Two texts can be the same without what stands around the article: the later one's place holds.
        Anchor.objects.filter(annotation=row, snapshot=there).delete()
        anchor.snapshot = there
        _renumber(anchor, numbers)
        anchor.save()


def _between(row: Annotation | Anchor) -> set[int]:
    if row.start_paragraph is None or row.end_paragraph is None:
        return set()
    return set(range(row.start_paragraph, row.end_paragraph + 1))


def _renumber(row: Annotation | Anchor, numbers: dict[int, int]) -> None:
    for name in _PARAGRAPHS:
        number = getattr(row, name)
        # A place outside the text was never checked: it stays as wrong as it was.
        setattr(row, name, numbers.get(number, number) if number is not None else None)
