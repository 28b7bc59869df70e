"""Can this released model be trusted, and what does it give for these numbers?"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from triage.bundle.manifest import FILES, MANIFEST, MODEL, PARITY, POINTS, REFERENCE, Manifest, digest, read_manifest
from triage.bundle.parity import replay
from triage.bundle.points import PointsRow, PointsTable, read_points, tables_of
from triage.bundle.reference import ReferenceScores, read_reference
from triage.bundle.signing import check_signature
from triage.content import content_root
from triage.errors import BundleError
from triage.features import Features
from triage.numbers import is_released

Array = NDArray[np.float64]
OUTPUTS = ("contributions", "logit", "probability", "lower_logit", "upper_logit", "lower", "upper")


class Bundle:
    """A released model, checked: hashes, signature where a key is configured, parity cases.

    Make one with `Bundle.load(folder)`. One session is shared by all threads.

    Attributes:
        manifest: what it says about itself.
        manifest_sha256: of the manifest's file, in hexadecimal. The manifest holds the hash of every other file, so
            this one names the whole bundle.
    """

    def __init__(
        self, manifest: Manifest, files: dict[str, bytes], session: ort.InferenceSession, manifest_sha256: str
    ) -> None:
        self.manifest = manifest
        self.manifest_sha256 = manifest_sha256
        self._files = files
        self._session = session

    @classmethod
    def load(
        cls,
        folder: str | Path | None = None,
        *,
        public_key: str | Path | None = None,
        manifest_sha256: str | None = None,
    ) -> Bundle:
        """The bundle in `folder` (the shipped evidence model where None).

        Args:
            folder: a released bundle.
            public_key: an Ed25519 public key in PEM; the bundle must then be signed with its private key.
            manifest_sha256: the manifest must have this SHA-256, in hexadecimal, where one is given.

        Raises:
            BundleError: a file is missing or changed, the signature is missing or wrong, the manifest is another
                one, or the model does not give its released answers.
        """
        place = Path(folder) if folder is not None else shipped_bundle()
        manifest = read_manifest(place, manifest_sha256)
        if public_key is not None:
            check_signature(place, Path(public_key))
        files = {name: _checked(place, name, manifest) for name in _names(manifest)}
        bundle = cls(manifest, files, _session(files[MODEL], place), digest((place / MANIFEST).read_bytes()))
        replay(files[PARITY], bundle.run)
        bundle._check_baseline()
        bundle._check_tables()
        return bundle

    def _check_baseline(self) -> None:
        """The manifest's baseline is shown beside the model's contributions, so it has to be the model's."""
        width = self._session.get_inputs()[0].shape[1]
        if self.run(np.full((1, width), np.nan))["logit"][0] != self.manifest.baseline:
            raise BundleError(f"The baseline in {MANIFEST} is not that of the model {self.version}. Do not use it.")

    def _check_tables(self) -> None:
        """Refuse a model whose tables for people are not those of its graph, or hold values that may not be released.

        Raises:
            BundleError: they differ, or a value is off the grid of released values.
        """
        names = list(self.tables)
        rows = [(names.index(row.input), row.start, row.points) for row in self.points]
        inputs = np.full((len(rows) + 1, len(names)), np.nan)
        wanted = np.zeros_like(inputs)
        for k, (place, start, points) in enumerate(rows):
            inputs[k, place], wanted[k, place] = start, points
        if not np.array_equal(self.run(inputs)["contributions"], wanted):
            raise BundleError(f"The tables of the model {self.version} are not those of its graph. Do not use it.")
        if not all(is_released(value) for value in (self.manifest.baseline, *(points for _, _, points in rows))):
            raise BundleError(f"The model {self.version} holds a value that is not a multiple of 2^-36. Do not use it.")

    @property
    def version(self) -> str:
        """The model's version, for instance "evidence-2026.1"."""
        return self.manifest.id

    @property
    def points_csv(self) -> str:
        """The text of `points.csv`."""
        return self._files[POINTS].decode()

    @cached_property
    def points(self) -> list[PointsRow]:
        """Every row of `points.csv`."""
        return read_points(self.points_csv)

    @cached_property
    def tables(self) -> dict[str, PointsTable]:
        """The tables of `points.csv` by input."""
        return tables_of(self.points)

    @cached_property
    def reference(self) -> ReferenceScores:
        """The reference population's scores and answers."""
        return read_reference(self._files[REFERENCE])

    @property
    def model(self) -> bytes:
        """The ONNX file."""
        return self._files[MODEL]

    @property
    def card(self) -> str:
        """The model card, in Markdown."""
        return self._files["card.md"].decode()

    def run_raw(self, inputs: Array) -> list[Any]:
        """Outputs in the order of `OUTPUTS` for grid values [n, inputs], float64, NaN where missing."""
        result: list[Any] = self._session.run(OUTPUTS, {"answers": inputs})
        return result

    def run(self, inputs: Array) -> dict[str, Array]:
        """Named outputs for grid values [n, inputs], float64, NaN where missing."""
        return dict(zip(OUTPUTS, self.run_raw(inputs), strict=True))

    def check_fits(self, features: Features) -> None:
        """Refuse a checklist whose answers this model was not made for.

        Raises:
            BundleError: the feature contracts differ.
        """
        if self.manifest.contract_sha256 != features.contract_digest:
            raise BundleError(
                f"The model {self.version} was made for the checklist {self.manifest.checklist_version} and does"
                f" not fit {features.checklist.version} as it stands. Use the matching pair, or build a model for"
                " this checklist."
            )


def shipped_bundle() -> Path:
    """The folder of the model that is used when none is named."""
    return content_root() / "models" / "evidence-2026.1"


def _names(manifest: Manifest) -> list[str]:
    """The files of a bundle: those that each has, and the pictures and figures that its manifest names beside them.

    Raises:
        BundleError: a name leads out of the folder.
    """
    beside = sorted(set(manifest.files) - set(FILES))
    if any(name in ("", ".", "..") or Path(name).name != name or "\\" in name for name in beside):
        raise BundleError(f"{MANIFEST} names a file outside the bundle. Do not use it.")
    return [*FILES, *beside]


def _checked(folder: Path, name: str, manifest: Manifest) -> bytes:
    try:
        data = (folder / name).read_bytes()
    except OSError:
        raise BundleError(f"The bundle {folder.name} has no {name}. Get the bundle again.") from None
    if manifest.files.get(name) != digest(data):
        raise BundleError(
            f"{name} of the bundle {folder.name} was changed after its release. Do not use it; get the bundle again."
        )
    return data


def _session(model: bytes, folder: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    # One thread for each call: a graph this small loses more by handing work over than it gains.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as problem:
        raise BundleError(
            f"{MODEL} of the bundle {folder.name} cannot be run by onnxruntime {ort.__version__}."
        ) from problem
