"""Data from every earlier schema, brought to the newest: nothing is lost, and the API answers it.

The schema goes back first, so that every migration is also shown to be one that can be undone.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps as today
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from annotator.paragraphs import digest
from annotator.services.tokens import token_digest
from annotator.uuid7 import uuid7
from tests.server.people import PAGE, URL, Person, page, said, target

APP = "annotator"
TOKEN = "ann_from-before"
pytestmark = pytest.mark.django_db(transaction=True)


def earlier() -> list[str]:
    """The names of all migrations but the newest, oldest first."""
    graph = MigrationExecutor(connection).loader.graph
    newest = next(node for node in graph.leaf_nodes() if node[0] == APP)
    return [name for app, name in graph.forwards_plan(newest) if app == APP][:-1]


@pytest.fixture
def schema() -> Iterator[Any]:
    """A function that brings the database to a migration and answers its models; the newest afterwards."""
    newest = [node for node in MigrationExecutor(connection).loader.graph.leaf_nodes() if node[0] == APP]

    def go(name: str | None) -> Apps:
        executor = MigrationExecutor(connection)
        return executor.migrate([(APP, name)] if name else newest).apps

    yield go
    go(None)


def test_data_of_every_earlier_schema_is_kept(schema: Any) -> None:
    names = earlier()
    assert names[0] == "0001_rows"
    for name in reversed(names):
        ids = made_by(schema(name))
        before = everything(schema(name))
        schema(None)
        after = everything(today)
        for table, rows in before.items():
            for id, row in rows.items():
                now = after[table][id]
                kept = {column: value for column, value in row.items() if column in now}
                assert kept.items() <= now.items(), (name, table)
                assert row.keys() - now.keys() <= FOLDED_AWAY, (name, table)
        can_be_used(ids)
        today.get_model(APP, "User").objects.all().delete()
        today.get_model(APP, "Library").objects.all().delete()


def made_by(old: Apps) -> dict[str, uuid.UUID]:
    """One row of each kind, in the schema of those days. An annotation in Arabic; a deleted one."""
    make = {name: old.get_model(APP, name)._default_manager.create for name in TABLES}
    user = make["User"](username="ada", password="x")
    library = make["Library"](name="ada", personal_of=user, version=5)
    here = {"library": library}
    make["Membership"](**here, user=user, role="owner")
    make["PersonalToken"](user=user, name="old", digest=token_digest(TOKEN), scope="read write")
    document = make["Document"](**here, version=1, url=URL, title="Le sommet", site="fr.example.org")
    make["DocumentAlias"](**here, document=document, url=URL, key="0" * 64, source="visited")
    snapshot = make["Snapshot"](
        **here, document=document, version=2, digest=digest(PAGE), url=URL, extractor="old", author=user,
        paragraphs=page()["paragraphs"],
    )  # fmt: skip
    place = target()
    span = {f"{end}_{part}": place[end][part] for end in ("start", "end") for part in ("paragraph", "offset")}
    written = {
        "document": document, "author": user, "motivation": "commenting", "url": URL, **span,
        "snapshot_digest": digest(PAGE), "quote_exact": place["quote"]["exact"],
    }  # fmt: skip
    kept = make["Annotation"](id=uuid7(), **here, **written, version=3, revision=7, note="\u202eقِصّة 😀")
    gone = make["Annotation"](
        id=uuid7(), **here, **written, version=4, revision=2, deleted=user.date_joined, note="gone"
    )
    anchor = make["Anchor"](
        **here, annotation=kept, snapshot=snapshot, state="exact", text=place["quote"]["exact"], **span
    )
    old.get_model(APP, "Annotation").objects.filter(pk=kept.pk).update(anchor=anchor, state="exact")
    tag = make["Tag"](**here, name="syrie")
    make["AnnotationTag"](**here, annotation=kept, tag=tag)
    make["Event"](**here, actor=user, verb="create", kind="annotation", row=kept.pk, after={"note": "x"})
    make["Tombstone"](**here, version=5, kind="annotation", row=uuid7())
    return {"kept": kept.pk, "gone": gone.pk}


# Columns that later schemas have no more, for what can be computed from the rest.
FOLDED_AWAY = {"words"}
TABLES = (
    "User", "Library", "Membership", "PersonalToken", "Document", "DocumentAlias", "Snapshot", "Annotation",
    "Anchor", "Tag", "AnnotationTag", "Event", "Tombstone",
)  # fmt: skip


def everything(those: Any) -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row by table and key, in the columns of that schema."""
    found = {}
    for name in TABLES:
        model = those.get_model(APP, name)
        columns = [field.attname for field in model._meta.concrete_fields]
        found[name] = {row["id"]: row for row in model._default_manager.values(*columns)}
    return found


def can_be_used(ids: dict[str, uuid.UUID]) -> None:
    """Today's API reads, finds, tells in the feed, changes, and brings back what was written then."""
    ada = Person(today.get_model(APP, "User").objects.get(username="ada"), TOKEN)
    path = f"libraries/me/annotations/{ids['kept']}"
    read = said(ada.get(path))
    assert (read["note"], read["tags"], read["anchor"]["state"]) == ("\u202eقِصّة 😀", ["syrie"], "exact")
    kinds = [change["kind"] for change in said(ada.get("libraries/me/changes"))["changes"]]
    assert kinds == ["document", "snapshot", "annotation", "annotation", "annotation"]
    assert ada.patch(path, {"color": "green"}, if_match='"7"').status_code == 200
    assert ada.post(f"libraries/me/annotations/{ids['gone']}/restore", if_match='"2"').status_code == 200
    found = said(ada.get("libraries/me/annotations", tag="syrie"))["annotations"]
    assert [one["id"] for one in found] == [str(ids["kept"])]
