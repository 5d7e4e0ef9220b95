"""The screens of signing authorities: who signs by order or by authorisation; entered once, ended by revoking."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField

from portal.data import current_actor, current_session
from portal.definitions.decree import LETTER, LETTER_NAME, TYPE_NAMES
from portal.definitions.service import all_current
from portal.documents import authorities, wiring
from portal.documents.models import SigningAuthority
from portal.documents.rules import COPY_NAMES
from portal.documents.words import AUTHORITY_KINDS, AUTHORITY_STATES, AUTHORITY_TONES
from portal.rights import called
from portal.views import PortalModelView
from portal.words import label

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


def types() -> list[tuple[str, Any]]:
    """The types of documents and of copies, each with its abbreviation."""
    named = {**TYPE_NAMES, LETTER: LETTER_NAME, **COPY_NAMES}
    return [(key, f"{key} - {name}") for key, name in named.items()]


def templates() -> list[tuple[str, Any]]:
    """The templates in force, by name."""
    return [(each.key, label(each.name) or each.key) for each in all_current(current_session(), "document")]


class SigningAuthorityView(PortalModelView):
    """Who signs in the name of an issuer's head, for what, from when to when; nothing of it is changed afterwards."""

    route_base = "/signing-authorities"
    datamodel = wiring.authorities()
    exclude_route_methods = {"download", "action", "action_post", "delete", "edit"}
    list_title, show_title = _l("Signing by order and by authorisation"), _l("Authority to sign")
    add_title = _l("Enter an authority to sign")
    about = _l(
        "Who signs in the name of an issuer's head without being his deputy: by order (TL.), as the working regulation "
        "says, or by authorisation (TUQ.), in writing and for a time. Whoever has neither cannot sign its documents."
    )
    list_columns = ["kind", "issuer", "signer_post", "grounds", "valid_from", "valid_to", "state"]
    list_reads = ("signer_post.unit",)
    show_columns = [
        "kind",
        "issuer",
        "source_post",
        "signer_post",
        "with_deputies",
        "types",
        "templates",
        "printed_title",
        "grounds",
        "grounds_on",
        "valid_from",
        "valid_to",
        "state",
        "revoked_at",
        "revoker",
    ]
    add_columns = [column for column in show_columns if column not in {"state", "revoked_at", "revoker"}]
    edit_columns = ["grounds"]  # asked for by the base class; there is no such route
    search_columns = ["grounds"]
    order_columns = ["valid_from", "valid_to", "grounds"]
    base_order = ("valid_from", "desc")
    filter_columns = ("kind", "issuer", "signer_post")
    searched = (SigningAuthority.grounds,)
    choices = {"kind": lambda: list(AUTHORITY_KINDS.items()), "state": lambda: list(AUTHORITY_STATES.items())}
    tones = {"state": AUTHORITY_TONES}
    show_template = "documents/authority.html"
    label_columns = {
        "kind": _l("Signs"),
        "issuer": _l("Whose documents"),
        "source_post": _l("In the name of"),
        "signer_post": _l("Who signs"),
        "with_deputies": _l("Deputies sign in his stead"),
        "types": _l("Types of documents"),
        "templates": _l("Templates"),
        "printed_title": _l("Title as printed"),
        "grounds": _l("Document that says so"),
        "grounds_on": _l("Date of that document"),
        "valid_from": _l("First day"),
        "valid_to": _l("Last day"),
        "state": _l("State"),
        "revoked_at": _l("Revoked"),
        "revoker": _l("Revoked by"),
    }
    description_columns = {
        "source_post": _l("The head of the issuer, whose authority it is."),
        "signer_post": _l(
            "The head of a unit below the issuer. Whoever signs by authorisation authorises nobody else."
        ),
        "types": _l("Nothing ticked here nor among the templates: all, which only an order can be for."),
        "printed_title": _l("What stands below TL. or TUQ.; empty: the title of the post with the name of its unit."),
        "grounds": _l("Number and symbol, such as 45/2024/QĐ-UBND: the working regulation, or the authorisation."),
        "valid_to": _l("Empty while no end is known; an authorisation always has one."),
    }
    add_form_extra_fields = {
        "types": SelectMultipleField(
            label_columns["types"], description=description_columns["types"], choices=types, validate_choice=True
        ),
        "templates": SelectMultipleField(label_columns["templates"], choices=templates, validate_choice=True),
        "with_deputies": BooleanField(_l("Deputies sign in his stead (only by order)")),
    }

    def new_item(self) -> Any:
        """An authority for the documents of the unit that the address names."""
        unit = wiring.issuer_named(request.args.get("issuer", ""))
        return SimpleNamespace(issuer=unit) if unit else None

    def shown(self, row: Any, column: str) -> Any:
        """Types and templates by their names."""
        if column in {"types", "templates"}:
            known = dict(types() if column == "types" else templates())
            return [known.get(each, each) for each in getattr(row, column)]
        return super().shown(row, column)

    def heading(self, item: Any) -> Any:
        """How, and who."""
        return f"{item.kind}. {called(item.signer_post)}"

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One authority, with the button that revokes it while it is not over."""
        item = self.item_or_404(pk)
        may_end = self.may("can_revoke") and item.state in {"ahead", "in_force"}
        return self.page(self.show_template, title=self.show_title, item=item, may_end=may_end)

    @expose("/<pk>/revoke", methods=["POST"])
    @has_access
    def revoke(self, pk: str) -> Response:
        """Take an authority back, now."""
        item = self.item_or_404(pk)
        authorities.revoke(current_session(), current_actor(), item.id)
        current_session().commit()
        flash(gettext("The authority is revoked. What was signed by it stays as it is."), "success")
        return redirect(url_for("SigningAuthorityView.show", pk=item.id))


def register(portal: Any) -> None:
    """Give the portal these screens, under Organisation in the menu, where posts and their holders are."""
    kept = {"category": "Organisation", "category_label": _l("Organisation")}
    portal.add_view(SigningAuthorityView, "Signing authorities", label=_l("Signing TL. and TUQ."), **kept)
