"""The command `ltu-triage`: which verb was asked for, and how did it end?"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence

from triage._version import __version__
from triage.errors import Defect, UsageError, UserError

#: Each verb with the module that holds it, and the extra that it needs.
VERBS = {
    "score": ("score", "lists"),
    "explain": ("explain", ""),
    "checklist": ("checklist", ""),
    "services": ("checklist", ""),
    "points": ("points", ""),
    "compare": ("compare", "lists"),
    "cutoffs": ("cutoffs", ""),
    "policy": ("policy", ""),
    "model": ("model", ""),
    "learn": ("learn", "learn"),
    "evaluate": ("evaluate", "learn"),
    "tune": ("tune", "learn"),
    "simulate": ("simulate", "lists"),
    "monitor": ("monitor", "web"),
    "keys": ("keys", ""),
    "serve": ("serve", "web"),
    "audit": ("audit", "web"),
    "records": ("records", "web"),
    "suspend": ("suspend", ""),
    "resume": ("suspend", ""),
    "doctor": ("doctor", ""),
}
DESCRIPTION = "Score newly redundant people for support. A score proposes; a person decides; it never excludes anyone."
#: 0 done; 2 nothing could be done; 3 done in part. 130 is what a shell expects after Ctrl-C.
NOTHING_DONE, INTERRUPTED = 2, 130


def parser(verb: str | None = None) -> argparse.ArgumentParser:
    """The parser of the whole command, or of one verb alone, so that only its module is imported.

    Raises:
        UsageError: the verb needs an extra that is not installed.
    """
    top = argparse.ArgumentParser(prog="ltu-triage", description=DESCRIPTION, allow_abbrev=False)
    top.add_argument("--version", action="version", version=f"ltu-triage {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="COMMAND", required=True)
    wanted = {VERBS[verb]} if verb in VERBS else dict.fromkeys(VERBS.values())
    for module, extra in wanted:
        try:
            importlib.import_module(f"triage.cli.{module}").add_parser(verbs)
        except ModuleNotFoundError as problem:
            if not extra or (problem.name or "").startswith("triage"):
                raise
            hint = f"needs {problem.name}: pip install 'ltu-triage[{extra}]'"
            if verb in VERBS:
                raise UsageError(f"The command '{verb}' {hint}.") from None
            verbs.add_parser(module, help=hint)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. A person's mistake never ends in a traceback."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal or a file that knows few signs shows a question mark, and the command goes on.
            stream.reconfigure(errors="replace")
    try:
        args = parser(words[0] if words else None).parse_args(words)
        code: int = args.func(args)
        sys.stdout.flush()
        return code
    except UserError as problem:
        sys.stderr.write(f"ltu-triage: {problem}\n")
        return problem.exit_code
    except BrokenPipeError:
        # The reader, such as `head`, has gone. Nothing more can be said to it, and Python must not try.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        sys.stderr.write("\nltu-triage: stopped.\n")
        return INTERRUPTED
    except Defect as problem:
        sys.stderr.write(f"ltu-triage: {problem}\nThis is a fault of the software. Please report it.\n")
        return NOTHING_DONE


if __name__ == "__main__":
    sys.exit(main())
