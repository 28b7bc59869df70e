"""Where are the keys that must not live in the database?"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from triage.errors import RecordsError

_BYTES = 32


@dataclass(frozen=True)
class Keys:
    """The keys of one installation.

    Attributes:
        audit: authenticates the head of the audit trail.
        secret: signs and hides what must not be guessed: cookies, links of equality monitoring.
    """

    audit: bytes = field(repr=False)
    secret: bytes = field(repr=False)

    @classmethod
    def load(cls, folder: Path, *, make: bool = False) -> Keys:
        """The keys in `folder`.

        Args:
            folder: holds `audit.key` and `secret.key`, readable by their owner alone.
            make: make missing keys, for a new installation.

        Raises:
            RecordsError: a key is missing or damaged, or other people can read it.
        """
        return cls(_key(folder / "audit.key", make), _key(folder / "secret.key", make))

    def mac(self, text: str) -> str:
        """Authenticates `text` as this installation's audit trail."""
        return hmac.new(self.audit, text.encode(), hashlib.sha256).hexdigest()

    def digest(self, purpose: str, text: str) -> str:
        """A keyed digest of `text`, another one for each `purpose`."""
        return hmac.new(self.secret, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()


def _key(path: Path, make: bool) -> bytes:
    if make and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = path.with_name(f".{path.name}.{os.getpid()}")
        handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(_BYTES) + "\n")
        # A link fails where another process was quicker, and its key then counts.
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    try:
        if path.stat().st_mode & 0o077:
            raise RecordsError(f"Other people can read the key {path}. Make it readable by its owner alone: chmod 600.")
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise RecordsError(f"The key {path} is missing. Without it the records cannot be checked or served.") from None
    except (OSError, ValueError):
        raise RecordsError(f"The key {path} cannot be read. Restore it from where you keep it safe.") from None
    if len(key) != _BYTES:
        raise RecordsError(f"The key {path} is damaged. Restore it from where you keep it safe.")
    return key
