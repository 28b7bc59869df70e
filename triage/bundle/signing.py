"""Who released this file? An Ed25519 signature beside it, checked against a public key."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING

from triage.bundle.manifest import MANIFEST
from triage.errors import BundleError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_EXTRA = "Signatures need the extra: pip install 'ltu-triage[signing]'."


def signature_path(path: Path) -> Path:
    """Where the signature of a file stands: beside it, with `.sig` at the end."""
    return path.with_name(f"{path.name}.sig")


def new_keys(private: Path, public: Path) -> None:
    """Write a new key pair as PEM; the private key can be read by its owner alone.

    Raises:
        UsageError: a file of that name is there already, or the extra is not installed.
    """
    for path in (private, public):
        if path.exists():
            raise UsageError(f"{path} is there already. Keys are never overwritten; choose another name.")
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ModuleNotFoundError:
        raise UsageError(_EXTRA) from None
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    handle = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
    public.write_bytes(
        key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def sign(path: Path, private: Path) -> Path:
    """Sign a bundle's folder or a single file; returns the path of the signature.

    Raises:
        UsageError: the key or the file cannot be read, or the extra is not installed.
    """
    target = path / MANIFEST if path.is_dir() else path
    key = _private_key(private)
    try:
        signature = key.sign(target.read_bytes())
    except OSError:
        raise UsageError(f"{target} cannot be read. Give a bundle's folder or a file.") from None
    out = signature_path(target)
    out.write_bytes(base64.b64encode(signature) + b"\n")
    return out


def check_signature(path: Path, public: Path) -> None:
    """Refuse a bundle's folder or a file that was not signed with the private half of `public`.

    Raises:
        BundleError: the signature is missing or wrong.
        UsageError: the public key cannot be read, or the extra is not installed.
    """
    target = path / MANIFEST if path.is_dir() else path
    key = _public_key(public)
    from cryptography.exceptions import InvalidSignature

    try:
        signature = base64.b64decode(signature_path(target).read_bytes().strip(), validate=True)
    except (OSError, ValueError):
        raise BundleError(
            f"{target} has no readable signature, and a public key is configured. Do not use it."
        ) from None
    try:
        key.verify(signature, target.read_bytes())
    except InvalidSignature:
        raise BundleError(
            f"The signature of {target} is wrong: somebody else made or changed it. Do not use it."
        ) from None


def _private_key(path: Path) -> Ed25519PrivateKey:
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ModuleNotFoundError:
        raise UsageError(_EXTRA) from None
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        raise UsageError(f"{path} is not a private key in PEM. Make one with 'ltu-triage keys new'.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{path} is not an Ed25519 key. Make one with 'ltu-triage keys new'.")
    return key


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ModuleNotFoundError:
        raise UsageError(_EXTRA) from None
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError):
        raise UsageError(f"{path} is not a public key in PEM.") from None
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(f"{path} is not an Ed25519 key.")
    return key
