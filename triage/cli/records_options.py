"""Which options say where the records are?"""

from __future__ import annotations

import argparse
import getpass
import os
from pathlib import Path

from triage.suspension import data_folder


def add_records_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the records are."""
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="the data folder (default: $LTU_DATA)")
    parser.add_argument(
        "--database", metavar="URL", help="the database (default: $LTU_DATABASE, else in the data folder)"
    )


def records_of(args: argparse.Namespace) -> tuple[Path, str]:
    """The data folder and the address of the database."""
    folder: Path = args.data or data_folder()
    folder = folder.resolve()
    return folder, args.database or os.environ.get("LTU_DATABASE") or f"sqlite:///{folder / 'records.sqlite'}"


def person() -> str:
    """Who runs the command, as the machine knows them."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return f"user {os.getuid()}"
