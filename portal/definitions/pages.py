"""What every screen of definitions shows and knows, and the page of one key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, request, url_for
from flask_babel import gettext

from portal.data import current_actor, current_session
from portal.definitions import service, usage
from portal.definitions.cautions import cautions
from portal.definitions.checks import CHECKS
from portal.definitions.drafting import SECOND_PERSON, WRITE
from portal.definitions.library import shipped_hashes
from portal.definitions.models import KINDS, PUBLISHED, Definition
from portal.definitions.publishing import PUBLISH
from portal.definitions.shapes import SHAPES
from portal.definitions.wiring import MOVES, PREVIEWS, SAMPLES, TABS, USED
from portal.definitions.wording import KINDS as KIND_NAMES
from portal.definitions.wording import STATUS_TONES, STATUSES
from portal.texts import kept
from portal.views import PortalView
from portal.words import label
from workflows.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from portal.definitions.usage import Use
    from portal.definitions.wiring import Preview
    from workflows.errors import Finding


LONGEST_NAME = 200


def name_of(definition: Definition) -> str:
    """What a definition is called in the reader's language; one that has no name yet, by its key."""
    return label(definition.name) if definition.name.get("vi") else definition.key


def typed_name() -> dict[str, str]:
    """The name that was typed, in both languages; an English one that is left empty is the Vietnamese."""
    vietnamese, english = (kept(request.form.get(f"name_{language}", ""), LONGEST_NAME) for language in ("vi", "en"))
    return {"vi": vietnamese, "en": english or vietnamese}


def preview_of(kind: str, body: Any) -> Preview | None:
    """How a body is looked at; None for a kind that has no such view, and for what would no longer be published."""
    if kind not in PREVIEWS:
        return None
    try:
        return PREVIEWS[kind](CHECKS[kind](body))
    except DefinitionError:
        return None


def preview_of_draft(draft: Definition, found: Sequence[Finding]) -> Preview | None:
    """How a draft is looked at; None while something is wrong with it.

    A template is printed as well while no form asks what it names: that is what its print shows.

    Args:
        draft: of any kind.
        found: what keeps it from being published.
    """
    return None if found and draft.kind != "document" else preview_of(draft.kind, draft.body)


def sample_of(kind: str, body: Any, seed: int, *, printed: bool) -> Preview | None:
    """How a sound body looks with something in it; None for a kind into which nothing is put."""
    return SAMPLES[kind](CHECKS[kind](body), seed, printed=printed) if kind in SAMPLES else None


class DefinitionPages(PortalView):
    """What every screen of definitions knows."""

    class_permission_name = "DefinitionView"

    def page(self, template: str, **values: Any) -> str:
        """Render a page with the words of definitions, and with what the reader may do."""
        actor = current_actor()
        return super().page(
            template,
            kinds=KIND_NAMES,
            statuses=STATUSES,
            tones=STATUS_TONES,
            name_of=name_of,
            may_write=actor.may(*WRITE),
            may_publish=actor.may(*PUBLISH),
            second_person=SECOND_PERSON.plugged,
            designed=SHAPES,
            tabs=TABS,
            **values,
        )

    def draft_page(self, template: str, draft: Definition, **values: Any) -> str:
        """Render a page of a draft, with what to heed in it."""
        return self.page(template, draft=draft, cautions=cautions(current_session(), draft), **values)

    def key_page(self, kind: str, key: str, problem: str = "", reason: str = "") -> str:
        """The page of a key, with what was refused on it."""
        versions = service.versions_of(current_session(), kind, key)
        if not versions:
            abort(404)
        draft = versions[0] if versions[0].is_draft else None
        numbered = versions[1:] if draft else versions
        return self.page(
            "definitions/show.html",
            title=name_of((numbered or versions)[0]),
            kind=kind,
            key=key,
            draft=draft,
            versions=numbered,
            problem=problem,
            reason=reason,
            **_around(kind, key, numbered),
        )

    def lost_page(self, written: str, problem: str) -> str:
        """What somebody wrote for a draft that is gone, given back to him."""
        return self.page("definitions/lost.html", title=gettext("Draft"), written=written, problem=problem)


def known_kind(kind: str) -> str:
    """A kind that an address names."""
    if kind not in KINDS:
        abort(404)
    return kind


def page_of(kind: str, key: str) -> str:
    """Where a key is read."""
    return url_for("DefinitionView.show", kind=kind, key=key)


def questions_of(session: Session, indicator: str) -> list[tuple[str, str]]:
    """Where the figures of an indicator come from: in words, and the page of the form for those who may read it.

    Args:
        session: any transaction.
        indicator: its key.
    """
    found, may_read = usage.measuring(session, indicator), current_actor().may("can_show", "DefinitionView")
    return [
        (f"{name_of(form)} › {label(asked)}", page_of("form", form.key) if may_read else "") for form, asked in found
    ]


def after_draft(kind: str, key: str) -> str:
    """Where one goes from a draft: to its key; to the list where nothing is left of it."""
    known = service.versions_of(current_session(), kind, key)
    return page_of(kind, key) if known else url_for("DefinitionView.list")


def _around(kind: str, key: str, versions: Sequence[Definition]) -> dict[str, Any]:
    """What runs on the versions of a key and could be moved to the newest, what names it, and whether another ships."""
    uses = usage.uses(current_session(), kind, key)
    return {
        "uses": _by_version(uses),
        "left_behind": _left_behind(kind, versions, uses),
        "used": USED,
        "naming": usage.named_by(current_session(), kind, key),
        "newer": _newer_shipped(kind, key, versions),
    }


def _left_behind(kind: str, versions: Sequence[Definition], uses: Iterable[Use]) -> list[tuple[Use, str]]:
    """What runs on older versions though it could be moved, each with the page of its move; no address for many."""
    newest = versions[0] if versions and versions[0].status == PUBLISHED else None
    if newest is None or kind not in MOVES:
        return []
    older = [each for each in uses if each.running and each.version != newest.version]
    return [(each, MOVES[kind](current_actor(), newest.key, each.version, newest.version)) for each in older]


def _by_version(uses: Iterable[Use]) -> dict[int, list[Use]]:
    found: dict[int, list[Use]] = {}
    for each in uses:
        found.setdefault(each.version, []).append(each)
    return found


def _newer_shipped(kind: str, key: str, versions: Iterable[Definition]) -> bool:
    """Whether the portal ships something under the key that no version here says."""
    sha256 = shipped_hashes().get((kind, key))
    return sha256 is not None and sha256 not in {each.sha256 for each in versions}
