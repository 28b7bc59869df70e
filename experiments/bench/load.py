"""How many requests a second does an address answer, and how long does each take? Asked from a process of its own.

Plain sockets and as little work as possible, so that the asking does not become what is measured.

Run: python -m experiments.bench.load PORT PATH SECONDS CONNECTIONS KEY_FILE BODIES_FILE, or
python -m experiments.bench.load serve PORT LENGTH: a server that does nothing, to see how quick the asking itself is.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import cycle
from pathlib import Path
from statistics import quantiles

_END, _LENGTH = b"\r\n\r\n", b"content-length: "


class _Asking(asyncio.Protocol):
    """One connection that sends the next request as soon as the answer to the one before is there."""

    def __init__(self, requests: list[bytes], start: int, until: float, took: list[float], wrong: list[bytes]) -> None:
        self._requests = cycle(requests[start:] + requests[:start])
        self._until = until
        self._took = took
        self._wrong = wrong
        self._got = b""
        self._sent = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        self._sent = time.perf_counter()
        if self._sent >= self._until:
            self._transport.close()
            self.done.set_result(None)
            return
        assert isinstance(self._transport, asyncio.Transport)
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._got += data
        head = self._got.find(_END)
        if head < 0:
            return
        at = self._got.find(_LENGTH, 0, head)
        length = int(self._got[at + len(_LENGTH) : self._got.find(b"\r\n", at)])
        if len(self._got) < head + len(_END) + length:
            return
        self._took.append(time.perf_counter() - self._sent)
        if not self._got.startswith(b"HTTP/1.1 200"):
            self._wrong.append(self._got[:200])
        self._got = b""
        self._ask()

    def connection_lost(self, problem: Exception | None) -> None:
        if not self.done.done():
            self._wrong.append(f"lost: {problem}".encode())
            self.done.set_result(None)


async def ask(port: int, requests: list[bytes], seconds: float, connections: int) -> dict[str, float]:
    """What `connections` at once come to in so many seconds."""
    loop, took, wrong = asyncio.get_running_loop(), list[float](), list[bytes]()
    begin = time.perf_counter()
    until = begin + seconds
    asking = [
        (await loop.create_connection(
            lambda n=number: _Asking(requests, n * 7 % len(requests), until, took, wrong), "127.0.0.1", port
        ))[1]
        for number in range(connections)
    ]  # fmt: skip
    await asyncio.gather(*(one.done for one in asking))
    if wrong:
        raise SystemExit(f"{len(wrong)} answers were wrong, for instance {wrong[0]!r}")
    cuts = quantiles(took, n=100)
    rate = len(took) / (time.perf_counter() - begin)
    return {"rate": rate, "p50": cuts[49] * 1e3, "p99": cuts[98] * 1e3}


def requests_of(path: str, key: str, bodies: list[str]) -> list[bytes]:
    """Whole requests, ready to be sent."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json"
    return [f"{head}\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}".encode() for body in bodies]


class _Nothing(asyncio.Protocol):
    """Answers every request with the same bytes, without reading it."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert isinstance(self._transport, asyncio.Transport)
        if data.endswith(b"}"):
            self._transport.write(self._answer)


async def _serve(port: int, length: int) -> None:
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % length + b"x" * length
    server = await asyncio.get_running_loop().create_server(lambda: _Nothing(answer), "127.0.0.1", port)
    await server.serve_forever()


def main(words: list[str]) -> None:
    """Asks, or serves nothing."""
    if words[0] == "serve":
        asyncio.run(_serve(int(words[1]), int(words[2])))
    port, path, seconds, connections, key, bodies = words
    requests = requests_of(path, Path(key).read_text(), json.loads(Path(bodies).read_text()))
    print(json.dumps(asyncio.run(ask(int(port), requests, float(seconds), int(connections)))))


if __name__ == "__main__":
    main(sys.argv[1:])
