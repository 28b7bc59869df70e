"""Which promoted policy does the running service use, and how does the next one take its place?

Scores that were kept stay as they are: each names the cut-offs that it was made with. One that nobody has decided on is
worked out again before anybody can.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from triage.casework.service import Service
from triage.cutoffs import Cutoffs, check_governed
from triage.engine import Engine
from triage.errors import PolicyError, UserError
from triage.policies import Pointer, Policies, Promoted
from triage.records.actor import SYSTEM
from triage.records.audit import Event
from triage.records.database import Database
from triage.records.plain import canonical, now, parsed
from triage.records.tables import service_state

#: The row of the service's state that says which cut-offs are in force.
_ROW = "policy"
_FAILED = "The look at the policy in force failed; the log says why. It is tried again."
_LOG = logging.getLogger(__name__)


def note(database: Database, cutoffs: Cutoffs, before: str = "") -> bool:
    """Note in the records which cut-offs are in force; False where they say so already.

    The first of several processes that comes to it writes the event; for the others nothing is left to write.

    Args:
        database: the records.
        cutoffs: the cut-offs in force.
        before: the version in force until then, where the records do not know.
    """
    found = {"version": cutoffs.version, "sha256": cutoffs.digest}
    with database.read() as view:
        row = view.find(service_state, _ROW)
    if row is not None and parsed(row["data"]) == found:
        return False
    with database.write(Event(SYSTEM, "policy_taken_up")) as work:
        row = work.find(service_state, _ROW)
        known = parsed(row["data"]) if row is not None else {"version": before, "sha256": ""}
        if known == found:
            return False
        work.about("", before=known["version"], before_sha256=known["sha256"], **found)
        kept = {"data": canonical(found), "at": now(), "by": SYSTEM.account}
        if row is None:
            work.insert(service_state, {"id": _ROW, **kept})
        else:
            work.update(service_state, _ROW, kept)
    return True


def is_noted(database: Database) -> bool:
    """True where the records name the cut-offs in force, because a promoted policy was once."""
    with database.read() as view:
        return view.find(service_state, _ROW) is not None


class Follower:
    """Takes up the policy in force of a folder, whenever another one is.

    Args:
        service: the service whose engine is replaced.
        policies: the folder.
        public_key: policies must be signed with its private key; None where that is not checked.
        demonstration: True for a demonstration, which may use policies for demonstration.
    """

    def __init__(self, service: Service, policies: Policies, public_key: Path | None, demonstration: bool) -> None:
        self._service = service
        self._policies = policies
        self._public_key = public_key
        self._demonstration = demonstration

    def look(self) -> bool:
        """Take up the policy in force, if it is another one; True where that was done.

        One that cannot be used leaves the old one in force. That is logged once, and shown on the page about the
        service until it can be used, or another one takes its place.
        """
        try:
            return self._follow()
        except UserError as problem:
            if self._service.policy.refuse((problem.message, *map(str, problem.faults))):
                _LOG.error("The promoted policy is not taken up. %s", problem)
            return False
        except Exception:  # whatever it is, such as a busy database: a thread that ended would look no more
            if self._service.policy.refuse((_FAILED,)):
                _LOG.exception("The look at the policy in force failed.")
            return False

    def _follow(self) -> bool:
        pointer, known = self._policies.pointer(), self._service.policy.now
        if pointer is None and known is not None:
            raise PolicyError(f"No policy is in force in {self._policies.folder} any more.")
        if pointer is None or (known is not None and _is_same(pointer, known)):
            self._service.policy.settle()
            return False
        promoted = self._policies.in_force(self._public_key)
        if promoted is None:
            return False
        before = self._service.engines.now
        engine = Engine(before.bundle, before.features, promoted.cutoffs)
        check_governed(promoted.cutoffs, engine.checklist, self._service.today, self._demonstration)
        # The trail first: nothing is proposed by cut-offs that it does not name.
        note(self._service.database, promoted.cutoffs, before.versions.cutoffs)
        self._service.policy.take(promoted)
        self._service.engines.replace(engine)
        return True


def _is_same(pointer: Pointer, known: Promoted) -> bool:
    """True where a policy was taken up as the pointer names it."""
    named = (pointer.version, pointer.sha256, pointer.by, pointer.at)
    return named == (known.version, known.sha256, known.by, known.since)


class Watcher:
    """Looks at the policy in force every few seconds, in a thread of its own.

    Args:
        follower: what it does at each look.
        every: seconds between two looks.
    """

    def __init__(self, follower: Follower, every: float) -> None:
        self._follower = follower
        self._every = every
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="policy", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._every):
            self._follower.look()
