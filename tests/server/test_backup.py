"""`manage.py backup`, `verify`, `restore`: everything, of one moment, or nothing at all."""

from __future__ import annotations

import gzip
import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client

from annotator import backups
from annotator.models.annotations import Annotation
from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.services import restoring
from tests.server.people import Person, highlight, person, refused, said
from tests.server.test_oauth import me, refreshed, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada() -> Person:
    one = person("ada")
    one.user.set_password("correct horse")
    one.user.save()
    one.saves_page()
    one.highlights(note="\u0001 « é » 🎈\r\n", tags=["syrie", "a"])
    gone = one.highlights()
    one.delete(f"libraries/me/annotations/{gone['id']}")
    return one


def run(command: str, *words: object, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *(str(word) for word in words), stdout=out, **options)
    return out.getvalue()


def everything() -> dict[str, list[Any]]:
    return {
        name: list(model._base_manager.order_by("pk").values_list(*columns(model)))
        for name, model in backups.tables().items()
    }


def columns(model: Any) -> list[str]:
    """All; but `migrate`, which a restore begins with, touches the extension's client."""
    client = model._meta.db_table == "oauth2_provider_application"
    return [name for name in backups.columns(model) if not client or name not in ("updated", "client_secret")]


def test_what_is_restored_is_what_was_there_but_for_the_epoch(ada: Person, tmp_path: Path) -> None:
    tokens = signed_in(ada)
    before, epoch = everything(), ada.library.epoch
    file = tmp_path / "backup"
    assert "rows in" in run("backup", file)
    assert "The backup is whole." in run("verify", file)
    ada.highlights()
    User.objects.filter(username="ada").update(username="eve")
    run("restore", file, replace=True)
    after = everything()
    epochs = [name for name in before if before[name] != after[name]]
    assert epochs == ["annotator_library"]
    assert ada.library.epoch != epoch
    assert Client(SERVER_NAME="localhost").login(username="ada", password="correct horse")
    assert me(tokens["access_token"]) == 200
    assert refreshed(tokens["refresh_token"]).status_code == 200
    assert ada.highlights()["note"] == ""
    refused(ada.get("libraries/me/changes", since=1, epoch=str(epoch)), 410)


def test_a_database_in_use_is_not_replaced_by_mistake(ada: Person, tmp_path: Path) -> None:
    run("backup", tmp_path / "backup")
    before = everything()
    with pytest.raises(CommandError, match="--replace"):
        run("restore", tmp_path / "backup")
    assert everything() == before


def test_half_a_file_is_refused_wherever_it_ends(ada: Person, tmp_path: Path) -> None:
    run("backup", tmp_path / "backup")
    whole, before = (tmp_path / "backup").read_bytes(), everything()
    for size in (0, 1, 10, len(whole) // 2, len(whole) - 9, len(whole) - 1):
        (tmp_path / "half").write_bytes(whole[:size])
        for command in ("verify", "restore"):
            with pytest.raises(CommandError, match=r"not whole|no backup"):
                run(command, tmp_path / "half")
    assert everything() == before


def test_a_changed_or_strange_file_is_refused(ada: Person, tmp_path: Path) -> None:
    run("backup", tmp_path / "backup")
    lines = gzip.decompress((tmp_path / "backup").read_bytes()).splitlines(keepends=True)
    rows = [number for number, line in enumerate(lines) if line.startswith(b"[")]
    newer = lines[0].replace(b'"format":1', b'"format":2')
    for wrong in (
        lines[: rows[0]] + lines[rows[0] + 1 :],  # a row less
        [*lines[:-1], lines[rows[-1]], lines[-1]],  # a row twice
        [line.replace(b"syrie", b"Syrie") for line in lines],
        lines[:-1],
        [*lines, lines[-1]],
        [newer, *lines[1:]],
        [b"{}\n"],
        [b"[]\n"],
    ):
        (tmp_path / "wrong").write_bytes(gzip.compress(b"".join(wrong)))
        with pytest.raises(CommandError):
            run("verify", tmp_path / "wrong")
        with pytest.raises(CommandError):
            run("restore", tmp_path / "wrong", replace=True)
    (tmp_path / "wrong").write_bytes(b"a picture")
    with pytest.raises(CommandError):
        run("verify", tmp_path / "wrong")
    with pytest.raises(CommandError, match="cannot be read"):
        run("verify", tmp_path / "nowhere")
    assert Annotation.objects.count() == 2


def test_what_a_newer_server_wrote_is_refused_and_nothing_changed(ada: Person, tmp_path: Path) -> None:
    before = everything()
    with backups.Writer(tmp_path / "newer") as backup:
        backup.table("annotator_user", ["id", "telepathy"], iter([("x", "y")]))
    with pytest.raises(CommandError, match="telepathy is not known here"):
        run("restore", tmp_path / "newer", replace=True)
    with backups.Writer(tmp_path / "newer") as backup:
        backup.table("annotator_dream", ["id"], iter([("x",)]))
    with pytest.raises(CommandError, match="annotator_dream is not known here"):
        run("restore", tmp_path / "newer", replace=True)
    assert everything() == before


def test_a_backup_that_breaks_off_leaves_the_older_file_and_no_other(
    ada: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup"
    run("backup", file)
    older = file.read_bytes()

    def broken(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups.Writer, "table", broken)
    with pytest.raises(CommandError, match="No space left"):
        run("backup", file)
    assert [one.name for one in tmp_path.iterdir()] == ["backup"]
    assert file.read_bytes() == older


def test_only_its_owner_may_read_it(ada: Person, tmp_path: Path) -> None:
    run("backup", tmp_path / "backup")
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600


def test_while_others_write_it_is_of_one_moment(
    ada: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writers commit between two tables of the backup; none of it is in it, and none waits for it."""
    before = everything()
    table = backups.Writer.table
    answers: list[int] = []

    def writes() -> None:
        answers.append(ada.post("libraries/me/annotations", highlight(tags=["late"])).status_code)
        connections.close_all()

    def meanwhile(self: backups.Writer, name: str, names: list[str], rows: Any) -> None:
        table(self, name, names, rows)
        if name in ("annotator_annotation", "annotator_document", "annotator_event"):
            other = threading.Thread(target=writes)
            other.start()
            other.join(10)

    monkeypatch.setattr(backups.Writer, "table", meanwhile)
    counts = restoring.write_backup(file=tmp_path / "backup")
    assert answers == [201] * 3
    assert counts == {name: len(rows) for name, rows in before.items()}
    run("restore", tmp_path / "backup", replace=True)
    library = Library.objects.get()
    assert Annotation.objects.count() == 2
    assert library.version == max(row.version for row in Annotation.objects.all())
    told = said(ada.get("libraries/me/changes", since=0))
    assert json.dumps(told).count("late") == 0
