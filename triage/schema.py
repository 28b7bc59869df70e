"""What may stand in a content file? Frozen data classes that pydantic checks, and that load without it.

A file that is not known is read as YAML and checked by pydantic, and every fault is reported. The files that ship
were checked when they were released: `models/checked.json` holds their digests and their data, made by `make content`.
They are put together as they are, because importing a YAML reader and pydantic would take longer than the rest of
loading an engine. A file that was edited since has another digest, and is checked in full.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Literal,
    TypeVar,
    Union,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, TypeAdapter
    from pydantic_core import CoreSchema

#: Field names whose key in a file is a word that Python keeps for itself, or reads better so.
_KEYS = {"minimum": "from", "maximum": "to", "start": "from", "stop": "to"}

Kind = TypeVar("Kind")


def key_of(name: str) -> str:
    """The key in a file for the field `name`."""
    return _KEYS.get(name, name)


class Content:
    """A piece of content: frozen, and refusing fields that it does not know. Use with `@content`."""

    __pydantic_config__: ClassVar[Any] = {
        "extra": "forbid",
        "str_strip_whitespace": True,
        "alias_generator": key_of,
    }

    # Written once here, because making these for each class would take a third of the time that a start takes.
    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and as_data(self) == as_data(other)

    __hash__ = None  # type: ignore[assignment]  # content is compared, never put into sets

    def __repr__(self) -> str:
        return f"{type(self).__name__}({as_data(self)!r})"


@dataclass_transform(frozen_default=True, kw_only_default=True)
def content(kind: type[Kind]) -> type[Kind]:
    """Make a frozen data class of a `Content` class; `__post_init__` may raise ValueError with a plain sentence."""
    return dataclass(frozen=True, kw_only=True, eq=False, repr=False)(kind)


@dataclass(frozen=True)
class Check:
    """A check of one value for `Annotated`: `test` raises a ValueError with a plain sentence."""

    test: Callable[[Any], object]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """What pydantic asks of an annotation."""
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, value: Any) -> Any:
        self.test(value)
        return value


def validate(kind: type[Kind], data: Any) -> Kind:
    """`data` as a `kind`.

    Raises:
        pydantic.ValidationError: it has faults; all are in the error.
    """
    checked: Kind = _adapter(cast(Any, kind)).validate_python(data)
    return checked


def matches(pattern: str, message: str) -> Check:
    """A check that a text matches the whole of `pattern`."""
    compiled = re.compile(pattern, re.ASCII)

    def test(text: str) -> None:
        if not compiled.fullmatch(text):
            raise ValueError(message)

    return Check(test)


def within(
    *, ge: float | None = None, gt: float | None = None, le: float | None = None, lt: float | None = None
) -> Check:
    """A check that a number is at least `ge`, above `gt`, at most `le`, below `lt`."""
    words = {"at least": ge, "above": gt, "at most": le, "below": lt}
    message = " and ".join(f"{word} {bound}" for word, bound in words.items() if bound is not None)

    def test(value: Any) -> None:
        low = (ge is None or value >= ge) and (gt is None or value > gt)
        if not (low and (le is None or value <= le) and (lt is None or value < lt)):
            raise ValueError(f"this must be {message}")

    return Check(test)


def length(*, least: int = 0, most: int | None = None) -> Check:
    """A check that there are at least `least` and at most `most` items or letters."""

    def test(value: Sized) -> None:
        if len(value) < least:
            raise ValueError("this is empty" if not len(value) else f"there must be at least {least} of these")
        if most is not None and len(value) > most:
            raise ValueError(f"there can be at most {most} of these")

    return Check(test)


@lru_cache(maxsize=64)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def construct(kind: Any, data: Any) -> Any:
    """`data`, which is known to be valid, as a `kind`; equal to what `validate` returns."""
    origin = get_origin(kind)
    if is_dataclass(kind):
        made: Any = kind
        hints = _hints(made)
        return made(**{name: construct(hints[name], data[key]) for name, key in _named(made) if key in data})
    if origin is Annotated:
        return construct(get_args(kind)[0], data)
    if origin is tuple:
        inner = get_args(kind)
        kinds = (inner[0],) * len(data) if len(inner) == 2 and inner[1] is Ellipsis else inner
        return tuple(construct(part, item) for part, item in zip(kinds, data, strict=True))
    if origin is dict:
        _, inside = get_args(kind)
        return {key: construct(inside, item) for key, item in data.items()}
    if origin in (Union, types.UnionType):
        return (
            None if data is None else construct(next(part for part in get_args(kind) if part is not type(None)), data)
        )
    return _plain(kind, origin, data)


def _plain(kind: Any, origin: Any, data: Any) -> Any:
    if kind is float:
        return float(data)
    if kind is Decimal:
        return Decimal(str(data))
    if kind is str:
        return data.strip()
    if kind is date:
        return date.fromisoformat(data)
    if kind in (Any, bool, int) or origin is Literal:
        return data
    raise TypeError(f"no rule for {kind}")


@lru_cache(maxsize=256)
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind, include_extras=True)


@lru_cache(maxsize=256)
def _named(kind: Any) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, key_of(field.name)) for field in fields(kind))


def as_data(item: Any) -> Any:
    """Content as plain data with the keys of its file, for JSON; fields at their default are kept."""
    if is_dataclass(item):
        return {key: as_data(getattr(item, name)) for name, key in _named(cast(Any, type(item)))}
    if isinstance(item, Mapping):
        return {key: as_data(value) for key, value in item.items()}
    if isinstance(item, tuple | list):
        return [as_data(value) for value in item]
    return item.isoformat() if hasattr(item, "isoformat") else item
