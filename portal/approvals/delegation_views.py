"""The screens of standing delegations: who stands in for whom, a new one, and the end of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.approvals import delegations
from portal.approvals.delegation_form import DelegationForm, scopes_of
from portal.approvals.service import ADMINISTER
from portal.data import current_actor, current_session, read_key
from portal.refusals import say, sentence, status_of
from portal.security import today
from portal.units.models import Unit
from portal.views import PortalView
from workflows.errors import Refusal

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from portal.approvals.models import StandingDelegation

say(
    {
        "not_the_holder": _l("That person does not hold this post on the first day. Choose from the list."),
        "begins_in_past": _l("A delegation cannot begin before today. Choose today or a later day."),
        "stands_too_long": _l("At most %(days)s days. Whoever is away for longer needs a successor in the post."),
        "stands_in_already": _l("This person stands in for this already on some of those days. Choose other days."),
        "already_revoked": _l("This delegation is over already."),
    }
)


class DelegationView(PortalView):
    """Who stands in for whom. Whoever may decide may open it; for whom he may act, the verbs say."""

    route_base = "/delegations"
    default_view = "list"
    class_permission_name = "DecisionView"

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("decide")
    def list(self) -> str:
        """The delegations that concern the reader, those in force and ahead first."""
        session, actor = current_session(), current_actor()
        found = delegations.seen(session, actor)
        rows = [_row(*each) for each in zip(found, scopes_of(session, found), strict=True)]
        return self.page(
            "approvals/delegations.html",
            title=gettext("Standing in for others"),
            groups=[
                (gettext("In force and ahead"), [row for row in rows if row["state"] in ("in_force", "ahead")]),
                (gettext("Over"), [row for row in rows if row["state"] in ("over", "revoked")]),
            ],
        )

    @expose("/new", methods=["GET", "POST"])
    @has_access
    @permission_name("decide")
    def new(self) -> Response | str | tuple[str, int]:
        """Let somebody stand in: for one's own post, or as an administrator for a post of any unit."""
        session, actor, unit_id = current_session(), current_actor(), _unit_looked_at()
        form = DelegationForm()
        form.offer(session, actor, unit_id)
        problem, status = "", 200
        if request.method == "POST":
            status = 422
            if form.validate():
                try:
                    made = delegations.grant(session, actor, form.asked())
                    session.commit()
                except Refusal as refusal:
                    session.rollback()
                    problem, status = sentence(refusal), status_of(refusal)
                else:
                    flash(gettext("%(person)s stands in as said below.", person=made.delegate), "success")
                    return redirect(url_for("DelegationView.list"))
        units = session.scalars(select(Unit).order_by(Unit.sort_key, Unit.id)).all() if actor.may(*ADMINISTER) else []
        html = self.page(
            "approvals/delegation_new.html",
            title=gettext("Let somebody stand in"),
            form=form,
            problem=problem,
            units=units,
            unit_id=unit_id,
        )
        return html, status

    @expose("/<int:delegation_id>/revoke", methods=["POST"])
    @has_access
    @permission_name("decide")
    def revoke(self, delegation_id: int) -> Response:
        """End a delegation, or give it back."""
        session = current_session()
        ended = delegations.revoke(session, current_actor(), delegation_id)
        session.commit()
        flash(gettext("%(person)s no longer stands in.", person=ended.delegate), "success")
        return redirect(url_for("DelegationView.list"))


def _unit_looked_at() -> int | None:
    """The unit whose posts an administrator looks at; everybody else has his own."""
    asked = read_key(request.args.get("unit", ""))
    return asked if current_actor().may(*ADMINISTER) else None


def _row(each: StandingDelegation, scope: list[str]) -> dict[str, Any]:
    actor = current_actor()
    state = state_of(each)
    is_mine = delegations.may_grant_for(actor, each.principal_id) or each.delegate_id == actor.user_id
    return {
        "about": each,
        "state": state,
        "scope": scope,
        "may_end": is_mine and state in ("in_force", "ahead"),
    }


def state_of(each: StandingDelegation) -> str:
    """Whether a delegation is `ahead`, `in_force`, `over` or `revoked`."""
    if each.revoked_at:
        return "revoked"
    if each.valid_from > today():
        return "ahead"
    return "in_force" if each.valid_to >= today() else "over"


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view_no_menu(DelegationView)
