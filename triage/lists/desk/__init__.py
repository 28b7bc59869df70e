"""What can be done with an attendance list in the service? Everything that its pages need, without a database.

The same code scores a list here and on the command line, so the figures of both are equal to the bit.
"""

from triage.lists.desk.choices import GROUPS, RoleChoice, choices_of, mapping_from, roles
from triage.lists.desk.looked import LeftOut, Looked, LookedColumn, LookedTable, look

__all__ = [
    "GROUPS",
    "LeftOut",
    "Looked",
    "LookedColumn",
    "LookedTable",
    "RoleChoice",
    "choices_of",
    "look",
    "mapping_from",
    "roles",
]
