"""By which names is a registered model found, and what do the tags of its versions say?"""

from __future__ import annotations

from triage.registry.address import MANIFEST_TAG

#: The registered model, where nothing else is said.
MODEL = "ltu-triage"
#: The version in force, the one that was before it, and the one that was registered last.
CHAMPION, PREVIOUS, CHALLENGER = "champion", "previous", "challenger"
#: Tags of a version: which bundle it is, for which checklist, and whether its people exist.
MANIFEST, BUNDLE, SOURCE, CHECKLIST, SIMULATED = MANIFEST_TAG, "ltu.model", "ltu.source", "ltu.checklist", "simulated"
#: Tags of the cut-offs that go with a version: id and version, and the digest of their rules.
CUTOFFS, CUTOFFS_DIGEST = "ltu.cutoffs", "ltu.cutoffs_sha256"
#: Tags of a promotion: who, why, when, the version that was champion until then, the run with the gates.
BY, WHY, AT, REPLACED, RUN = (f"ltu.promotion.{name}" for name in ("by", "why", "at", "replaced", "run"))
#: Tags of a roll back to this version's predecessor.
BACK_BY, BACK_WHY, BACK_AT = (f"ltu.rolled_back.{name}" for name in ("by", "why", "at"))
#: Tags of the gates: each one's result in words, and "passed" or "failed" for all of them.
GATE, GATES = "ltu.gate.", "ltu.gates"
#: Tags of the gates as a whole: whether the people judged by are simulated, and the digest of the limits.
GATES_SIMULATED, LIMITS_DIGEST = "ltu.gates.simulated", "ltu.gates.limits_sha256"
