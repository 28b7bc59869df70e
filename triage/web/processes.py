"""How do several processes answer at one address?"""

from __future__ import annotations

import socket
from typing import Any

import uvicorn
from uvicorn.supervisors import Multiprocess


class _Config(uvicorn.Config):
    """Settings whose socket sends at once what there is to send.

    An answer goes out in two parts. Where several processes share a socket, the second part would otherwise wait until
    the first one is acknowledged: 40 milliseconds for each request on a connection that stays open.
    """

    def bind_socket(self) -> socket.socket:
        """The socket that all processes share."""
        bound = super().bind_socket()
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return bound


def answer(application: str, workers: int, **settings: Any) -> None:
    """Answer until stopped.

    Args:
        application: what makes the application, as "module:function"; each process calls it for itself.
        workers: how many processes.
        settings: as for `uvicorn.run`.
    """
    config = _Config(application, factory=True, workers=workers, **settings)
    Multiprocess(config, sockets=[config.bind_socket()]).run()
