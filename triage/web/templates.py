"""How is a page made of its template? Values are always escaped, and a value that is missing is an error.

What each page is given, beside its own values (those with a default may be left out):

    brand          its `name`, and its `logo` (None, or `address` and `text`); the deployment sets it
    csrf           the token that each form sends back; needed by a page with a form
    errors         field name -> what is wrong; the summary at the top and "Error: " in the title follow from it
    navigation     (label, address, current) of each link in the header
    account        None, or who is signed in: `name` and `office`
    practice       True on a page about an invented client
    suspended      why scoring is turned off, or ""
    flash          what has just been done, or ""
    back           address of the back link, or ""
    breadcrumbs    (label, address) of each page above this one
    permitted_use  what a score may be used for
    versions       (label, version) of what is in force
    footer_links   (label, address) at the foot of each page
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Logo:
    """The picture of the organisation that runs the service, and what it shows in words."""

    address: str
    text: str


@dataclass(frozen=True)
class Brand:
    """What the service is called, and whose logo stands beside the name."""

    name: str = "Redundancy support checklist"
    logo: Logo | None = None


#: What a page shows where it is given nothing else.
DEFAULTS: Mapping[str, Any] = {
    "brand": Brand(),
    "errors": {},
    "navigation": (),
    "account": None,
    "practice": False,
    "suspended": "",
    "flash": "",
    "back": "",
    "breadcrumbs": (),
    "permitted_use": "",
    "versions": (),
    "footer_links": (("Privacy", "/privacy"), ("Accessibility", "/accessibility")),
}


def environment() -> Environment:
    """The templates of the service, with what each of them may use."""
    found = Environment(
        loader=PackageLoader("triage.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(DEFAULTS, static=static, csrf_field=csrf_field, once_field=once_field)
    return found


@cache
def static(name: str) -> str:
    """The address of a static file. It changes with the file, so that a browser may keep the file for ever."""
    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


@pass_context
def csrf_field(context: Context) -> str:
    """The hidden field by which a form shows that it comes from a page of this session."""
    return _hidden(context, "csrf", context.resolve("csrf"))


@pass_context
def once_field(context: Context) -> str:
    """The hidden field by which a second click is known to be the first one again."""
    return _hidden(context, "submission", uuid.uuid4().hex)


def _hidden(context: Context, name: str, value: object) -> str:
    """The markup of one hidden field."""
    part: Any = context.environment.get_template("parts/hidden.html").module
    field: str = part.hidden(name, value)
    return field
