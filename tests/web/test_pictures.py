"""Are the pictures of the guides those that the script takes, and small?"""

from __future__ import annotations

import io

import pytest
from PIL import Image

from experiments.pictures import MOST_BYTES, OUT, PICTURES, TUNING, small


def test_every_picture_is_there_small_and_shown_in_a_guide() -> None:
    guides = "".join(path.read_text(encoding="utf-8") for path in (OUT.parent / "guides").glob("*.md"))
    kept = {path.name: path.stat().st_size for path in OUT.glob("*.png")}
    assert set(kept) == {f"{name}.png" for name in (*(picture.name for picture in PICTURES), TUNING)}
    assert max(kept.values()) <= MOST_BYTES
    assert [name for name in kept if f"pictures/{name}" not in guides] == []


def test_a_picture_that_is_too_large_is_refused() -> None:
    noise = io.BytesIO()
    Image.effect_noise((900, 900), 100).save(noise, "PNG")
    with pytest.raises(ValueError, match="Make its window smaller"):
        small(noise.getvalue())
