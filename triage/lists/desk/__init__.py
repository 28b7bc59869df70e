"""What can be done with an attendance list in the service? Everything that its pages need, without a database.

The same code scores a list here and on the command line, so the figures of both are equal to the bit.
"""

from triage.lists.changes import Decided
from triage.lists.desk.asked import Asked, asked
from triage.lists.desk.choices import GROUPS, RoleChoice, choices_of, mapping_from, roles
from triage.lists.desk.looked import LeftOut, Looked, LookedColumn, LookedTable, look
from triage.lists.desk.matches import SURE_WORDS, Match, possible_matches
from triage.lists.desk.opened import MOST_ROWS, UPLOAD
from triage.lists.desk.places import ERASED, OUTCOMES, Placed, PlacesAbout, PlacesOutcome, places_file
from triage.lists.desk.row import (
    CLIENTS,
    FLAG_WORDS,
    AtTheEdge,
    Claimed,
    Private,
    Problem,
    Row,
    Said,
    SamePerson,
    band_counts,
    speak_first,
)
from triage.lists.desk.rows import Scored, score_rows
from triage.lists.desk.workbook import workbook
from triage.lists.speak_first import WHY

__all__ = [
    "CLIENTS",
    "ERASED",
    "FLAG_WORDS",
    "GROUPS",
    "MOST_ROWS",
    "OUTCOMES",
    "SURE_WORDS",
    "UPLOAD",
    "WHY",
    "Asked",
    "AtTheEdge",
    "Claimed",
    "Decided",
    "LeftOut",
    "Looked",
    "LookedColumn",
    "LookedTable",
    "Match",
    "Placed",
    "PlacesAbout",
    "PlacesOutcome",
    "Private",
    "Problem",
    "RoleChoice",
    "Row",
    "Said",
    "SamePerson",
    "Scored",
    "asked",
    "band_counts",
    "choices_of",
    "look",
    "mapping_from",
    "places_file",
    "possible_matches",
    "roles",
    "score_rows",
    "speak_first",
    "workbook",
]
