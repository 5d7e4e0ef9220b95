"""The screens on which an administrator moves running cases to another version of their chain, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import abort, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import once
from portal.approvals import moving, service
from portal.approvals.moving import Order
from portal.approvals.service import ADMINISTER, LONGEST_REASON
from portal.approvals.several import chosen, do_each
from portal.approvals.wiring import subject_page
from portal.approvals.words import Names, explain, known_as, listed
from portal.data import current_actor, current_session, read_key
from portal.definitions import service as definitions
from portal.definitions.models import PUBLISHED
from portal.definitions.service import chain_of
from portal.idempotency import Answer
from portal.refusals import sentence, status_of
from portal.texts import kept
from portal.views import PortalView
from portal.words import label
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from portal.approvals.moving import Prospect
    from portal.approvals.recording import Folder
    from portal.approvals.several import Result
    from portal.definitions.models import Definition
    from portal.security import Actor
    from workflows.actions import Migrate

INTO = "into-"
"""What the fields begin with that say into which stage the cases of a stage go."""


class ChainView(PortalView):
    """On which versions of the chains cases run, and the move from one to another."""

    route_base = "/chains"
    default_view = "list"
    class_permission_name = "DecisionView"

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("administer")
    def list(self) -> str:
        """Every version that cases run on, where they could be moved to, and what can still be taken back."""
        return self._list()

    def _list(self, problem: str = "") -> str:
        session, actor = current_session(), current_actor()
        return self.page(
            "approvals/chains.html",
            title=gettext("Versions of chains"),
            chains=_by_chain(moving.in_use(session, actor)),
            problem=problem,
            back=moving.last_moved(session, actor),
            subject_page=subject_page,
        )

    @expose("/move", methods=["GET", "POST"])
    @has_access
    @permission_name("administer")
    def move(self) -> str | tuple[str, int]:
        """What would become of the cases of a version, and the move itself."""
        source, target = _version("from"), _version("to")
        if source.id == target.id or target.status != PUBLISHED:
            abort(404)
        if request.method != "POST" or request.form.get("do") != "move":
            return self._preview(source, target)
        try:
            once.check_key()
            reason, cases = _reason(), chosen(request.form.getlist("case"))
        except Refusal as refusal:
            return self._preview(source, target, sentence(refusal)), status_of(refusal)
        order = Order(source, target, _into(), reason)
        return self._results(_moved(cases, lambda folder: moving.move_of(current_session(), folder, order)))

    @expose("/back", methods=["POST"])
    @has_access
    @permission_name("administer")
    def back(self) -> str | tuple[str, int]:
        """Take cases back to where they were moved from."""
        try:
            once.check_key()
            cases = chosen(request.form.getlist("case"))
        except Refusal as refusal:
            return self._list(sentence(refusal)), status_of(refusal)
        reason = str(gettext("The move is taken back."))
        return self._results(_moved(cases, lambda folder: moving.way_back(folder, reason)))

    def _preview(self, source: Definition, target: Definition, problem: str = "") -> str:
        session, into = current_session(), _into()
        after = read_key(request.args.get("after", "")) or 0
        prospects = moving.plan(session, current_actor(), Order(source, target, into), after)
        people = frozenset[str]().union(*(each.people for each in prospects))
        named = known_as(session, chain_of(target), people)
        names = replace(named, chains={"": chain_of(source)})
        return self.page(
            "approvals/move.html",
            title=gettext("Move to version %(number)s: %(chain)s", number=target.version, chain=_name(target)),
            source=source,
            target=target,
            problem=problem,
            stages=_stages(source, target, prospects, into),
            rows=[_row(each, names) for each in prospects],
            ticked=_ticked(prospects),
            following=prospects[-1].row.id if len(prospects) == moving.MOST else None,
            reason=kept(request.form.get("reason", "")),
            most=moving.MOST,
            subject_page=subject_page,
        )

    def _results(self, moved: Iterable[Result]) -> str:
        results = [*moved]
        return self.page(
            "approvals/moved.html",
            title=gettext("Versions of chains"),
            results=results,
            done=sum(each.is_done for each in results),
            subject_page=subject_page,
        )


def _moved(cases: Iterable[tuple[int, int]], action_for: Callable[[Folder], Migrate]) -> Iterator[Result]:
    """Move cases; `action_for` gives the move of each, or refuses it."""
    session, actor = current_session(), current_actor()

    def deed(folder: Folder, version: int) -> Answer:
        after = service.perform(session, actor, folder, replace(action_for(folder), version=version))
        return Answer("approval_case", after.row.id, after.case.version, status=200)

    return do_each(session, actor, cases, deed)


def _version(name: str) -> Definition:
    """The version that the address names, of the chain that it names."""
    number = read_key(request.args.get(name, "")) or 0
    try:
        found = definitions.version(current_session(), "chain", kept(request.args.get("chain", "")), number)
    except Refusal:
        abort(404)
    if found.is_draft:
        abort(404)
    return found


def _ticked(prospects: Iterable[Prospect]) -> list[str]:
    """What is ticked: everything at first, then what the administrator left so, with what is new on the page."""
    left, offered = request.form.getlist("case"), request.form.getlist("offered")
    return [key for key in map(_key, prospects) if key in left or key not in offered]


def _reason() -> str:
    reason = kept(request.form.get("reason", ""), LONGEST_REASON)
    if not reason:
        raise Refusal("reason_required")
    return reason


def _into() -> dict[str, str]:
    """For stages of the one version, which stage of the other was chosen."""
    return {name.removeprefix(INTO): stage for name, stage in request.form.items() if name.startswith(INTO) and stage}


def _by_chain(found: Iterable[tuple[Definition, int]]) -> list[dict[str, Any]]:
    """The versions of each chain, newest first, as they are shown."""
    chains: dict[str, list[tuple[Definition, int]]] = {}
    for definition, count in found:
        chains.setdefault(definition.key, []).append((definition, count))
    return [{"name": _name(versions[0][0]), "key": key, "versions": versions} for key, versions in chains.items()]


def _name(definition: Definition) -> str:
    return label(chain_of(definition).name)


def _stages(
    source: Definition, target: Definition, prospects: Iterable[Prospect], into: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The stages in which cases are, and where those could go."""
    busy = {each.left for each in prospects}
    known = [(stage.key, label(stage.name)) for stage in chain_of(target).stages]
    keys = {key for key, _ in known}
    return [
        {
            "key": stage.key,
            "name": label(stage.name),
            "targets": known,
            "chosen": into.get(stage.key, stage.key if stage.key in keys else ""),
        }
        for stage in chain_of(source).stages
        if stage.key in busy
    ]


def _key(each: Prospect) -> str:
    return f"{each.row.id}.{each.version}"


def _row(each: Prospect, names: Names) -> dict[str, Any]:
    """What would become of a case, in words."""
    refusal = each.refusal
    return {
        "about": each.row,
        "key": _key(each),
        "now": replace(names, chain=names.chains[""]).stage(each.left) if each.left else "",
        "problem": explain(refusal, names, each.left) if refusal else "",
        "said": [] if refusal else [*_said(each, names)],
        "warned": [] if refusal else [*_warned(each, names)],
    }


def _said(each: Prospect, names: Names) -> Iterable[str]:
    if each.into is None:
        yield str(gettext("Its drafter has it: only the version changes."))
    elif each.stays:
        yield str(gettext("It stays in “%(stage)s”, and whatever was begun goes on.", stage=names.stage(each.into)))
    else:
        yield str(gettext("It goes into “%(stage)s”.", stage=names.stage(each.into)))
    if each.asked:
        yield str(gettext("%(people)s will be asked.", people=names.persons(each.asked)))
    if each.skipped:
        stages = listed([f"“{names.stage(key)}”" for key in each.skipped])
        yield str(gettext("It skips %(stages)s, whose condition does not hold.", stages=stages))
    if each.kept:
        yield str(gettext("The approval of %(people)s stays.", people=names.persons(each.kept)))


def _warned(each: Prospect, names: Names) -> Iterable[str]:
    if each.dropped:
        people = names.persons(each.dropped)
        yield str(gettext("%(people)s, whom a reviewer asked, will not be asked any more.", people=people))
    if each.lapsed:
        people = names.persons(each.lapsed)
        yield str(
            gettext("The approval of %(people)s does not count any more, for something else is asked.", people=people)
        )
    for stage in each.passed_over:
        yield str(gettext("It never passes “%(stage)s”.", stage=names.stage(stage)))
    for document in each.unissued:
        yield str(gettext("The document “%(document)s” is not issued.", document=document))


def page_of_move(actor: Actor, chain: str, source: int, target: int) -> str:
    """Where one sees what would become of the cases on a version; empty for whoever may not move them.

    Args:
        actor: who looks.
        chain: its key.
        source: the number of the version that they run on.
        target: the number of the other one.
    """
    if not actor.may(*ADMINISTER):
        return ""
    named: dict[str, Any] = {"from": source, "to": target}
    return url_for("ChainView.move", chain=chain, **named)


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view(
        ChainView,
        "Chains",
        label=_l("Versions of chains"),
        category="Administration",
        category_label=_l("Administration"),
    )
