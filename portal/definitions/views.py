"""The screens on which definitions are read: the list, one with its versions, a version, two side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Response, abort, request
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.data import current_session, read_key
from portal.definitions import service
from portal.definitions.comparing import differences
from portal.definitions.library import shipped_bodies
from portal.definitions.models import KINDS, Definition
from portal.definitions.pages import DefinitionPages, known_kind, name_of, preview_of
from portal.definitions.schemas import schema_text
from portal.definitions.together import standing
from portal.definitions.wording import KINDS_OF_MANY, told
from portal.definitions.writing import write_yaml
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable


class Row(NamedTuple):
    """A key in the list.

    Attributes:
        kind: of definition.
        key: which one.
        name: what it is called.
        newest: its newest version; None while there is only a draft.
        draft: its draft; None while there is none.
    """

    kind: str
    key: str
    name: str
    newest: Definition | None
    draft: Definition | None


class DefinitionView(DefinitionPages):
    """Forms, documents, calendars, chains and schedules to read."""

    route_base = "/definitions"
    default_view = "list"

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("list")
    def list(self) -> str:
        """Every key with its newest version and its draft, by kind."""
        asked = request.args.get("kind", "")
        rows = _rows(service.every_version(current_session()))
        return self.page(
            "definitions/list.html",
            title=gettext("Forms and procedures"),
            rows=[row for row in rows if asked in ("", row.kind)],
            proposed=[row.draft for row in rows if row.draft and row.draft.proposed_by],
            counts={kind: sum(row.kind == kind for row in rows) for kind in KINDS},
            many=KINDS_OF_MANY,
            asked=asked,
        )

    @expose("/<kind>/<key>/", methods=["GET"])
    @has_access
    @permission_name("show")
    def show(self, kind: str, key: str) -> str:
        """One key: its draft, its versions, what depends on it."""
        return self.key_page(known_kind(kind), key)

    @expose("/<kind>/<key>/<int:number>", methods=["GET"])
    @has_access
    @permission_name("show")
    def version(self, kind: str, key: str, number: int) -> str:
        """One version, or the draft under number 0, to read: what it looks like, and what it says."""
        found = _version(known_kind(kind), key, number)
        wrong = len(standing(current_session(), found).wrong) if found.is_draft else 0
        return self.page(
            "definitions/version.html",
            title=f"{name_of(found)} · {_called(number)}",
            definition=found,
            wrong=wrong,
            preview=None if wrong else preview_of(kind, found.body),
            source=write_yaml(found.body),
        )

    @expose("/<kind>/<key>/<int:number>/yaml", methods=["GET"])
    @has_access
    @permission_name("show")
    def export(self, kind: str, key: str, number: int) -> Response:
        """A version, or the draft under number 0, as a file of YAML."""
        found = _version(known_kind(kind), key, number)
        name = f"{key}-v{number}.yaml" if number else f"{key}.yaml"
        sent = Response(write_yaml(found.body), mimetype="application/yaml")
        sent.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return sent

    @expose("/schema/<kind>.json", methods=["GET"])
    @has_access
    @permission_name("show")
    def schema(self, kind: str) -> Response:
        """The JSON Schema of a kind, for editors; for those who read definitions, since nobody else can use it."""
        return Response(schema_text(known_kind(kind)), mimetype="application/schema+json")

    @expose("/<kind>/<key>/compare", methods=["GET"])
    @has_access
    @permission_name("show")
    def compare(self, kind: str, key: str) -> str:
        """Two versions side by side; the draft has number 0, what ships with the portal is `shipped`."""
        versions = service.versions_of(current_session(), known_kind(kind), key)
        if not versions:
            abort(404)
        last = str(versions[0].version), str(versions[min(1, len(versions) - 1)].version)
        before, after = (_side(kind, key, request.args.get(*asked)) for asked in (("from", last[1]), ("to", last[0])))
        return self.page(
            "definitions/compare.html",
            title=gettext("Compare: %(name)s", name=name_of(versions[0])),
            kind=kind,
            key=key,
            versions=versions,
            before=before,
            after=after,
            changes=told(differences(before.body, after.body)),
        )


class Side(NamedTuple):
    """One of two bodies that are compared.

    Attributes:
        number: as the address names it.
        name: as its reader knows it.
        body: what it says.
    """

    number: str
    name: str
    body: Any


def _side(kind: str, key: str, asked: str) -> Side:
    if asked == "shipped":
        body = shipped_bodies().get((kind, key))
        if body is None:
            abort(404)
        return Side(asked, gettext("What ships with the portal"), body)
    number = read_key(asked)
    found = _version(kind, key, -1 if number is None else number)
    return Side(asked, _called(found.version), found.body)


def _called(number: int) -> str:
    return str(gettext("Version %(number)s", number=number) if number else gettext("Draft"))


def _version(kind: str, key: str, number: int) -> Definition:
    try:
        return service.version(current_session(), kind, key, number)
    except Refusal:
        abort(404)


def _rows(every: Iterable[Definition]) -> list[Row]:
    """One for each key, by kind and then by name."""
    by_key: dict[tuple[str, str], list[Definition]] = {}
    for each in every:
        by_key.setdefault((each.kind, each.key), []).append(each)
    rows = [_row(kind, key, versions) for (kind, key), versions in by_key.items()]
    return sorted(rows, key=lambda row: (KINDS.index(row.kind), row.name))


def _row(kind: str, key: str, versions: list[Definition]) -> Row:
    """Of a key whose versions come by their numbers, the draft first."""
    draft = versions[0] if versions[0].is_draft else None
    newest = versions[-1] if not versions[-1].is_draft else None
    return Row(kind, key, name_of(newest or versions[0]), newest, draft)


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view(
        DefinitionView,
        "Definitions",
        label=_l("Forms and procedures"),
        category="Administration",
        category_label=_l("Administration"),
    )
