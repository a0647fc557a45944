"""The words of annotations, for searching. A cache: `manage.py reindex` makes it again."""

from django.db import models

from annotator.models.annotations import Annotation
from annotator.models.libraries import Library


class Searched(models.Model):
    """The words of a living annotation, folded, with one blank between (`annotator.search.words`).

    On SQLite an FTS5 table reads its columns from here; on PostgreSQL a generated `tsvector` stands beside
    them. Neither is known to Django: the migration makes them, `annotator.search.index` keeps the first.
    """

    id = models.BigAutoField(primary_key=True)  # the FTS5 table's rowid, which has to be a number
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    annotation = models.OneToOneField(Annotation, on_delete=models.CASCADE, related_name="searched")
    quote = models.TextField(blank=True)
    note = models.TextField(blank=True)
    tags = models.TextField(blank=True)

    class Meta:
        verbose_name = "words of an annotation"
        verbose_name_plural = "words of annotations"

    def __str__(self) -> str:
        return str(self.annotation_id)
