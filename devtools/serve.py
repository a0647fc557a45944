"""`dev.py run`: prepare everything that changed, migrate, serve, and tell a newcomer how to begin."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from devtools.extension_builds import build_extension, prepare_node_packages
from devtools.places import EXTENSION_BUILDS, ROOT, Unprepared, child_environment, data_folder, python
from devtools.progress import say
from devtools.python_packages import prepare_for_running

HOST = "127.0.0.1"
# No more threads than granian finds sensible, nor than there are PostgreSQL connections in the pool.
_THREADS = min(16, 2 * (os.cpu_count() or 1) + 1)
GRANIAN_OPTIONS = ["--blocking-threads", str(_THREADS), "--log-level", "warning"]
_START_SECONDS = 30.0
_STOP_SECONDS = 10.0


def serve(*, port: int, browser: str | None) -> int:
    """Serve on `port` until Ctrl-C (or SIGTERM), which is the way it ends and not an error: returns 0."""
    _refuse_a_taken_port(port)
    prepare_for_running()
    prepare_node_packages()
    build_extension()

    data = data_folder()
    make_secret(data / "secret")
    address = f"http://{HOST}:{port}"
    environment = child_environment(ANNOTATOR_DATA=str(data), ANNOTATOR_DEMO="1")
    welcome = _first_start(address, environment)
    children = [_start_server(port, environment)]
    try:
        _wait_until_listening(port, children[0])
        if welcome:
            say(f"\n{welcome}\n{_how_to_load()}")
        say(f"\nServing on {address}   (Ctrl-C ends it)")
        if browser is not None:
            from devtools.open_browser import open_browser

            children.append(open_browser(browser, data, f"{address}/demo/euronews-raqa"))
        return children[0].wait()
    except KeyboardInterrupt:
        say("\nStopping ...")
        return 0
    finally:
        # A second Ctrl-C must not leave anything behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for child in reversed(children):
            stop(child)


def make_secret(file: Path) -> None:
    """Make the server's secret key once, readable by its owner alone from the first byte on."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as secret:
        secret.write(secrets.token_urlsafe(50) + "\n")


def stop(child: subprocess.Popen[bytes]) -> None:
    """End a child and everything it started: first politely, then not. It leads its own process group."""
    if child.poll() is not None:
        return
    _signal_group(child, signal.SIGTERM)
    try:
        child.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        _signal_group(child, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if sys.platform == "win32":
        child.send_signal(number)
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def _refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        # The server binds in the same way: a port in TIME_WAIT from the last run is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Unprepared(f"Port {port} needs more rights. Try: python3 dev.py run --port 8001") from None
        except OSError:
            other = port + 1 if port < 65535 else 8001
            raise Unprepared(
                f"Port {port} is taken: is Annotator running already?\n"
                f"  Another port: python3 dev.py run --port {other}"
            ) from None


def _first_start(address: str, environment: dict[str, str]) -> str:
    """Migrate and, on a new database, make the first account; returns what is to be told, once."""
    answer = subprocess.run(
        [str(python()), "manage.py", "firststart", "--address", address],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if answer.returncode:
        raise Unprepared("The database could not be made ready; see above.")
    return answer.stdout.rstrip()


def _start_server(port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [str(python()), "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    return subprocess.Popen(
        [*command, *GRANIAN_OPTIONS, "annotator.wsgi:application"],
        cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def _wait_until_listening(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Unprepared(f"The server ended at once (exit code {server.returncode}); see above.")
        # A request and not a connection: the port is open before the application behind it is loaded.
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise Unprepared(f"The server did not answer on port {port} within {_START_SECONDS:.0f} s.")


def _how_to_load() -> str:
    return (
        "The extension, to load once:\n"
        f"  Chromium   {EXTENSION_BUILDS['chromium']}\n"
        "             chrome://extensions > Developer mode > Load unpacked > this folder\n"
        f"  Firefox    {EXTENSION_BUILDS['firefox']}\n"
        "             about:debugging#/runtime/this-firefox > Load Temporary Add-on > its manifest.json"
    )
