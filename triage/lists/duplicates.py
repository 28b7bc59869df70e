"""Which rows may be the same person? They are all scored and flagged, and never merged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from triage.lists.identity import REASONS, Keys

Places = NDArray[np.uint64]


class Duplicates:
    """Keys of the whole list, 8 bytes a row and reason, and afterwards the partner of each row.

    A reason that no table can give takes no memory.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._keys: list[Keys | None] = [None] * len(REASONS)

    def put(self, start: int, keys: list[Keys]) -> None:
        """Keeps the keys of the rows from `start`."""
        for reason, found in enumerate(keys):
            if not found.any():
                continue
            kept = self._keys[reason]
            if kept is None:
                kept = self._keys[reason] = np.zeros(self._rows, dtype=np.uint64)
            kept[start : start + len(found)] = found

    def settle(self) -> None:
        """Puts the partner of each row (its place from 1; 0 for none) where its key was."""
        for kept in self._keys:
            if kept is not None:
                _settle(kept)

    def partners(self, start: int, height: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For rows from `start`: the partner's place from 0 (-1 for none), and which of `REASONS` says so."""
        partner = np.full(height, -1, dtype=np.int64)
        reason = np.zeros(height, dtype=np.int64)
        for number, kept in enumerate(self._keys):
            if kept is not None:
                found = kept[start : start + height].astype(np.int64) - 1
                new = (partner < 0) & (found >= 0)
                partner[new] = found[new]
                reason[new] = number
        return partner, reason


def _settle(keys: Keys) -> None:
    """In place: the first row of a group points to the second, every other one to the first."""
    order = np.argsort(keys, kind="stable").astype(np.int32 if len(keys) < 2**31 else np.int64)
    ordered = keys[order]
    same = (ordered[1:] == ordered[:-1]) & (ordered[1:] != 0)
    starts = np.flatnonzero(same & ~np.concatenate(([False], same[:-1])))
    keys[:] = 0
    if not len(starts):
        return
    members = np.flatnonzero(same) + 1
    heads = starts[np.searchsorted(starts, members, side="right") - 1]
    keys[order[members]] = order[heads].astype(np.uint64) + np.uint64(1)
    keys[order[starts]] = order[starts + 1].astype(np.uint64) + np.uint64(1)
