"""With a public key configured, is anything but the right signature refused?"""

from __future__ import annotations

import base64
import shutil
import stat
from pathlib import Path

import pytest

import triage
from triage.bundle import Bundle, shipped_bundle
from triage.bundle.signing import check_signature, new_keys, sign, signature_path
from triage.content import content_root
from triage.cutoffs import Cutoffs
from triage.errors import BundleError, UsageError


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    private, public = tmp_path / "private.pem", tmp_path / "public.pem"
    new_keys(private, public)
    return private, public


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return shutil.copytree(shipped_bundle(), tmp_path / "bundle")


@pytest.fixture
def cutoffs(tmp_path: Path) -> Path:
    return Path(shutil.copy(content_root() / "models" / "cutoffs" / "default.yaml", tmp_path / "cutoffs.yaml"))


def test_what_was_signed_is_loaded(keys: tuple[Path, Path], bundle: Path, cutoffs: Path) -> None:
    private, public = keys
    assert sign(bundle, private) == bundle / "manifest.json.sig"
    assert sign(cutoffs, private) == signature_path(cutoffs)
    engine = triage.load(bundle, cutoffs=cutoffs, public_key=public)
    assert engine.score({"age": 40}).versions.model == "evidence-2026.1"


def test_without_a_key_a_signature_is_not_asked_for(bundle: Path) -> None:
    Bundle.load(bundle)


def test_what_was_not_signed_is_refused(keys: tuple[Path, Path], bundle: Path, cutoffs: Path) -> None:
    for load in (
        lambda: Bundle.load(bundle, public_key=keys[1]),
        lambda: Cutoffs.load(cutoffs, public_key=keys[1]),
        lambda: triage.load(public_key=keys[1]),
    ):
        with pytest.raises(BundleError, match="no readable signature"):
            load()


def test_what_another_key_signed_is_refused(keys: tuple[Path, Path], bundle: Path, tmp_path: Path) -> None:
    new_keys(tmp_path / "other.pem", tmp_path / "other.pub")
    sign(bundle, tmp_path / "other.pem")
    with pytest.raises(BundleError, match="somebody else made or changed it"):
        Bundle.load(bundle, public_key=keys[1])


def test_a_manifest_that_was_changed_after_signing_is_refused(keys: tuple[Path, Path], bundle: Path) -> None:
    sign(bundle, keys[0])
    path = bundle / "manifest.json"
    path.write_text(path.read_text().replace('"value": 0.12', '"value": 0.02'))
    with pytest.raises(BundleError, match="somebody else made or changed it"):
        Bundle.load(bundle, public_key=keys[1])


def test_cut_offs_that_were_changed_after_signing_are_refused(keys: tuple[Path, Path], cutoffs: Path) -> None:
    sign(cutoffs, keys[0])
    cutoffs.write_text(cutoffs.read_text().replace("share: 8", "share: 2"))
    with pytest.raises(BundleError, match="somebody else made or changed it"):
        Cutoffs.load(cutoffs, public_key=keys[1])


@pytest.mark.parametrize("data", [b"", b"not base64!", b"AAAA", b"\xff\xfe", base64.b64encode(b"x" * 63)])
def test_a_damaged_signature_is_refused(keys: tuple[Path, Path], bundle: Path, data: bytes) -> None:
    sign(bundle, keys[0])
    (bundle / "manifest.json.sig").write_bytes(data)
    with pytest.raises(BundleError, match="signature"):
        Bundle.load(bundle, public_key=keys[1])


def test_a_signature_of_another_bundle_does_not_fit(keys: tuple[Path, Path], bundle: Path, cutoffs: Path) -> None:
    shutil.copy(sign(cutoffs, keys[0]), bundle / "manifest.json.sig")
    with pytest.raises(BundleError, match="is wrong"):
        check_signature(bundle, keys[1])


def test_the_private_key_can_be_read_by_its_owner_alone(keys: tuple[Path, Path]) -> None:
    assert stat.S_IMODE(keys[0].stat().st_mode) == 0o600
    assert b"PRIVATE" in keys[0].read_bytes()
    assert b"PRIVATE" not in keys[1].read_bytes()


def test_keys_are_never_overwritten(keys: tuple[Path, Path], tmp_path: Path) -> None:
    before = keys[0].read_bytes()
    for pair in (keys, (tmp_path / "fresh.pem", keys[1])):
        with pytest.raises(UsageError, match="never overwritten"):
            new_keys(*pair)
    assert keys[0].read_bytes() == before
    assert not (tmp_path / "fresh.pem").exists()


@pytest.mark.parametrize("data", [b"", b"not a key", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_what_is_no_key_is_refused(tmp_path: Path, bundle: Path, data: bytes) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(data)
    with pytest.raises(UsageError, match="not a private key"):
        sign(bundle, path)
    with pytest.raises(UsageError, match="not a public key"):
        Bundle.load(bundle, public_key=path)


def test_a_key_of_another_kind_is_refused(tmp_path: Path, bundle: Path) -> None:
    from cryptography.hazmat.primitives import serialization as how
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    private, public = tmp_path / "ec.pem", tmp_path / "ec.pub"
    private.write_bytes(key.private_bytes(how.Encoding.PEM, how.PrivateFormat.PKCS8, how.NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(how.Encoding.PEM, how.PublicFormat.SubjectPublicKeyInfo))
    with pytest.raises(UsageError, match="not an Ed25519 key"):
        sign(bundle, private)
    with pytest.raises(UsageError, match="not an Ed25519 key"):
        Bundle.load(bundle, public_key=public)


def test_a_missing_key_or_file_says_so(keys: tuple[Path, Path], bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a public key"):
        Bundle.load(bundle, public_key=tmp_path / "none.pub")
    with pytest.raises(UsageError, match="cannot be read"):
        sign(tmp_path / "none.yaml", keys[0])
