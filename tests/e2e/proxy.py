"""A proxy of our own between a browser and the server, on which requests or answers can be lost or held."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.e2e.server import Server

_SECONDS = 60.0
# Of one connection (RFC 9110, section 7.6.1); the proxy makes its own.
_HOP = {"connection", "keep-alive", "transfer-encoding"}


class Fate(Enum):
    """What becomes of a request: both ways open, never arrived, or done without anybody hearing of it."""

    PASSES = 0
    REQUEST_LOST = 1
    ANSWER_LOST = 2


class Arrest:
    """Stops one request on its way, before the server has it or with the answer on the way back."""

    def __init__(self, *, with_answer: bool, path: str) -> None:
        self.with_answer, self.path = with_answer, path
        self._stands, self._judged = threading.Event(), threading.Event()
        self._taken = threading.Lock()
        self._goes_on = False

    def wait(self, seconds: float = 30.0) -> None:
        """Until the request stands there."""
        assert self._stands.wait(seconds), f"no request for {self.path} in {seconds:.0f} s"

    def end(self, *, goes_on: bool) -> None:
        """Let it go on, or lose it; those that come after it are not stopped."""
        self._goes_on = goes_on
        self._taken.acquire(blocking=False)
        self._judged.set()

    def stop(self, path: str, *, with_answer: bool) -> bool:
        """Called by the proxy at both places. Whether the request goes on."""
        if (
            with_answer != self.with_answer
            or self.path not in path
            or not self._taken.acquire(blocking=False)
        ):
            return True
        self._stands.set()
        assert self._judged.wait(_SECONDS), "nobody decided what becomes of the request"
        return self._goes_on


class Proxy:
    """Forwards to `server`, whether that runs or not. Without fate and arrest it is as if absent."""

    def __init__(self, server: Server) -> None:
        self.fate: Callable[[str, str], Fate] = lambda method, path: Fate.PASSES
        self.lost = 0
        self._arrest: Arrest | None = None
        self._server = server
        self._door = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._door.daemon_threads = True
        self._thread = threading.Thread(target=self._door.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._door.server_port}"

    def arrest(self, path: str, *, with_answer: bool) -> Arrest:
        """Stop the next request whose path holds `path`."""
        self._arrest = Arrest(with_answer=with_answer, path=path)
        return self._arrest

    def close(self) -> None:
        self._door.shutdown()
        self._door.server_close()
        self._thread.join()

    def passed(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes] | None:
        """The server's answer; None where nobody is to get one."""
        fate, arrest = self.fate(method, path), self._arrest
        if fate is Fate.REQUEST_LOST or (arrest and not arrest.stop(path, with_answer=False)):
            self.lost += 1
            return None
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=_SECONDS)
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            answer = (response.status, response.getheaders(), response.read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if fate is Fate.ANSWER_LOST or (arrest and not arrest.stop(path, with_answer=True)):
            self.lost += 1
            return None
        return answer


def _handler_of(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """HTTP/1.0: by itself a browser repeats what got no answer on a connection in use."""

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            answer = proxy.passed(self.command, self.path, headers, body)
            if answer is None:
                self.close_connection = True
                return
            status, told, content = answer
            try:
                self.send_response_only(status)
                for name, value in told:
                    if name.lower() not in _HOP | {"content-length"}:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True  # whoever asked is gone

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = do_HEAD = _pass_on

        def log_message(self, format: str, *args: object) -> None:
            """Keep quiet: the tests' output is for the tests."""

    return Handler
