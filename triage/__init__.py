"""How likely is a person who lost their job to be long-term unemployed, how sure is that, and why?

>>> import triage
>>> engine = triage.load()
>>> score = engine.score({"age": 57, "qualifications": "scqf_5", "area": "Falkirk"})

A score triages people to the right support. It never excludes anyone.
"""

from triage._version import __version__
from triage.engine import Columns, Engine, Reason, Score, load
from triage.errors import Defect, TriageError, UserError

__all__ = [
    "Columns",
    "Defect",
    "Engine",
    "Reason",
    "Score",
    "TriageError",
    "UserError",
    "__version__",
    "load",
]
