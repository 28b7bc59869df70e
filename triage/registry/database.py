"""Does a database answer? Tried once: MLflow itself would try for minutes, and end in a traceback."""

from __future__ import annotations

#: Seconds in which a database has to answer.
_PATIENCE = 5
#: What the drivers of these databases call their patience.
_OPTION = {"postgresql": "connect_timeout", "mysql": "connect_timeout", "mssql": "timeout"}


def trouble_with(address: str) -> str:
    """Why the database at `address` cannot be used, in the words of its driver; empty where it answers.

    Args:
        address: of a database, or of a server, of which nothing is said here; SQLAlchemy is installed with MLflow.
    """
    option = _OPTION.get(address.partition(":")[0].partition("+")[0].lower())
    if option is None:
        return ""
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    try:
        create_engine(address, poolclass=NullPool, connect_args={option: _PATIENCE}).connect().close()
    except (SQLAlchemyError, ImportError, ValueError) as problem:
        # That of the driver says why; SQLAlchemy adds a code and an address on the web.
        said = str(getattr(problem, "orig", None) or problem).strip().splitlines()
        return said[0] if said else type(problem).__name__
    return ""
