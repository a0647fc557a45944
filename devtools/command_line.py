"""`dev.py`'s commands and their options."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from devtools.places import Unprepared


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. What a machine lacks is told in a sentence."""
    options = _parser().parse_args(arguments)
    # SIGTERM ends a command as Ctrl-C does: whatever it started has to end with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code: int = options.command(options)
    except Unprepared as reason:
        print(f"\n{reason}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr, flush=True)
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py", description="Annotator's one entry point.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="install what is missing and serve on http://127.0.0.1:8000")
    run.add_argument(
        "--port", type=_port, default=os.environ.get("PORT") or "8000", help="default: $PORT or 8000"
    )
    run.add_argument("--browser", choices=["chromium", "firefox"], help="open it with the extension loaded")
    run.set_defaults(command=_run)

    test = commands.add_parser("test", help="lint, types, tests on both databases and in both browsers")
    test.add_argument(
        "--quick", action="store_true", help="the inner loop: no PostgreSQL, no browser, no killed servers"
    )
    test.add_argument("--require-all", action="store_true", help="a skipped test is a failure")
    test.add_argument("-k", dest="expression", metavar="EXPRESSION", help="only the tests whose name matches")
    test.set_defaults(command=_test)

    check = commands.add_parser("check", help="format, lint, types, missing migrations")
    check.set_defaults(command=_check)
    build = commands.add_parser("build", help="build the extension for Chromium and Firefox")
    build.set_defaults(command=_build)
    package = commands.add_parser("package", help="write the stores' packages and the sources into dist/")
    package.add_argument(
        "--lint", action="store_true", help="only check the extension as Mozilla's store does"
    )
    package.set_defaults(command=_package)
    formatting = commands.add_parser("format", help="write Python and TypeScript in the house style")
    formatting.set_defaults(command=_format)

    bench = commands.add_parser("bench", help="run a bench of bench/, with its own options")
    bench.add_argument("name", nargs="?", help="leave out to list them")
    bench.add_argument("rest", nargs=argparse.REMAINDER)
    bench.set_defaults(command=_bench)

    anchor = commands.add_parser("anchor", help="re-anchor cases: JSON lines from stdin to stdout")
    anchor.add_argument("rest", nargs=argparse.REMAINDER)
    anchor.set_defaults(command=_anchor)
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)


# Imported late: each command loads only what it needs, and `--help` answers at once.


def _run(options: argparse.Namespace) -> int:
    from devtools.serve import serve

    return serve(port=options.port, browser=options.browser)


def _test(options: argparse.Namespace) -> int:
    from devtools.testing import test

    return test(quick=options.quick, require_all=options.require_all, expression=options.expression)


def _check(options: argparse.Namespace) -> int:
    from devtools.testing import check

    return check()


def _build(options: argparse.Namespace) -> int:
    from devtools.extension_builds import build_extension, prepare_node_packages
    from devtools.python_packages import prepare_for_running

    prepare_for_running()
    prepare_node_packages()
    build_extension()
    return 0


def _package(options: argparse.Namespace) -> int:
    from devtools.extension_builds import prepare_node_packages
    from devtools.python_packages import prepare_for_running
    from devtools.store_packages import lint, package

    prepare_for_running()
    prepare_node_packages()
    if options.lint:
        return lint()
    package()
    return 0


def _format(options: argparse.Namespace) -> int:
    from devtools.checks import write_house_style

    return write_house_style()


def _bench(options: argparse.Namespace) -> int:
    from devtools.benches import bench

    return bench(options.name, options.rest)


def _anchor(options: argparse.Namespace) -> int:
    from devtools.benches import anchor

    return anchor(options.rest)
