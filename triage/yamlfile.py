"""How is a YAML file read against a schema, with every fault named by its line?

The YAML reader and pydantic are imported where they are needed: for the files that ship they are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from triage.content import checked_data
from triage.errors import UserError
from triage.faults import Fault, did_you_mean
from triage.schema import construct, key_of, validate

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_MAX_BYTES = 2_000_000
_MAX_DEPTH = 100
_MAX_PARTS = 300_000

Model = TypeVar("Model")


def read_yaml(path: Path, model: type[Model], error: type[UserError], *, trusted: bool = True) -> Model:
    """The file at `path` as a `model`, a class of `triage.schema.Content`.

    Args:
        path: the file.
        model: the class.
        error: what is raised.
        trusted: False to read and check the file itself, even if it is one that was checked when it shipped.

    Raises:
        error: the file is missing, is not YAML, or has faults; all of them are named with their line.
    """
    text = read_text(path, error)
    data = checked_data(text, model.__name__) if trusted else None
    if data is not None:
        known: Model = construct(model, data)
        return known
    return _validated(text, path, model, error)


def _validated(text: str, path: Path, model: type[Model], error: type[UserError]) -> Model:
    from pydantic import ValidationError

    data = parse_yaml(text, path, error)
    if not isinstance(data, dict):
        raise error(
            f"{path.name} cannot be used: it is no YAML file with named parts. What is meant here has {_parts(model)},"
            " each on a line of its own with ':' after its name."
        )
    try:
        return validate(model, data)
    except ValidationError as problem:
        faults = [_fault(detail, path, text) for detail in problem.errors(include_url=False)]
        raise error(f"{path.name} cannot be used: {count(faults)}.", faults) from None


def _parts(model: Any) -> str:
    """The names of the parts that a file must have."""
    needed = [item for item in fields(model) if item.default is MISSING and item.default_factory is MISSING]
    names = [f"'{key_of(item.name)}'" for item in needed or fields(model)]
    return f"the part {names[0]}" if len(names) == 1 else f"the parts {', '.join(names)}"


def read_text(path: Path, error: type[UserError]) -> str:
    """The UTF-8 text of the file at `path`; `error` says plainly why it cannot be read."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise error(f"{path} is larger than {_MAX_BYTES:,} bytes. It is not the file that is meant here.")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise error(f"There is no file {path}. Check the name and the folder.") from None
    except UnicodeDecodeError:
        raise error(f"{path} is not UTF-8 text. Save it again as UTF-8.") from None
    except OSError as problem:
        raise error(f"{path} cannot be read: {problem.strerror}.") from None


def _loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(text: str, path: Path, error: type[UserError]) -> Any:
    """The data of a YAML text; a repeated key is refused, because one of the two would be lost."""
    import yaml

    try:
        _check_depth(text)
        loader = _loader()(text)
        try:
            node = loader.get_single_node()
            if _size(node, {}) > _MAX_PARTS:
                raise error(f"{path.name} grows too large when its aliases are followed. Write it without them.")
            faults = _repeated_keys(node, path, set())
            if faults:
                raise error(f"{path.name} cannot be used: {count(faults)}.", faults)
            return loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except RecursionError:
        raise error(f"{path.name} is nested too deeply. It is not the file that is meant here.") from None
    except ValueError:
        raise error(f"{path.name} holds a date that does not exist, or a number that is too long.") from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f"{path.name}, line {mark.line + 1}" if mark else path.name
        what = getattr(problem, "problem", None) or "not valid YAML"
        raise error(f"{path.name} is not valid YAML.", [Fault(where, f"{what}.")]) from None


def _check_depth(text: str) -> None:
    """Refuse a text that is nested so deeply that reading it would crash the C library."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=_loader()):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise RecursionError


def line_of(text: str, place: Sequence[str | int]) -> int | None:
    """The line (1-based) at which the value at `place` starts in a YAML text, or of its nearest parent."""
    import yaml

    node = yaml.compose(text, Loader=_loader())
    line: int | None = node.start_mark.line + 1 if node else None
    for step in place:
        found = _child(node, step)
        if found is None:
            break
        node = found
        line = node.start_mark.line + 1
    return line


def count(faults: Sequence[Fault]) -> str:
    """ "1 fault" or "3 faults"."""
    return f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"


def _child(node: Any, step: str | int) -> Any:
    import yaml

    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def _size(node: Any, known: dict[int, int]) -> int:
    """How many parts a document has once its aliases are followed."""
    if id(node) not in known:
        known[id(node)] = 1
        value = getattr(node, "value", None)
        items = value if isinstance(value, list) else []
        parts = [part for item in items for part in (item if isinstance(item, tuple) else (item,))]
        known[id(node)] = 1 + sum(_size(part, known) for part in parts)
    return known[id(node)]


def _repeated_keys(node: Any, path: Path, visited: set[int]) -> list[Fault]:
    """Each part is visited once, however many aliases point to it."""
    import yaml

    faults: list[Fault] = []
    if id(node) in visited:
        return faults
    visited.add(id(node))
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in seen:
                where = f"{path.name}, line {key.start_mark.line + 1}"
                faults.append(Fault(where, f"'{key.value}' stands here a second time."))
            seen.add(key.value)
            faults.extend(_repeated_keys(value, path, visited))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            faults.extend(_repeated_keys(item, path, visited))
    return faults


def _fault(detail: ErrorDetails, path: Path, text: str) -> Fault:
    place = [step for step in detail["loc"] if not (isinstance(step, str) and step.startswith("function-"))]
    line = line_of(text, place)
    where = f"{path.name}, line {line}" if line else path.name
    name = ".".join(str(step) for step in place)
    what = f"'{name}': {_plain(detail)}" if name else _plain(detail)
    return Fault(where, what, _hint(detail))


def _plain(detail: ErrorDetails) -> str:
    kind = detail["type"]
    if kind == "missing":
        return "this is missing."
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        return "this is not a known field."
    if kind in ("dataclass_type", "dict_type"):
        return "this must be named parts, each with ':' after its name."
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return message if message.endswith((".", "?")) else f"{message}."


def _hint(detail: ErrorDetails) -> str:
    context = detail.get("ctx") or {}
    expected = context.get("expected")
    given = detail.get("input")
    if isinstance(expected, str) and isinstance(given, str):
        return did_you_mean(given, [word.strip("' ") for word in expected.replace(" or ", ",").split(",")])
    return ""
