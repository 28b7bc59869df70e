"""Score an attendance list without storing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anyio.to_thread
from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import FormData, UploadFile

from triage.casework import suspension
from triage.engine import Engine
from triage.lists.desk import mapping_from, score_rows, workbook
from triage.lists.mapping import ColumnMapping
from triage.web.api.apart import apart_of
from triage.web.api.list_rows import row_of
from triage.web.api.models.lists import ListFields
from triage.web.api.refusals import ApiProblem, invalid
from triage.web.api.saying import terms
from triage.web.api.score import answered, check_versions, day_of, key_of
from triage.web.security.guard import service_of

router = APIRouter(prefix="/api/v1")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What can be asked for, and the ending of the file that it is.
KINDS = {"application/json": "", XLSX: ".xlsx", "text/csv": ".csv"}
_FILE = "list"
_FIELDS = ("mapping", "on")
_MOST_FIELD = 256 * 1024
_MAPPING: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])
_NO_FILE = "Send the list as 'multipart/form-data', in the field 'list'."


@dataclass(frozen=True)
class _Sent:
    """A list with what was said of it, and what is to come back."""

    path: Path
    mapping: Mapping[str, str]
    on: date
    kind: str


@router.post("/lists", name="api_list")
async def score_list(request: Request) -> Response:
    """Score every row of a list. The file is gone when the answer is given."""
    kind = _wanted(request)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise ApiProblem(415, "no_file", _NO_FILE)
    service = service_of(request)
    check_versions(request, service.engines.now)
    limits = {"max_files": 1, "max_fields": len(_FIELDS), "max_part_size": _MOST_FIELD}
    with TemporaryDirectory(prefix="ltu-list-") as folder:
        async with request.form(**limits) as form:
            file, fields = _file_of(form), _fields(form)
            path = Path(folder) / f"list{_ending(file)}"
            await _write(file, path)
        sent = _Sent(path, fields.mapping, day_of(service, fields.on), kind)
        # One list at a time in each process: it takes a while, and single clients must not wait for it.
        limiter = request.app.state.lists_at_once
        return await anyio.to_thread.run_sync(_scored, request, service.engines.now, sent, limiter=limiter)


def _scored(request: Request, engine: Engine, sent: _Sent) -> Response:
    service = service_of(request)
    suspension.check(service)
    mapping = mapping_from(engine, sent.mapping)
    if sent.kind:
        return _file(engine, sent, mapping)
    found, apart = score_rows(engine, sent.path, mapping, sent.on), apart_of(engine.checklist, key_of(request))
    for row in found.rows:
        if row.client:
            request.app.state.metrics.scored("list", row.status)
    return answered(
        terms(engine, found.on, service.settings.valid_days)
        | {
            "rows": [row_of(engine, row, apart) for row in found.rows],
            "statuses": found.statuses,
            "bands": found.bands,
            "said": [*found.counts, *found.in_bands, *found.used, *found.remarks],
        }
    )


def _file(engine: Engine, sent: _Sent, mapping: ColumnMapping) -> Response:
    made = workbook(engine, sent.path, mapping, sent.path.with_name(f"scored{sent.kind}"), sent.on)
    headers = {"content-disposition": f'attachment; filename="scored{sent.kind}"'}
    kind = next(name for name, ending in KINDS.items() if ending == sent.kind)
    return Response(made.read_bytes(), headers=headers, media_type=kind)


def _wanted(request: Request) -> str:
    """The ending of the file that is asked for; "" for rows as JSON.

    Raises:
        ApiProblem: 406 for something else, 403 for a file that this key must not have.
    """
    accepted = [item.partition(";")[0].strip() for item in request.headers.get("accept", "*/*").split(",")]
    if any(item in ("*/*", "application/*", "application/json") for item in accepted):
        return ""
    found = next((KINDS[item] for item in accepted if item in KINDS), None)
    if found is None:
        raise ApiProblem(406, "not_acceptable", f"Ask for one of {', '.join(KINDS)} in the header Accept.")
    if key_of(request).conditionality:
        raise ApiProblem(403, "json_only", "The workbook holds reasons that this key must not have. Ask for JSON.")
    return found


def _file_of(form: FormData) -> UploadFile:
    found = form.get(_FILE)
    if not isinstance(found, UploadFile):
        raise ApiProblem(422, "no_file", _NO_FILE)
    return found


def _fields(form: FormData) -> ListFields:
    """What was sent beside the file.

    Raises:
        ApiProblem: a field does not fit.
    """
    given: dict[str, Any] = {name: value for name, value in form.multi_items() if name != _FILE}
    try:
        if isinstance(given.get("mapping"), str):
            given["mapping"] = _MAPPING.validate_json(given["mapping"])
        return ListFields.model_validate(given, strict=False)
    except ValidationError as problem:
        raise invalid(problem) from None


def _ending(file: UploadFile) -> str:
    """The ending of the file's name, if it is one of a list: the name itself may say who is on the list."""
    found = Path(file.filename or "").suffix.lower()
    return found if found in (".csv", ".xlsx", ".xls", ".txt") else ".csv"


async def _write(file: UploadFile, path: Path) -> None:
    with path.open("wb") as out:
        while block := await file.read(2**20):
            out.write(block)
