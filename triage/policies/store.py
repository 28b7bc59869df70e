"""Which policy is in force in a folder, and how does another one take its place?

A promotion writes new files and changes none. The pointer `in-force.json` is replaced last, in one step: whoever is
killed on the way leaves the policy in force that was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from triage.bundle.manifest import digest
from triage.bundle.signing import check_signature, sign
from triage.cutoffs import Cutoffs
from triage.cutoffs.schema import Governance
from triage.errors import BundleError, PolicyError
from triage.policies import files
from triage.policies.checks import Answer, Target, check_about, check_candidate
from triage.policies.evidence import Evidence
from triage.policies.history import HISTORY, POINTER, Entry, Kind, Pointer, all_entries, read_history, read_pointer
from triage.policies.promoted import Promoted, Record, cutoffs_path, read_promoted, record_path, signatures
from triage.policies.writing import check_file, file_text, next_version, policy_of


def policies_folder(data: Path) -> Path:
    """Where the promoted policies of an installation are, where nobody names another folder."""
    return data / "policies"


@dataclass(frozen=True)
class Signing:
    """With what a promotion is signed, and checked afterwards; None for neither."""

    private: Path | None = None
    public: Path | None = None

    def __post_init__(self) -> None:
        if self.public is not None and self.private is None:
            raise PolicyError(
                "A public key is configured, and an unsigned policy would be refused. Name the private key with --key."
            )


@dataclass(frozen=True)
class Candidate:
    """What is to be promoted.

    Attributes:
        evidence: what `tune` wrote about it.
        governance: who approved it, and when it is looked at again.
        source: where it came from, in words: an MLflow run, or a folder.
        governance_from: the version whose part `governance` is used again; empty where one was given.
        demonstration: True where it goes into the folder of a demonstration.
    """

    evidence: Evidence
    governance: Governance
    source: str
    governance_from: str = ""
    demonstration: bool = False


class Policies:
    """The promoted policies in one folder. Several processes may read and write it.

    Args:
        folder: it is made with the first promotion.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pointer(self) -> Pointer | None:
        """What is in force; None where nothing ever was. Nothing is checked but that it can be read.

        Raises:
            PolicyError: it cannot.
        """
        return read_pointer(self.folder)

    def in_force(self, public_key: Path | None = None) -> Promoted | None:
        """The policy in force, checked; None where nothing was ever promoted.

        Raises:
            PolicyError: a file is missing or was changed.
            BundleError: a public key is given, and a signature is missing or wrong.
            CutoffsError: the cut-offs file cannot be used.
        """
        pointer = self.pointer()
        if pointer is None:
            return None
        found = read_promoted(self.folder, pointer.version, pointer.sha256, public_key)
        return found.in_force(pointer.by, pointer.at)

    def history(self) -> list[Entry]:
        """Every change of what is in force, from the first to the last.

        Raises:
            PolicyError: a line that counts is missing or damaged.
        """
        return read_history(self.folder, self.pointer())

    def get(self, version: str, public_key: Path | None = None) -> Promoted:
        """A policy that is or was in force, checked as `in_force` does.

        Raises:
            PolicyError: there is none of that version, or see `in_force`.
        """
        entry = self._entry(version)
        found, pointer = read_promoted(self.folder, version, entry.sha256, public_key), self.pointer()
        is_now = pointer is not None and pointer.version == version
        return found.in_force(pointer.by, pointer.at) if pointer is not None and is_now else found

    def promote(
        self, candidate: Candidate, target: Target, answer: Answer, signing: Signing, on: date,
        expect: str | None = None, *, start: Cutoffs,
    ) -> tuple[Promoted, bool]:  # fmt: skip
        """Sign a candidate's cut-offs and put them in force.

        Args:
            candidate: what is to be promoted.
            target: the model and the checklist that it is to be used with.
            answer: who promotes it, why, and what they accept.
            signing: the keys.
            on: the day.
            expect: the version that the person saw in force, "" for none; None where that is not checked.
            start: the cut-offs that the service uses where nothing was promoted yet.

        Returns:
            The policy in force, and whether it is a new one: the same content again changes nothing.

        Raises:
            PolicyError: it must not be promoted; every reason is named. Or somebody else promoted one meanwhile.
            CutoffsError: nobody answers for it as the service wants, or it does not fit the checklist or the model.
            BundleError: the private key is not that of the public key.
        """
        check_candidate(candidate.evidence, target, answer, candidate.demonstration)
        with files.changing(self.folder) as stage:
            before = self._before(expect, candidate.demonstration)
            version = next_version(self.folder, on)
            text = file_text(candidate.evidence, version, candidate.governance, answer.why.strip())
            cutoffs = check_file(stage, text)
            target.check(cutoffs, on, candidate.demonstration)
            same = self._same(cutoffs)
            if same is not None and before is not None and same == before.version:
                return self.get(same, signing.public), False
            if same is not None:
                raise PolicyError(
                    f"{same} has the same content, and was in force before. Go back to it with"
                    f" 'ltu-triage policy back {same}'."
                )
            self._check_compared(candidate.evidence, before, start)
            at = _now()
            self._keep(stage, cutoffs, candidate, answer, signing, at)
            self._point("promoted", cutoffs, before, answer, at, candidate.demonstration)
            return self.get(cutoffs.version, signing.public), True

    def back(
        self, version: str, target: Target, answer: Answer, on: date, public_key: Path | None = None,
        expect: str | None = None,
    ) -> Promoted:  # fmt: skip
        """Put an earlier policy in force again; who did it and why stands in the history.

        Args:
            version: of a policy that was in force.
            target, answer, on, expect: as for `promote`.
            public_key: it must then be signed with its private key.

        Raises:
            PolicyError: there is none of that version, it is in force, its evidence is about another model or
                checklist, or see `promote`.
            CutoffsError: its review date has passed, or it does not fit the checklist or the model.
            BundleError: its signature is missing or wrong.
        """
        with files.changing(self.folder):
            found = self.get(version, public_key)
            before = self._before(expect, found.record.demonstration)
            if found.since:
                raise PolicyError(f"{version} is in force already.")
            check_about(version, found.record.evidence, target)
            target.check(found.cutoffs, on, found.record.demonstration)
            self._point("back", found.cutoffs, before, answer, _now(), found.record.demonstration)
            return self.get(version, public_key)

    def _before(self, expect: str | None, demonstration: bool) -> Pointer | None:
        """What is in force now, if it is what the person saw."""
        pointer = self.pointer()
        version = "" if pointer is None else pointer.version
        if expect is not None and version != expect:
            now = f"{version} came into force" if version else "the policy in force was taken away"
            raise PolicyError(f"In the meantime {now}. Look at it with 'ltu-triage policy show', and then go on.")
        if pointer is not None and pointer.demonstration != demonstration:
            kinds = ("a demonstration", "clients") if pointer.demonstration else ("clients", "a demonstration")
            raise PolicyError(
                f"The policies in {self.folder} are for {kinds[0]}, and this one is for {kinds[1]}. Name another"
                " folder with --data or --policies."
            )
        return pointer

    def _check_compared(self, evidence: Evidence, before: Pointer | None, start: Cutoffs) -> None:
        """Refuse evidence that compares with other cut-offs than those in force: by their rules, not by their name."""
        now, again = start, "the same cut-offs as here"
        if before is not None:
            path = cutoffs_path(self.folder, before.version)
            if not _is_whole(path, before.sha256):
                raise PolicyError(
                    f"{path} is in force and was changed, so nobody can tell which gaps widen against it. Bring it back"
                    " from a backup, or go back to an earlier one with 'ltu-triage policy back'."
                )
            # Its signature does not matter here: an unsigned policy must not be in the way of a signed one.
            now, again = Cutoffs.load(path), f"--in-force {path}"
        if evidence.compared_rules == now.rules_digest:
            return
        other = evidence.compared_with
        if other == now.version:
            other = f"another file that says it is {other}"
        hint = "" if before is not None else " If the service uses other cut-offs, name them with --cutoffs."
        raise PolicyError(
            f"{now.version} is in force, and the evidence compares the candidate with {other}: so nobody can tell"
            f" which gaps widen now. Tune again, with {again}.{hint}"
        )

    def _same(self, cutoffs: Cutoffs) -> str | None:
        """The version of a policy that says the same, the one in force first."""
        wanted = policy_of(cutoffs)
        for entry in reversed(self.history()):
            path = cutoffs_path(self.folder, entry.version)
            if not _is_whole(path, entry.sha256):
                # It cannot be gone back to, so it is not in the way of a new one.
                continue
            if policy_of(Cutoffs.load(path)) == wanted:
                return entry.version
        return None

    def _keep(
        self, stage: Path, cutoffs: Cutoffs, candidate: Candidate, answer: Answer, signing: Signing, at: str
    ) -> None:
        """Put the new files into the folder; nothing names them yet."""
        version = cutoffs.version
        record = Record(
            version, cutoffs.digest, _line(answer.by), answer.why.strip(), at, answer.trade_off.strip(),
            candidate.source, candidate.governance_from, candidate.demonstration, signing.private is not None,
            candidate.evidence.data,
        )  # fmt: skip
        files.write(record_path(stage, version), record.text)
        made = [cutoffs_path(stage, version), record_path(stage, version)]
        if signing.private is not None:
            for path in made:
                _sign(path, signing.private, signing.public)
            made += signatures(stage, version)
        for path in made:
            files.move(path, self.folder)

    def _point(
        self, kind: Kind, cutoffs: Cutoffs, before: Pointer | None, answer: Answer, at: str, demonstration: bool
    ) -> None:
        """Write the change down, and then make it, in one step."""
        number = 1 + max((entry.number for entry in all_entries(self.folder)), default=0)
        follows, earlier = (before.entry, before.version) if before is not None else (0, "")
        version, sha256, by = cutoffs.version, cutoffs.digest, _line(answer.by)
        entry = Entry(number, follows, kind, version, sha256, earlier, by, answer.why.strip(), at)
        files.append(self.folder / HISTORY, asdict(entry))
        files.replace(self.folder / POINTER, Pointer(version, sha256, by, at, number, demonstration).text)

    def _entry(self, version: str) -> Entry:
        entries: Mapping[str, Entry] = {entry.version: entry for entry in self.history()}
        if version not in entries:
            known = ", ".join(entries) or "none"
            raise PolicyError(f"There is no policy {version} in {self.folder}. There is: {known}.")
        return entries[version]


def _is_whole(path: Path, sha256: str) -> bool:
    """True where the file is there, and is the one that was promoted."""
    return path.is_file() and digest(path.read_bytes()) == sha256


def _sign(path: Path, private: Path, public: Path | None) -> None:
    sign(path, private)
    if public is None:
        return
    try:
        check_signature(path, public)
    except BundleError:
        raise PolicyError(
            f"{private} is not the private key of {public}: the service would refuse what it signs. Name the right one."
        ) from None


def _line(text: str) -> str:
    return " ".join(text.split())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
