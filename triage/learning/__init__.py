"""How does a model learn from outcomes without losing what it promises?"""

from __future__ import annotations

from triage.learning.fit import Fitted, fit
from triage.learning.learn import Learned, learn
from triage.learning.settings import Settings
from triage.learning.start import Start

__all__ = ["Fitted", "Learned", "Settings", "Start", "fit", "learn"]
