"""Could the service do its work now: are the records, their keys and an engine there, and do they fit?"""

from __future__ import annotations

import hmac

from sqlalchemy.exc import SQLAlchemyError

from triage.casework.service import Service
from triage.errors import RecordsError
from triage.records.heads import last_event
from triage.records.revision import check_revision


def is_ready(service: Service) -> bool:
    """True where requests can be answered.

    The database answers, its tables fit this software, the audit key is that of the trail, and an engine is in force.
    """
    try:
        with service.database.read() as view:
            check_revision(view.connection)
            last = last_event(view)
    except (RecordsError, SQLAlchemyError):
        return False
    right = last is None or hmac.compare_digest(last["mac"], service.database.keys.mac(last["hash"]))
    return right and bool(service.engines.now.versions.model)
