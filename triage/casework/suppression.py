"""Which counts of a table must be hidden, so that nobody can be found in it, not even by subtraction?

A count below a limit is hidden. Beside it others are hidden, because a row or a column with one gap and a total tells
what stands in the gap. The counts and totals of a table are a flow: from the whole into the rows, and from each row
into its columns. A hidden count is safe where some of the flow could as well run another way: then other tables, with
other counts in the gaps, show exactly what this one shows.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Cell = tuple[str, str]
#: The name of the column of row totals.
TOTAL = ""
_WHOLE = "whole"


@dataclass
class _Edge:
    """One count: it flows from one node of the table to another."""

    start: str
    end: str
    count: int
    total: bool = False
    hidden: bool = False

    def other(self, node: str) -> str:
        """The node at the other end."""
        return self.end if node == self.start else self.start


class _Flow:
    """All counts of a table that could be hidden. What is not here is known: the total of each column."""

    def __init__(self, edges: Sequence[_Edge]) -> None:
        self.edges = edges
        self.at: dict[str, list[_Edge]] = defaultdict(list)
        for edge in edges:
            self.at[edge.start].append(edge)
            self.at[edge.end].append(edge)

    def safe(self, edge: _Edge, wanted: int) -> bool:
        """True where a hidden count could be off by `wanted` in all, with everything that is shown as it is."""
        return self._room(edge, wanted, up=True) + self._room(edge, wanted, up=False) >= wanted

    def _room(self, edge: _Edge, wanted: int, *, up: bool) -> int:
        """How often the count can be changed by one, each time together with others on a way round."""
        before = [item.count for item in self.edges]
        moved = 0
        while moved < wanted and (up or edge.count) and self._move(edge, up):
            moved += 1
        for item, count in zip(self.edges, before, strict=True):
            item.count = count
        return moved

    def _move(self, edge: _Edge, up: bool) -> bool:
        start, goal = (edge.end, edge.start) if up else (edge.start, edge.end)
        way: dict[str, _Edge] = {}
        reached, waiting = {start}, deque([start])
        while waiting and goal not in reached:
            node = waiting.popleft()
            for item in self.at[node]:
                # With the flow a count grows; against it, it shrinks, and none is below nought.
                if item.hidden and item is not edge and (item.start == node or item.count):
                    other = item.other(node)
                    if other not in reached:
                        way[other] = item
                        reached.add(other)
                        waiting.append(other)
        if goal not in reached:
            return False
        edge.count += 1 if up else -1
        while goal != start:
            item = way[goal]
            item.count += 1 if item.end == goal else -1
            goal = item.other(goal)
        return True


def hidden(table: Mapping[str, Mapping[str, int]], limit: int) -> frozenset[Cell]:
    """The cells to hide, as (row, column); a row's total is (row, TOTAL).

    The total of each column, and of everything, is taken to be known: the caller shows a table only where each of
    them is at least `limit`, or hides what the caller does not show.

    Args:
        table: counts by row and column. Every row has the same columns.
        limit: counts below it are hidden, with nought among them. Each hidden count could be off by half of it.
    """
    cells: dict[Cell, _Edge] = {}
    for row, counts in table.items():
        for column, count in counts.items():
            cells[row, column] = _Edge(f"row {row}", f"column {column}", count)
        cells[row, TOTAL] = _Edge(_WHOLE, f"row {row}", sum(counts.values()), total=True)
    _hide(_Flow(list(cells.values())), limit)
    return frozenset(cell for cell, edge in cells.items() if edge.hidden)


def hidden_parts(parts: Mapping[str, int], limit: int) -> frozenset[str]:
    """The parts of a known whole to hide.

    Args:
        parts: counts that add up to the whole.
        limit: as for `hidden`.
    """
    edges = {name: _Edge(_WHOLE, "parts", count) for name, count in parts.items()}
    _hide(_Flow(list(edges.values())), limit)
    return frozenset(name for name, edge in edges.items() if edge.hidden)


def _hide(flow: _Flow, limit: int) -> None:
    """Hide what is small, then more until all of it is safe, and at last show again what need not be hidden."""
    wanted = max(1, limit // 2)
    for edge in flow.edges:
        edge.hidden = edge.count < limit
    waiting = [edge for edge in flow.edges if edge.hidden]
    more: list[_Edge] = []
    # To hide more takes away from nobody's safety, so one walk is enough; what is hidden on the way is looked at, too.
    for edge in waiting:
        while not all(item.hidden for item in flow.edges) and not flow.safe(edge, wanted):
            more.append(_beside(flow.edges, edge))
            more[-1].hidden = True
            waiting.append(more[-1])
    for edge in sorted(more, key=lambda edge: (edge.total, edge.count), reverse=True):
        edge.hidden = False
        edge.hidden = not all(flow.safe(item, wanted) for item in waiting if item.hidden)


def _beside(edges: Sequence[_Edge], unsafe: _Edge) -> _Edge:
    """What to hide beside it: a count before a total, in the same row or column, and as small as can be."""
    near = {unsafe.start, unsafe.end} - {_WHOLE}

    def cost(edge: _Edge) -> tuple[bool, bool, int]:
        return edge.total, not near & {edge.start, edge.end}, edge.count

    return min((edge for edge in edges if not edge.hidden), key=cost)
