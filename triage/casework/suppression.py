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
#: The name of the column of row totals, and of the row of column totals.
TOTAL = ""
_WHOLE, _END = "whole", "end"


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
    """All counts of a table that could be hidden. What is not here is known."""

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


def hidden(
    table: Mapping[str, Mapping[str, int]], limit: int, *, columns_known: bool = True, noughts: bool = True
) -> frozenset[Cell]:
    """The cells to hide, as (row, column); a row's total is (row, TOTAL), and a column's is (TOTAL, column).

    Args:
        table: counts by row and column. Every row has the same columns, and all of it together is at least `limit`.
        limit: counts below it are hidden. Each hidden count could be off by half of it.
        columns_known: the total of each column is known in any case, and at least `limit`. Otherwise it may be hidden.
            The total of everything is always known.
        noughts: hide nought as well: "nobody of this group" can say much about everybody of the group.
    """
    cells: dict[Cell, _Edge] = {}
    wholes: dict[str, int] = defaultdict(int)
    for row, counts in table.items():
        for column, count in counts.items():
            cells[row, column] = _Edge(f"row {row}", f"column {column}", count)
            wholes[column] += count
        cells[row, TOTAL] = _Edge(_WHOLE, f"row {row}", sum(counts.values()), total=True)
    if not columns_known:
        cells |= {(TOTAL, name): _Edge(f"column {name}", _END, count, total=True) for name, count in wholes.items()}
    _hide(_Flow(list(cells.values())), limit, noughts)
    return frozenset(cell for cell, edge in cells.items() if edge.hidden)


def hidden_parts(parts: Mapping[str, int], limit: int, *, noughts: bool = True) -> frozenset[str]:
    """The parts of a known whole to hide.

    Args:
        parts: counts that add up to the whole.
        limit, noughts: as for `hidden`.
    """
    edges = {name: _Edge(_WHOLE, "parts", count) for name, count in parts.items()}
    _hide(_Flow(list(edges.values())), limit, noughts)
    return frozenset(name for name, edge in edges.items() if edge.hidden)


def _hide(flow: _Flow, limit: int, noughts: bool) -> None:
    """Hide what is small, then more until all of it is safe, and at last show again what need not be hidden."""
    wanted = max(1, limit // 2)
    for edge in flow.edges:
        edge.hidden = True
    # The rest could be worked out even if all of it were hidden, such as the total of the one row that there is.
    useful = [edge for edge in flow.edges if flow.safe(edge, wanted)]
    for edge in flow.edges:
        edge.hidden = edge.count < limit and (noughts or edge.count > 0)
    waiting = [edge for edge in flow.edges if edge.hidden]
    more: list[_Edge] = []
    # To hide more takes away from nobody's safety, so one walk is enough; what is hidden on the way is looked at, too.
    for edge in waiting:
        while not all(item.hidden for item in useful) and not flow.safe(edge, wanted):
            more.append(_beside(useful, edge))
            more[-1].hidden = True
            waiting.append(more[-1])
    for edge in sorted(more, key=lambda edge: (not edge.count, edge.total, edge.count), reverse=True):
        edge.hidden = False
        edge.hidden = not all(flow.safe(item, wanted) for item in waiting if item.hidden)


def _beside(edges: Sequence[_Edge], unsafe: _Edge) -> _Edge:
    """What to hide beside it: some before none, a count before a total, in the same row or column, and a small one."""
    near = {unsafe.start, unsafe.end} - {_WHOLE, _END}

    def cost(edge: _Edge) -> tuple[bool, bool, bool, int]:
        return not edge.count, edge.total, not near & {edge.start, edge.end}, edge.count

    return min((edge for edge in edges if not edge.hidden), key=cost)
