"""A way to a server that breaks off in the middle: what a command meets when the network, or the server, goes."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Way(ThreadingHTTPServer):
    """Hands on so many requests, and then hangs up on each."""

    daemon_threads = True

    def __init__(self, server: str, requests: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.server_host = urlsplit(server).netloc
        self.left = requests
        self.lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def passes(self) -> bool:
        with self.lock:
            self.left -= 1
            return self.left >= 0


class _Handler(BaseHTTPRequestHandler):
    server: Way

    def do_GET(self) -> None:
        self.close_connection = True
        if not self.server.passes():
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        onward = http.client.HTTPConnection(self.server.server_host)
        headers = {**self.headers, "Host": self.server.server_host, "Connection": "close"}
        onward.request(self.command, self.path, body, headers)
        answer = onward.getresponse()
        said = answer.read()
        onward.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "content-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(said)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def way_that_breaks(server: str, after: int) -> Iterator[str]:
    """The address of a way to `server` that breaks after so many requests."""
    way = Way(server, after)
    thread = threading.Thread(target=way.serve_forever, daemon=True)
    thread.start()
    try:
        yield way.address
    finally:
        way.shutdown()
        way.server_close()
        thread.join()
