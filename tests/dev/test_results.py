"""`dev.py test` counts what ran, shows why something did not, and fails when it has to."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from devtools.steps import Step, run_steps

JUNIT = """<testsuites><testsuite>
  <testcase classname="tests.a" name="test_good"/>
  <testcase classname="tests.a" name="test_bad"><failure message="no"/></testcase>
  <testcase classname="tests.a" name="test_broken"><error message="no"/></testcase>
  <testcase classname="tests.a" name="test_left_out"><skipped message="no printer"/></testcase>
</testsuite></testsuites>"""


def step(code: str, report: Path | None = None, missing: str | None = None) -> Step:
    return Step("a step", [sys.executable, "-c", code], report=report, missing=missing)


def writes(report: Path, junit: str, exit_code: int) -> Step:
    return step(f"open({str(report)!r}, 'w').write({junit!r}); raise SystemExit({exit_code})", report)


def last_line(captured: pytest.CaptureFixture[str]) -> str:
    return captured.readouterr().out.splitlines()[-1]


def test_a_command_without_a_report_is_one_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_steps([step("pass"), step("pass")], require_all=True) == 0
    assert last_line(capsys) == "2 passed, 0 failed, 0 skipped"


def test_one_failed_step_fails_the_run_but_the_others_still_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_steps([step("raise SystemExit(3)"), step("pass")], require_all=False) == 1
    assert last_line(capsys) == "1 passed, 1 failed, 0 skipped"


def test_it_counts_the_tests_of_a_report_and_names_what_failed_or_was_skipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_steps([writes(tmp_path / "report.xml", JUNIT, 1)], require_all=False) == 1
    told = capsys.readouterr().out
    assert told.splitlines()[-1] == "1 passed, 2 failed, 1 skipped"
    assert "FAILED tests.a test_broken" in told
    assert "skipped: no printer (1)" in told


def test_a_run_that_ends_badly_without_a_failed_test_has_failed(tmp_path: Path) -> None:
    good = '<testsuites><testsuite><testcase name="test_good"/></testsuite></testsuites>'
    assert run_steps([writes(tmp_path / "report.xml", good, 2)], require_all=False) == 1


def test_yesterdays_report_is_not_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.xml"
    report.write_text(JUNIT)
    assert run_steps([step("raise SystemExit(2)", report)], require_all=False) == 1
    assert last_line(capsys) == "0 passed, 1 failed, 0 skipped"


@pytest.mark.parametrize(("require_all", "code"), [(False, 0), (True, 1)])
def test_what_the_machine_lacks_is_skipped_unless_all_is_required(
    capsys: pytest.CaptureFixture[str], require_all: bool, code: int
) -> None:
    lacking = step("pass", missing="no firefox-esr: apt install firefox-esr")
    assert run_steps([lacking], require_all=require_all) == code
    told = capsys.readouterr().out
    assert told.splitlines()[-1] == "0 passed, 0 failed, 1 skipped"
    assert "apt install firefox-esr" in told
