"""Is a bundle kept whole where several programs put it into the cache at one moment?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from triage.errors import TrackingError
from triage.registry.cache import Cache

AT_ONCE, TIMES = 6, 25


def is_right(place: Path) -> bool:
    """Whether a whole bundle stands there."""
    try:
        return (place / "model").read_text(encoding="utf-8") == "right"
    except OSError:
        return False


def put(cache: Cache, name: str, start: Barrier) -> None:
    """Put a bundle of one file into the cache, when all others do."""
    with cache.room() as room:
        made = room / "bundle"
        made.mkdir()
        (made / "model").write_text("right", encoding="utf-8")
        start.wait()
        cache.take_in(made, name, lambda: is_right(cache.bundle(name)))


@pytest.mark.parametrize("before", [None, "damaged"])
def test_programs_that_put_a_bundle_in_its_place_at_once_all_succeed(tmp_path: Path, before: str | None) -> None:
    cache = Cache(tmp_path / "cache")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(TIMES):
            place = cache.bundle(str(number))
            if before is not None:
                place.mkdir(parents=True)
                (place / "model").write_text(before, encoding="utf-8")
            start = Barrier(AT_ONCE)
            list(pool.map(lambda _, name=str(number), start=start: put(cache, name, start), range(AT_ONCE)))
            assert is_right(place)
    assert not list(cache.folder.rglob(".new-*"))


def test_where_nothing_can_be_put_it_is_said(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    with cache.room() as room:
        made = room / "bundle"
        made.mkdir()
        cache.bundle("1").write_text("a file", encoding="utf-8")
        with pytest.raises(TrackingError, match=r"cannot be used: .*\. Name another with LTU_CACHE"):
            cache.take_in(made, "1", lambda: False)
