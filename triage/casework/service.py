"""What does every step of casework hang on? The records, the engine in force, the content and the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime

from triage.checklist.services import Services, load_services
from triage.decisions import ReasonCodes, load_reasons
from triage.engine import Engine
from triage.errors import SettingsError
from triage.outcomes.kinds import OutcomeKinds, load_kinds
from triage.policies import Promoted
from triage.records.database import Database
from triage.records.plain import moment


class Engines:
    """Holds the engine in force. Another one can take its place while the service runs; safe between threads.

    Take `now` once at the beginning of a step, so that the step has one engine throughout.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()

    @property
    def now(self) -> Engine:
        """The engine in force."""
        with self._lock:
            return self._engine

    def replace(self, engine: Engine) -> Engine:
        """Put `engine` in force; returns the one before it. Scores that were kept stay as they are."""
        with self._lock:
            before, self._engine = self._engine, engine
        return before


class PolicyInForce:
    """Holds the promoted policy that the engine has its cut-offs from, and why a later one is not used.

    Safe between threads.
    """

    def __init__(self, promoted: Promoted | None = None) -> None:
        self._promoted = promoted
        self._trouble: tuple[str, ...] = ()
        self._lock = threading.Lock()

    @property
    def now(self) -> Promoted | None:
        """The policy that was taken up last; None where the service has cut-offs that nobody promoted."""
        with self._lock:
            return self._promoted

    @property
    def trouble(self) -> tuple[str, ...]:
        """Why the policy that was promoted last is not used, in sentences; empty where it is."""
        with self._lock:
            return self._trouble

    def of(self, engine: Engine) -> Promoted | None:
        """The policy whose cut-offs `engine` has; None where nobody promoted them."""
        found = self.now
        return found if found is not None and found.sha256 == engine.cutoffs.digest else None

    def take(self, promoted: Promoted) -> None:
        """`promoted` is in force from now on."""
        with self._lock:
            self._promoted, self._trouble = promoted, ()

    def refuse(self, why: tuple[str, ...]) -> bool:
        """The policy that was promoted last cannot be used; False where that was said already."""
        with self._lock:
            before, self._trouble = self._trouble, why
        return before != why

    def settle(self) -> None:
        """What is in force is what was promoted last."""
        with self._lock:
            self._trouble = ()


@dataclass(frozen=True)
class ServiceSettings:
    """Figures that an organisation may set.

    Attributes:
        review_days: within so many working days (Monday to Friday) somebody looks at a decision again.
        valid_days: so many days a score may be decided on; after that it is worked out again.
        list_identity_days: so many days after the upload, what names people on a list is erased.
        page_size: how many rows a work list shows at once.
    """

    review_days: int = 10
    valid_days: int = 90
    list_identity_days: int = 30
    page_size: int = 50

    def __post_init__(self) -> None:
        wrong = [item.name for item in fields(self) if not 1 <= getattr(self, item.name) <= 1000]
        if wrong:
            raise SettingsError(f"These settings must be whole numbers from 1 to 1,000: {', '.join(wrong)}.")


def _clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Service:
    """What every step of casework hangs on.

    Attributes:
        database: the records.
        engines: the holder of the engine in force.
        services: which help there is, and who offers it.
        reasons: for which reasons a proposed band may be changed.
        kinds: what can become of a client.
        settings: figures that an organisation may set.
        clock: gives the time in UTC.
        policy: the holder of the promoted policy that the engine in force has its cut-offs from.
    """

    database: Database
    engines: Engines
    services: Services
    reasons: ReasonCodes
    kinds: OutcomeKinds
    settings: ServiceSettings = field(default_factory=ServiceSettings)
    clock: Callable[[], datetime] = _clock
    policy: PolicyInForce = field(default_factory=PolicyInForce)

    @property
    def now(self) -> str:
        """The time as records keep it."""
        return moment(self.clock())

    def pinned(self) -> Service:
        """This service with the engine that is in force now, for a step that must have one engine throughout."""
        return replace(self, engines=Engines(self.engines.now))

    @property
    def today(self) -> date:
        """The day in local time: what a person in the office would say."""
        return self.clock().astimezone().date()


def make_service(
    database: Database,
    engine: Engine,
    *,
    settings: ServiceSettings | None = None,
    clock: Callable[[], datetime] = _clock,
    policy: Promoted | None = None,
) -> Service:
    """A service with the services, reasons and outcome kinds that stand beside the engine's checklist.

    `policy` is the promoted policy that the engine has its cut-offs from, where there is one.

    Raises:
        ContentError: one of these files has faults.
    """
    folder = engine.checklist.folder
    return Service(
        database, Engines(engine), load_services(engine.checklist), load_reasons(folder), load_kinds(folder),
        settings or ServiceSettings(), clock, PolicyInForce(policy),
    )  # fmt: skip
