"""Which versions are there, which is in force, and who said so?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from triage.champion import names
from triage.champion.aliases import Versions

_ORDER = (names.CHAMPION, names.PREVIOUS, names.CHALLENGER)


def listed(versions: Versions) -> Iterator[str]:
    """Each version in a few lines: what it is, its aliases, and who promoted it, when and why.

    Raises:
        TrackingError: there is no such registered model, or the server does not answer.
    """
    known = versions.aliases()
    for item in versions.all():
        version, tags = str(item.version), dict(item.tags)
        held = [alias for alias, number in sorted(known.items(), key=_place) if number == version]
        yield f"{version:>4}  {', '.join(held) or '-'}"
        yield from (f"      {line}" for line in _lines(item, tags))


def _place(pair: tuple[str, str]) -> tuple[int, str]:
    alias = pair[0]
    return (_ORDER.index(alias) if alias in _ORDER else len(_ORDER), alias)


def _lines(item: Any, tags: Mapping[str, str]) -> Iterator[str]:
    simulated = ", simulated people" if tags.get(names.SIMULATED) == "true" else ""
    made = datetime.fromtimestamp(item.creation_timestamp / 1000, UTC).isoformat(timespec="seconds")
    yield f"{tags.get(names.BUNDLE, 'not registered by this tool')}, {tags.get(names.CHECKLIST, '')}{simulated}"
    yield f"registered {made}, manifest {tags.get(names.MANIFEST, 'not known')[:12]}"
    if names.GATES in tags:
        failed = [
            key.removeprefix(names.GATE)
            for key, text in sorted(tags.items())
            if key.startswith(names.GATE) and text.startswith("failed")
        ]
        judges = ", judged by simulated people" if tags.get(names.GATES_SIMULATED) == "true" else ""
        yield f"gates {tags[names.GATES]}{judges}{': ' if failed else ''}{', '.join(failed)}"
    if names.AT in tags:
        yield f"promoted {tags[names.AT]} by {tags.get(names.BY, '')}: {tags.get(names.WHY, '')}"
    if names.BACK_AT in tags:
        yield f"rolled back {tags[names.BACK_AT]} by {tags.get(names.BACK_BY, '')}: {tags.get(names.BACK_WHY, '')}"
