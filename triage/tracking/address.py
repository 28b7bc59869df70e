"""Which addresses are those of an MLflow server, and how is said what MLflow says of one?"""

from __future__ import annotations

import re
from pathlib import Path

from triage.errors import TrackingError, UsageError
from triage.registry.address import is_server

_CREDENTIALS = re.compile(r"//[^/\s]*@")
#: What MLflow writes before what it says: RESOURCE_DOES_NOT_EXIST and the like.
_CODE = re.compile(r"^[A-Z]+(_[A-Z]+)+: ")
_NO_RUN = re.compile(r"Run with id=(\S+) not found|Run '(\S+)' not found")
#: What MLflow says of a server that it has tried in vain.
_UNREACHED = re.compile(r"API request to \S+ failed with exception .*")
#: What a database file of SQLite begins with; a new one may be empty.
_SQLITE = b"SQLite format 3\0"


def check_address(address: str) -> None:
    """Refuse what MLflow would take for a folder, and a file in which it would make an empty database.

    Raises:
        UsageError: it is no address.
        TrackingError: it names a database file that is none.
    """
    if not is_server(address):
        raise UsageError(
            f"'{shown(address)}' is no address of an MLflow server. Write it as http://127.0.0.1:5000, or"
            " sqlite:///FILE for a database without a server."
        )
    if address.startswith("sqlite"):
        file = Path(address.partition(":///")[2].partition("?")[0])
        if file.is_file():
            _check_database(file)
        else:
            raise TrackingError(
                f"There is no database {file} for {shown(address)}. Check the name and the folder. A new one is made by"
                f" 'mlflow db upgrade {shown(address)}'."
            )


def _check_database(file: Path) -> None:
    with file.open("rb") as opened:
        start = opened.read(len(_SQLITE))
    if start not in (b"", _SQLITE):
        raise TrackingError(f"{file} is no SQLite database. Check the name, or give another address.")


def shown(address: str) -> str:
    """The address as it may stand in a message: without a name and password."""
    return _CREDENTIALS.sub("//", address)


def first_line(problem: Exception) -> str:
    """The first sentence of what MLflow said, without the addresses of its retries."""
    text = str(problem).splitlines()[0].strip() if str(problem) else type(problem).__name__
    text = _UNREACHED.sub("it cannot be reached.", _CODE.sub("", shown(text)))
    text = _NO_RUN.sub(lambda found: f"it has no run {found[1] or found[2]}", text)
    return text if len(text) <= 300 else f"{text[:300]} ..."
