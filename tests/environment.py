"""A pytest plugin that runs before Django reads its settings: the tests' secret, data folder and database.

`ANNOTATOR_TEST_DATABASE=postgres` runs them on PostgreSQL (see `databases.py`); without it, on SQLite.
"""

from __future__ import annotations

import os
import secrets
import tempfile

import pytest

from tests.databases import NoPostgres, ThrowawayPostgres

_READY = "ANNOTATOR_TEST_ENVIRONMENT"  # Set for xdist's workers, which inherit all this from their parent.


def _prepare(cleanup: list[ThrowawayPostgres | tempfile.TemporaryDirectory[str]]) -> None:
    folder = tempfile.TemporaryDirectory(prefix="annotator-tests-")
    cleanup.append(folder)
    os.environ.update({
        _READY: "1",
        "ANNOTATOR_DATA": folder.name,
        "ANNOTATOR_SECRET_KEY": secrets.token_urlsafe(50),
        "ANNOTATOR_DEMO": "1",
        "ANNOTATOR_DEBUG": "0",
        "ANNOTATOR_PUBLIC_URL": "",
    })  # fmt: skip
    wanted = os.environ.get("ANNOTATOR_TEST_DATABASE", "sqlite")
    if wanted == "sqlite":
        os.environ.pop("DATABASE_URL", None)
    elif wanted != "postgres":
        raise pytest.UsageError(f"ANNOTATOR_TEST_DATABASE is sqlite or postgres, not {wanted!r}")
    elif not os.environ.get("DATABASE_URL"):
        try:
            server = ThrowawayPostgres().__enter__()
        except NoPostgres as reason:
            raise pytest.UsageError(str(reason)) from reason
        cleanup.append(server)
        os.environ["DATABASE_URL"] = server.url


_cleanup: list[ThrowawayPostgres | tempfile.TemporaryDirectory[str]] = []
if _READY not in os.environ:
    _prepare(_cleanup)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--browser",
        action="append",
        choices=["chromium", "firefox", "none"],
        help="end-to-end tests in this browser only (may be repeated; default: all); none: those without one",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "only(browser, reason=...): an end-to-end test for one browser, and why"
    )
    config.addinivalue_line(
        "markers", "databases(name, ...): about these databases only, of sqlite and postgres"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, without calling it a skip, what is about the other database than this run's.

    End-to-end tests are not meant: they are made once for each database that they name.
    """
    this = os.environ.get("ANNOTATOR_TEST_DATABASE", "sqlite")

    def is_meant(item: pytest.Item) -> bool:
        mark = item.get_closest_marker("databases")
        return mark is None or this in mark.args or "database" in getattr(item, "fixturenames", ())

    left_out = [item for item in items if not is_meant(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if is_meant(item)]


def pytest_unconfigure() -> None:
    while _cleanup:
        thing = _cleanup.pop()
        if isinstance(thing, ThrowawayPostgres):
            thing.stop()
        else:
            thing.cleanup()
    os.environ.pop(_READY, None)
