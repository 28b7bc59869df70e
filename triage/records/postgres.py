"""How do PostgreSQL's own programs save a database and bring it back?"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from triage.errors import RecordsError


def dump(url: URL, snapshot: str, path: Path) -> None:
    """Save the database as another transaction sees it, in the custom format of pg_dump.

    Raises:
        RecordsError: pg_dump is not installed, or refuses.
    """
    words = ["--format=custom", "--compress=0", f"--snapshot={snapshot}", f"--file={path}", "--no-password"]
    _run("pg_dump", url, words)


def load(url: URL, path: Path) -> None:
    """Bring a saved database back into an empty one: all of it, or nothing.

    Raises:
        RecordsError: pg_restore is not installed, or refuses.
    """
    words = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password"]
    _run("pg_restore", url, [*words, f"--dbname={url.database}", str(path)])


def _run(program: str, url: URL, words: list[str]) -> None:
    found = shutil.which(program)
    if found is None:
        raise RecordsError(
            f"'{program}' is not here. Install PostgreSQL's client programs, of the server's version or a newer one."
        )
    done = subprocess.run(  # noqa: S603 - no shell, and no word comes from outside
        [found, *words], env=os.environ | _settings(url), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it did not say why"]
        raise RecordsError(f"'{program}' refused: {lines[0]}")


def _settings(url: URL) -> dict[str, str]:
    """The address as environment: other people can read the words of a command, and so a password in them."""
    given = {
        "PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }  # fmt: skip
    options = {f"PG{name.upper()}": value for name, value in url.query.items() if isinstance(value, str)}
    return {name: str(value) for name, value in (given | options).items() if value is not None}
