"""From answers to numbers: the grids, the areas, and the spellings of an answer."""

from triage.features.areas import Area, AreaTable
from triage.features.features import Features, Input
from triage.features.grid import Grid
from triage.features.reading import Reading
from triage.features.text import fold

__all__ = ["Area", "AreaTable", "Features", "Grid", "Input", "Reading", "fold"]
