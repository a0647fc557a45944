"""The index of words: a table for both databases, and beside it what each of them searches in.

The table's rows are made by `manage.py reindex`, which runs by itself after this migration: the rules by which
texts are cut into words are the program's, and a migration holds none of it.
"""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = """
CREATE VIRTUAL TABLE annotator_searched_words USING fts5(
    library_id, quote, note, tags, content='annotator_searched', content_rowid='id', tokenize='ascii'
)
"""
# A word's first letter says which field it stands in: q, n, t; l is the library. Every part is immutable.
POSTGRESQL = """
ALTER TABLE annotator_searched ADD COLUMN words tsvector NOT NULL GENERATED ALWAYS AS (
    array_to_tsvector(string_to_array(
        'l' || replace(library_id::text, '-', '') || ' q' || replace(quote, ' ', ' q')
        || ' n' || replace(note, ' ', ' n') || ' t' || replace(tags, ' ', ' t'),
    ' '))
) STORED
"""
# New rows wait in a list that every search reads through: a short one.
POSTGRESQL_INDEX = """
CREATE INDEX searched_by_words ON annotator_searched USING gin (words) WITH (gin_pending_list_limit = 512)
"""


def make(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute(SQLITE)
    elif editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL)
        editor.execute(POSTGRESQL_INDEX)


def unmake(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TABLE annotator_searched_words")
    elif editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE annotator_searched DROP COLUMN words")  # and its index


class Migration(migrations.Migration):
    dependencies = [("annotator", "0003_relations_named_for_readers")]

    operations = [
        migrations.CreateModel(
            name="Searched",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("quote", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("tags", models.TextField(blank=True)),
                (
                    "annotation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="searched",
                        to="annotator.annotation",
                    ),
                ),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="annotator.library"
                    ),
                ),
            ],
            options={
                "verbose_name": "words of an annotation",
                "verbose_name_plural": "words of annotations",
            },
        ),
        migrations.RunPython(make, unmake),
        migrations.RemoveField(model_name="annotation", name="words"),
        migrations.AddField(
            model_name="document",
            name="title_words",
            field=models.TextField(blank=True, editable=False, default=""),
        ),
    ]
