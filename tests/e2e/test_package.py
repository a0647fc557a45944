"""What goes to the stores: the same sources make the same bytes, on another machine too."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path

from annotator import __version__
from devtools.places import EXTENSION, child_environment, extension_tool
from devtools.store_packages import package


def test_the_packages_come_out_the_same_and_the_sources_build_them_again(
    browser_name: str, builds: dict[str, Path], tmp_path: Path
) -> None:
    first, second = package(tmp_path / "one"), package(tmp_path / "two")
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]
    by_kind = {file.stem.rsplit("-", 1)[1]: zipfile.ZipFile(file) for file in first}
    assert sorted(file.name for file in first) == [
        f"annotator-{__version__}-{kind}.zip" for kind in ("chromium", "firefox", "sources")
    ]
    packed = by_kind[browser_name]
    manifest = json.loads(packed.read("manifest.json"))
    assert manifest["version"] == __version__
    assert manifest["name"] == "__MSG_extension_name__"
    assert "key" not in manifest

    sources = tmp_path / "sources"
    by_kind["sources"].extractall(sources)
    (sources / "extension/node_modules").symlink_to(EXTENSION / "node_modules")
    command = [*extension_tool("wxt", "bin/wxt.mjs"), "build", "-b", browser_name]
    subprocess.run(
        command, cwd=sources / "extension", env=child_environment(), check=True, capture_output=True
    )
    built = sources / f"extension/.output/{browser_name}-mv3"
    files = {
        file.relative_to(built).as_posix(): file.read_bytes() for file in built.rglob("*") if file.is_file()
    }
    assert sorted(files) == sorted(packed.namelist())
    assert [name for name in files if name != "manifest.json" and files[name] != packed.read(name)] == []


def test_nothing_in_the_packages_writes_markup_or_names_a_machine(
    tmp_path: Path, builds: dict[str, Path]
) -> None:
    for built in builds.values():
        for file in built.rglob("*.js"):
            code = file.read_text("utf-8")
            assert re.search(r"\.innerHTML\s*=[^=]", code) is None, file
            assert "eval(" not in code
            assert str(Path.home()) not in code
