"""Drafts of definitions: one for each key, kept while they are wrong, and published by whoever may."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.definitions import drafting, publishing, service
from portal.definitions.beginnings import beginning, renamed
from portal.definitions.drafting import begin, begin_new, discard, give_back, propose, publish_draft, save
from portal.definitions.models import KINDS, Definition
from portal.definitions.publishing import publish_shipped, retire
from portal.security import NOBODY, Actor
from workflows.errors import DefinitionError, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

RIGHTS = frozenset({drafting.WRITE, publishing.PUBLISH})
LAN = Actor(7, "lan", "Nguyễn Thị Lan", permissions=RIGHTS)
MINH = Actor(8, "minh", "Trần Văn Minh", permissions=RIGHTS)
WRITER = replace(LAN, permissions=frozenset({drafting.WRITE}))
READER = replace(LAN, permissions=frozenset())
NAME = {"vi": "Danh sách đăng ký", "en": "Registration list"}
FORM = "monthly-report"
WHY = "Thêm chỉ tiêu mới"


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """Nobody asks for a second person, unless a test does."""
    before = drafting.SECOND_PERSON.plugged if drafting.SECOND_PERSON._filling is not None else False
    drafting.SECOND_PERSON.plug(filling=False)
    yield
    drafting.SECOND_PERSON.plug(before)


@pytest.fixture
def library(session: Session) -> Session:
    """A database with what ships."""
    publish_shipped(session)
    return session


def changed(draft: Definition, words: str = "Báo cáo tháng (sửa)") -> dict[str, Any]:
    """What a draft says, under another name."""
    return renamed(draft.kind, draft.body, draft.key, {"vi": words, "en": words})


def refused(code: str, verb: Any, *args: Any, **named: Any) -> Refusal:
    """The refusal of a verb, which must be of that code."""
    with pytest.raises(Refusal) as caught:
        verb(*args, **named)
    assert caught.value.code == code
    return caught.value


def test_a_draft_begins_with_what_is_in_force_and_has_no_number(library: Session) -> None:
    draft = begin(library, LAN, "form", FORM)
    assert (draft.version, draft.status, draft.based_on, draft.authors) == (0, "draft", 1, ["lan"])
    assert draft.body == service.current(library, "form", FORM).body
    assert draft.name == {"vi": "Báo cáo tháng về Đề án 06", "en": "Monthly report on Project 06"}
    assert service.current(library, "form", FORM).version == 1


def test_a_key_has_one_draft(library: Session) -> None:
    begin(library, LAN, "form", FORM)
    assert refused("draft_exists", begin, library, MINH, "form", FORM).params == {"key": FORM}
    assert begin(library, MINH, "chain", "provincial-report").kind == "chain"


def test_what_nobody_ever_published_has_no_next_version(library: Session) -> None:
    refused("no_definition", begin, library, LAN, "form", "nothing-like-it")


@pytest.mark.parametrize("key", ["", "Danh-sach", "danh sách", "1-a", "../etc", "a" * 62])
def test_a_key_is_written_in_small_letters(library: Session, key: str) -> None:
    refused("bad_key", begin_new, library, LAN, "form", key, {})


def test_a_key_that_is_taken_is_not_new(library: Session) -> None:
    refused("key_taken", begin_new, library, LAN, "form", FORM, {})
    begin_new(library, LAN, "form", "registration-list", {})
    refused("draft_exists", begin_new, library, MINH, "form", "registration-list", {})


def test_a_draft_is_kept_however_wrong_it_is(library: Session) -> None:
    draft = begin(library, LAN, "form", FORM)
    save(library, MINH, draft, {"name": 3, "sections": "none"}, draft.edition)
    assert (draft.edition, draft.body["sections"], draft.name, draft.authors) == (2, "none", {}, ["lan", "minh"])
    with pytest.raises(DefinitionError):
        publish_draft(library, LAN, draft, draft.edition, knows=1, why=WHY)
    assert draft.is_draft


def test_only_a_mapping_can_be_kept(library: Session) -> None:
    draft = begin(library, LAN, "form", FORM)
    with pytest.raises(DefinitionError) as caught:
        save(library, LAN, draft, ["a", "list"], draft.edition)  # type: ignore[arg-type]
    assert [each.code for each in caught.value.findings] == ["wrong_type"]


def test_no_way_into_a_draft_takes_more_than_a_file_holds(library: Session) -> None:
    long = {"name": NAME, "help": "m" * 300_000}
    refused("definition_too_large", begin_new, library, LAN, "form", "registration-list", long)
    draft = begin(library, LAN, "form", FORM)
    before = draft.sha256
    refused("definition_too_large", save, library, LAN, draft, long, draft.edition)
    assert (draft.sha256, draft.edition) == (before, 1)


def test_who_saves_what_another_has_changed_meanwhile_is_told(library: Session) -> None:
    draft = begin(library, LAN, "form", FORM)
    save(library, MINH, draft, changed(draft), 1)
    refused("stale_version", save, library, LAN, draft, {"other": "text"}, 1)
    refused("stale_version", discard, library, LAN, draft, 1)
    refused("stale_version", publish_draft, library, LAN, draft, 1, knows=1, why=WHY)


def test_saving_the_same_again_is_no_change(library: Session) -> None:
    draft = begin(library, LAN, "form", FORM)
    save(library, MINH, draft, deepcopy(draft.body), 1)
    assert (draft.edition, draft.authors) == (1, ["lan"])


def test_publishing_makes_it_the_next_version_of_who_when_and_why(library: Session) -> None:
    draft = begin(library, LAN, "form", FORM)
    save(library, LAN, draft, changed(draft), draft.edition)
    published = publish_draft(library, MINH, draft, draft.edition, knows=1, why=WHY)
    assert published is draft is service.current(library, "form", FORM)
    assert (published.version, published.status, published.published_by, published.note) == (
        2,
        "published",
        "minh",
        WHY,
    )
    assert (published.created_by, published.authors, published.shipped) == ("lan", ["lan"], False)
    assert service.draft_of(library, "form", FORM) is None
    entry = library.scalars(select(AuditEntry).where(AuditEntry.action == "definition_published")).all()[-1]
    assert entry.actor == "minh"
    assert published.sha256 in entry.details


def test_a_new_version_says_why_and_says_something_new(library: Session) -> None:
    draft = begin(library, LAN, "form", FORM)
    assert refused("nothing_new", publish_draft, library, LAN, draft, 1, knows=1, why=WHY).params == {"number": 1}
    save(library, LAN, draft, changed(draft), 1)
    refused("note_needed", publish_draft, library, LAN, draft, 2, knows=1, why="  ")
    refused("note_needed", propose, library, LAN, draft, 2, "")


def test_a_version_that_came_in_between_is_told(library: Session) -> None:
    draft = begin(library, LAN, "form", FORM)
    save(library, LAN, draft, changed(draft), 1)
    publishing.publish(library, actor="system", kind="form", key=FORM, body=changed(draft, "Bản khác"))
    assert refused("overtaken", publish_draft, library, LAN, draft, 2, knows=1, why=WHY).params == {"number": 2}
    assert publish_draft(library, LAN, draft, 2, knows=2, why=WHY).version == 3


def test_a_draft_that_is_gone_cannot_be_worked_on(library: Session) -> None:
    draft = begin(library, LAN, "form", FORM)
    key = draft.id
    discard(library, LAN, draft, 1)
    assert library.get(Definition, key) is None
    refused("not_a_draft", save, library, LAN, Definition(id=key, kind="form", key=FORM), {}, 1)
    shipped = service.current(library, "form", FORM)
    refused("not_a_draft", discard, library, LAN, shipped, shipped.edition)


def test_verbs_ask_for_their_rights(library: Session) -> None:
    draft = begin(library, LAN, "form", FORM)
    for actor in (READER, NOBODY):
        refused("not_permitted", begin, library, actor, "chain", "provincial-report")
        refused("not_permitted", begin_new, library, actor, "form", "registration-list", {})
        refused("not_permitted", save, library, actor, draft, {}, 1)
        refused("not_permitted", propose, library, actor, draft, 1, WHY)
        refused("not_permitted", give_back, library, actor, draft, 1, WHY)
        refused("not_permitted", discard, library, actor, draft, 1)
    refused("not_permitted", publish_draft, library, WRITER, draft, 1, knows=1, why=WHY)
    refused("not_permitted", retire, library, WRITER, "form", FORM, seen=1, reason=WHY)


# -- a second person -------------------------------------------------------------------------------------------


@pytest.fixture
def second(alone: None) -> None:
    """A second person publishes."""
    del alone
    drafting.SECOND_PERSON.plug(filling=True)


@pytest.fixture
def proposed(library: Session, second: None) -> Definition:
    """A draft of Lan's that she has proposed."""
    del second
    draft = begin(library, LAN, "form", FORM)
    save(library, LAN, draft, changed(draft), 1)
    propose(library, LAN, draft, 2, WHY)
    return draft


def test_nobody_publishes_what_was_not_proposed(library: Session, second: None) -> None:
    del second
    draft = begin(library, LAN, "form", FORM)
    save(library, LAN, draft, changed(draft), 1)
    refused("not_proposed", publish_draft, library, MINH, draft, 2, knows=1, why=WHY)
    refused("not_proposed", give_back, library, MINH, draft, 2, WHY)


def test_whoever_wrote_in_it_or_proposed_it_does_not_publish_it(library: Session, proposed: Definition) -> None:
    refused("own_definition", publish_draft, library, LAN, proposed, 3, knows=1, why="")
    published = publish_draft(library, MINH, proposed, 3, knows=1, why="not what was said")
    assert (published.version, published.published_by, published.note) == (2, "minh", WHY)
    assert published.proposed_by is None


def test_an_author_of_long_ago_is_no_second_person(library: Session, second: None) -> None:
    del second
    draft = begin(library, MINH, "form", FORM)
    save(library, LAN, draft, changed(draft), 1)
    propose(library, LAN, draft, 2, WHY)
    refused("own_definition", publish_draft, library, MINH, draft, 3, knows=1, why="")


def test_what_is_proposed_waits_as_it_is(library: Session, proposed: Definition) -> None:
    refused("proposed", save, library, LAN, proposed, {}, 3)
    refused("proposed", discard, library, LAN, proposed, 3)
    refused("proposed", propose, library, MINH, proposed, 3, WHY)


def test_its_author_takes_it_back_and_another_gives_it_back_with_a_reason(
    library: Session, proposed: Definition
) -> None:
    refused("reason_required", give_back, library, MINH, proposed, 3, "")
    give_back(library, MINH, proposed, 3, "Thiếu chỉ tiêu 766")
    assert (proposed.proposed_by, proposed.objection) == (None, "Thiếu chỉ tiêu 766")
    propose(library, LAN, proposed, 4, WHY)
    assert proposed.objection == ""
    give_back(library, LAN, proposed, 5, "")
    save(library, LAN, proposed, changed(proposed, "Lại khác"), 6)


def test_only_what_can_be_published_is_proposed(library: Session, second: None) -> None:
    del second
    draft = begin_new(library, LAN, "form", "registration-list", {"schema": 1})
    with pytest.raises(DefinitionError):
        propose(library, LAN, draft, 1, WHY)
    assert draft.proposed_by is None


# -- beginnings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_least_there_can_be_can_be_published(library: Session, kind: str) -> None:
    draft = begin_new(library, LAN, kind, "of-our-own", beginning(kind, "of-our-own", NAME))
    assert publish_draft(library, LAN, draft, 1, knows=0, why=WHY).version == 1
    assert draft.name == NAME


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_is_another_definition_with_the_same_content(library: Session, kind: str) -> None:
    original = service.all_current(library, kind)[0]
    copy = renamed(kind, original.body, "of-our-own", NAME)
    again = renamed(kind, copy, original.key, original.name)
    assert again == original.body
    assert copy != original.body
