"""How does somebody start the adviser's service? The command `serve`."""

from __future__ import annotations

import argparse
import os
import socket
from pathlib import Path
from typing import Any

import uvicorn

from triage.cli.options import add_engine_options, engine_choices
from triage.cli.records_options import add_records_options, records_of
from triage.errors import UsageError
from triage.policies import InForce
from triage.registry import is_address, pinned
from triage.web.opening import Choices, application_of, first_links, open_service
from triage.web.processes import answer


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `serve`."""
    parser = subparsers.add_parser(
        "serve",
        help="start the adviser's service",
        description="Start the service for advisers, analysts and partners' programs. A new installation prints a"
        " sign-in link that works once.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to answer at (default: this machine alone)")
    parser.add_argument("--port", type=int, default=8000, help="the port (default: 8000)")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes that answer (default: 1)")
    add_records_options(parser)
    parser.add_argument(
        "--demo", action="store_true", help="a demonstration: cut-offs that nobody approved may be used"
    )
    parser.add_argument(
        "--policies", type=Path, metavar="FOLDER", help="the folder of promoted policies (default: in the data folder)"
    )
    parser.add_argument("--sample", type=Path, metavar="LIST", help="an attendance list to try in the demonstration")
    add_engine_options(parser)
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Start the service and answer until it is stopped."""
    _check(args)
    folder, database = records_of(args)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise UsageError(
            f"The data folder {folder} cannot be used: {problem.strerror}. Name another with --data."
        ) from problem
    os.environ["LTU_DATA"] = str(folder)
    choices = Choices(
        str(folder), database, args.host, args.port, args.demo,
        str(args.sample.resolve()) if args.sample else "", str(args.policies.resolve()) if args.policies else "",
        _engine_choices(args),
    )  # fmt: skip
    service = open_service(choices)
    # Made before a link is printed: it says what in the settings cannot be used.
    application = application_of(choices, service)
    if used := InForce(service.policy.now, args.cutoffs).said:
        print(used)
    address = f"http://{args.host}:{args.port}"
    print(f"The service starts at {address}")
    for name, secret in first_links(service, args.demo):
        print(f"Sign in as {name}, once, within a day: {address}/sign-in/link/{secret}", flush=True)
    settings: dict[str, Any] = {"host": args.host, "port": args.port, "log_level": "warning"}
    settings |= {"access_log": False, "server_header": False}
    if args.workers == 1:
        uvicorn.run(application, **settings)
        return 0
    # Each process opens the records for itself.
    service.database.close()
    choices.hand_over()
    answer("triage.web.opening:application", args.workers, **settings)
    return 0


def _engine_choices(args: argparse.Namespace) -> dict[str, Any]:
    """What to score with. Several processes use one version of a registered model, whatever is promoted meanwhile."""
    chosen = engine_choices(args)
    if args.workers > 1 and is_address(chosen["bundle"]):
        chosen["bundle"] = pinned(chosen["bundle"], chosen["public_key"])
    return chosen


def _check(args: argparse.Namespace) -> None:
    """Refuse what nobody could be served with, before anything is made or printed."""
    if not 1 <= args.port <= 65535:
        raise UsageError(f"There is no port {args.port}. Give --port from 1 to 65535.")
    if args.workers < 1:
        raise UsageError("--workers must be at least 1.")
    if args.sample and not args.sample.is_file():
        raise UsageError(f"There is no file {args.sample}. Check --sample.")
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(args.host, args.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(where)
    except OSError as problem:
        raise UsageError(
            f"The service cannot answer at {args.host}, port {args.port}: {problem.strerror}."
            " Give another with --port or --host."
        ) from problem
