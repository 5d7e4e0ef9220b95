"""The page on which a registrar makes a copy of an issued document, or of something that arrived."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from flask import abort, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext

from portal import once
from portal.data import current_actor, current_session, read_key
from portal.documents import wiring as documents
from portal.documents.service import content_of
from portal.idempotency import Answer
from portal.incoming import wiring as incoming
from portal.refusals import sentence
from portal.security import today
from portal.sequels import block, rules, service, sources
from portal.sequels.forms import MakeForm
from portal.sequels.sources import Source
from portal.views import PortalView
from workflows.errors import Refusal, WorkflowError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response

    from portal.units.models import Unit


class CopyMakingView(PortalView):
    """Copies of documents that the reader may see; nobody copies for a unit whose registers he does not keep."""

    route_base = "/copies"
    default_view = "of_document"
    class_permission_name = "RegisterView"

    @expose("/of-document/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("keep")
    def of_document(self, pk: str) -> Response | str | tuple[str, int]:
        """A copy or an extract of a document of the portal."""
        return self._make(pk, is_document=True)

    @expose("/of-arrival/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("keep")
    def of_arrival(self, pk: str) -> Response | str | tuple[str, int]:
        """A copy, or a copy of a copy, of something that arrived."""
        return self._make(pk, is_document=False)

    def _make(self, pk: str, *, is_document: bool) -> Response | str | tuple[str, int]:
        source = _source_or_404(pk, is_document=is_document)
        form = MakeForm(request.form, obj=SimpleNamespace(form=rules.COPY))
        if request.method != "POST":
            return self._making_page(source, form)

        def deed() -> Answer:
            session, actor = current_session(), current_actor()
            unit = _chosen(service.copying_units(session, actor, source, today()), source)
            copy = service.make(session, actor, source, unit, form.asked(), on=today())
            words = str(gettext("The copy has number %(number)s. Its file is being made.", number=str(copy)))
            return Answer("certified_copy", copy.id, words=words, location=url_for("CopyView.show", pk=copy.id))

        return once.page_of(
            deed, lambda refused: self._making_page(_source_or_404(pk, is_document=is_document), form, refused)
        )

    def _making_page(self, source: Source, form: MakeForm, refused: WorkflowError | None = None) -> str:
        session, actor = current_session(), current_actor()
        units = service.copying_units(session, actor, source, today())
        unit = _asked(units, source)
        why = _why_not(source, unit)
        parts = _parts(source)
        candidates = block.candidates(session, unit, rules.COPY, today()) if unit and not why else []
        form.offer(source.forms, parts, candidates)
        return self.page(
            "sequels/make.html",
            title=gettext("Make a certified copy"),
            source=source,
            words=source.words(session),
            units=units,
            unit=unit,
            form=form,
            extract_parts=parts,
            problem=sentence(refused) if refused else "",
            why=why,
            has_signers=bool(candidates),
            made=service.copies_of(session, actor, source),
        )


def offered(document: Any) -> list[tuple[str, str]]:
    """What the page of a document offers a registrar: words and address.

    Args:
        document: an issued one.
    """
    units = service.copying_units(current_session(), current_actor(), Source(document=document), today())
    if not units or not rules.is_original(document.status, has_file=document.file_id is not None):
        return []
    return [(str(gettext("Make a certified copy")), url_for("CopyMakingView.of_document", pk=document.id))]


def offered_of_arrival(arrival: Any) -> list[tuple[str, str]]:
    """What the page of an arrival offers a registrar: words and address.

    Args:
        arrival: the incoming document.
    """
    units = service.copying_units(current_session(), current_actor(), Source(incoming=arrival), today())
    if not units or arrival.file is None or arrival.void_reason is not None:
        return []
    return [(str(gettext("Make a certified copy")), url_for("CopyMakingView.of_arrival", pk=arrival.id))]


def _parts(source: Source) -> list[tuple[str, str]]:
    if source.document is None:
        return []
    given = rules.parts_of(content_of(source.document))
    return [(key, heading or str(gettext("Grounds and opening"))) for key, heading in given]


def _why_not(source: Source, unit: Unit | None) -> str:
    """Why a unit may not copy this; empty where it may."""
    if unit is None:
        return str(gettext("Only the registrar of a unit makes copies, numbered in the register of that unit."))
    try:
        sources.refuse(current_session(), source, unit.id)
    except Refusal as refusal:
        return sentence(refusal)
    return ""


def _asked(units: Sequence[Unit], source: Source) -> Unit | None:
    """The unit that the address or the form names; otherwise the issuer, or the first one."""
    issuer = source.document.issuer_id if source.document else 0
    wanted = (read_key(request.values.get("unit", "")), issuer)
    found = (each for key in wanted for each in units if each.id == key)
    return next(found, units[0] if units else None)


def _chosen(units: Sequence[Unit], source: Source) -> Unit:
    unit = _asked(units, source)
    if unit is None:
        raise Refusal("not_permitted")
    return unit


def _source_or_404(pk: str, *, is_document: bool) -> Source:
    """What is to be copied, if the reader may see it."""
    found = (documents.documents() if is_document else incoming.arrivals()).get(pk)
    if found is None:
        abort(404)
    return Source(document=found) if is_document else Source(incoming=found)


def register(portal: Any) -> None:
    """Give the portal these pages."""
    portal.add_view_no_menu(CopyMakingView)
