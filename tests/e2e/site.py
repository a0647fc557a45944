"""A little web site for the tests' own pages, which knows nothing of Annotator."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Site:
    """Serves what was put into `pages` on a port of its own, as 127.0.0.1 and as site.test."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                html = pages.get(urlsplit(self.path).path)
                body = (html or "<!doctype html><title>404</title><p>Not here.").encode()
                self.send_response(200 if html is not None else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Keep quiet: the tests' output is for the tests."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def add(self, path: str, html: str) -> str:
        """Publish a page, or change one, and return its address on 127.0.0.1."""
        self.pages[path] = html
        return self.url(path)

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        """The address of a page; `site.test` is the same site outside of any secure context."""
        return f"http://{host}:{self._server.server_port}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
