"""Trial prints: owed once for each body, made by the worker or told why not, and forgotten when nobody needs them."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update

from portal import jobs, tables
from portal.confined import ChildFailed
from portal.db import Base, Database, utc_now
from portal.definitions import publishing, service
from portal.definitions.models import Definition
from portal.documents import trials
from portal.documents.job import Limits
from portal.documents.press import Press
from portal.documents.trial_models import TrialPage, TrialPrint
from portal.documents.trials import TRIAL, TrialPrinter
from portal.documents.words import trial_failure
from portal.jobs import Job
from workflows.errors import Refusal
from workflows.forms import content_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

KEY = "provincial-report"


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    warm = Press()
    yield warm
    warm.close()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with the shipped definitions, once on SQLite and once on PostgreSQL."""
    assert tables.LOADED
    database = Database(database_url)
    Base.metadata.create_all(database.engine)
    publishing.publish_shipped(database.session())
    database.session.commit()
    yield database
    database.session.remove()
    database.engine.dispose()


@pytest.fixture
def library(session: Session) -> Session:
    """A session on the shipped definitions, in memory."""
    publishing.publish_shipped(session)
    session.commit()
    return session


@pytest.fixture
def printer(press: Press) -> TrialPrinter:
    return TrialPrinter(Limits(), press)


def template(session: Session) -> Definition:
    return service.current(session, "document", KEY)


def draft(session: Session, **changes: Any) -> Definition:
    """A draft of the template that says something else."""
    body = {**copy.deepcopy(template(session).body), **changes}
    row = service.draft_of(session, "document", KEY)
    if row is None:
        row = Definition(kind="document", key=KEY, version=0, name=body["metadata"]["name"], created_by="designer")
        session.add(row)
    row.body, row.sha256 = body, content_hash(body)
    session.commit()
    return row


def asked(session: Session, row: Definition) -> TrialPrint:
    trial = trials.ask(session, row)
    session.commit()
    return trial


def made(session: Session, printer: TrialPrinter, row: Definition) -> TrialPrint:
    """Ask, and do the job; gives the row as it is afterwards."""
    trial = asked(session, row)
    printer.print_trial(session, {"trial_id": trial.id})
    session.commit()
    session.refresh(trial)
    return trial


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


# -- asking ----------------------------------------------------------------------------------------------------


def test_a_body_is_owed_once_whoever_asks_and_whichever_row_says_it(database: Database) -> None:
    session = database.session()
    first = asked(session, template(session))
    assert (first.state, first.reason, first.page_count, first.pages) == ("waiting", None, None, [])
    assert asked(session, template(session)).id == first.id
    assert asked(session, draft(session)).id == first.id
    assert (count(session, TrialPrint), count(session, Job)) == (1, 1)
    assert asked(session, draft(session, style="p { color: red }")).id != first.id
    assert (count(session, TrialPrint), count(session, Job)) == (2, 2)


def test_another_renderer_draws_anew(library: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(library, template(library))
    monkeypatch.setattr(trials, "renderer", lambda: "another")
    assert trials.found(library, template(library).body) is None
    assert asked(library, template(library)).renderer.startswith("another")


@pytest.mark.parametrize("changes", [{"template": "{{ 'a' * 9 }}"}, {"template": 7}, {"blocks": {}}, {"extra": 1}])
def test_what_could_not_be_published_is_not_printed(library: Session, changes: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="unsound_template"):
        trials.ask(library, draft(library, **changes))
    assert count(library, TrialPrint) == 0


def test_only_so_many_wait(library: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "MOST_WAITING", 1)
    asked(library, template(library))
    with pytest.raises(Refusal, match="trials_wait"):
        asked(library, draft(library, style="p { color: red }"))
    assert asked(library, template(library)).state == "waiting"


# -- the job ---------------------------------------------------------------------------------------------------


def test_the_worker_prints_it_page_by_page(database: Database, printer: TrialPrinter) -> None:
    session = database.session()
    trial = made(session, printer, template(session))
    assert (trial.state, trial.reason, trial.details) == ("ready", None, {"missing": []})
    assert [page.number for page in trial.pages] == [1, 2, 3] == list(range(1, (trial.page_count or 0) + 1))
    assert all(page.jpeg.startswith(b"\xff\xd8\xff") and page.width == 1000 for page in trial.pages)
    assert trials.page_of(trial, 2).number == 2
    for nothing, number in ((trial, 4), (trial, 0), (None, 1)):
        with pytest.raises(Refusal, match="not_found"):
            trials.page_of(nothing, number)


def test_the_job_done_twice_changes_nothing(library: Session, printer: TrialPrinter) -> None:
    trial = made(library, printer, template(library))
    printer.print_trial(library, {"trial_id": trial.id})
    library.commit()
    assert (count(library, TrialPrint), count(library, TrialPage)) == (1, 3)
    printer.print_trial(library, {"trial_id": trial.id + 1})


def test_what_the_data_lack_is_told_and_printed_all_the_same(library: Session, printer: TrialPrinter) -> None:
    trial = made(library, printer, draft(library, template="<p>\n{{ doc.subjct }}</p>"))
    assert (trial.state, trial.page_count) == ("ready", 1)
    assert trial.details == {"missing": [{"name": "doc.subjct", "template": "template.html", "line": 2}]}


@pytest.mark.parametrize(
    ("changes", "reason", "words"),
    [
        ({"template": "<p>漢</p>"}, "letter_missing", "漢 U+6F22"),
        ({"template": "<img src='http://x/a.png'>"}, "resource_refused", "http://x/a.png"),
        ({"style": "@import url(file:///etc/passwd);"}, "resource_refused", "file:///etc/passwd"),
        ({"template": "{% macro m() %}{% endmacro %}{{ m(doc) }}"}, "template_failed", "macro 'm' takes"),
        ({"template": "<p style='break-after: page'>a</p>" * 9}, "too_many_pages", "9 pages, at most 2"),
    ],
)
def test_what_cannot_be_printed_has_a_reason(
    library: Session, printer: TrialPrinter, changes: dict[str, Any], reason: str, words: str
) -> None:
    printer.limits = replace(printer.limits, pages=2)
    trial = made(library, printer, draft(library, **changes))
    assert (trial.state, trial.reason, trial.page_count, trial.pages) == ("none", reason, None, [])
    assert trial.details["words"].startswith(words)


def test_where_a_template_breaks_off_is_kept(library: Session, printer: TrialPrinter) -> None:
    trial = made(library, printer, draft(library, template="<p>\n{{ doc.title.words }}</p>"))
    assert trial.reason == "template_forbidden"
    assert (trial.details["template"], trial.details["line"]) == ("template.html", 2)
    assert "words" in trial.details["words"]


def test_a_template_whose_documents_could_not_be_issued_says_why(library: Session, printer: TrialPrinter) -> None:
    metadata = template(library).body["metadata"]
    classified = {**metadata, "wording": {**metadata["wording"], "closing": "Hết. TỐI MẬT"}}
    trial = made(library, printer, draft(library, metadata=classified))
    assert (trial.reason, trial.details) == ("classified", {"mark": "TỐI MẬT"})


def test_a_draft_that_was_changed_meanwhile_is_not_printed(library: Session, printer: TrialPrinter) -> None:
    trial = asked(library, draft(library, style="p { color: red }"))
    draft(library, style="p { color: blue }")
    printer.print_trial(library, {"trial_id": trial.id})
    library.commit()
    assert (trial.state, trial.reason) == ("none", "overtaken")


def test_a_body_that_got_past_the_door_unsound_is_stopped_by_the_worker(
    library: Session, printer: TrialPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = draft(library, template="{{ ''.__class__ }}")
    with monkeypatch.context() as open_door:
        open_door.setattr(trials, "refuse_unsound", lambda _row: None)
        trial = made(library, printer, row)
    assert (trial.state, trial.reason) == ("none", "unsound")


def test_what_came_to_nothing_can_be_asked_for_again(database: Database, printer: TrialPrinter) -> None:
    session = database.session()
    row, generous = draft(session, template="<p>a</p>"), printer.limits
    printer.limits = replace(generous, pages=0)
    assert made(session, printer, row).state == "none"
    printer.limits = generous
    trial = made(session, printer, row)
    assert (trial.state, trial.reason, trial.page_count) == ("ready", None, 1)
    assert count(session, TrialPrint) == 1


def test_whoever_is_slower_leaves_it_to_whoever_was_faster(
    library: Session, printer: TrialPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = asked(library, template(library))

    def overtaken(*_: object) -> object:
        monkeypatch.undo()
        printer.print_trial(library, {"trial_id": trial.id})
        library.commit()
        raise ChildFailed("crashed")

    monkeypatch.setattr(trials, "drawn", overtaken)
    printer.print_trial(library, {"trial_id": trial.id})
    library.refresh(trial)
    assert (trial.state, len(trial.pages)) == ("ready", 3)


def test_a_job_that_no_worker_survives_ends_in_none(
    database: Database, printer: TrialPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(jobs.HANDLERS, TRIAL, printer.print_trial)
    monkeypatch.setitem(jobs.GIVEN_UP, TRIAL, printer.give_up)
    session = database.session()
    trial_id = asked(session, template(session)).id
    session.execute(update(Job).values(attempts=3))
    session.commit()
    assert jobs.work_one(database, 60, most_attempts=3)
    trial = database.session().get_one(TrialPrint, trial_id)
    assert (trial.state, trial.reason) == ("none", "crashed")


def test_a_trial_has_less_room_than_a_document_and_never_more(press: Press) -> None:
    usual, small = Limits(), Limits(wall_seconds=3, cpu_seconds=2, pages=4, html_letters=100)
    for limits in (usual, small):
        held = TrialPrinter(limits, press).limits
        assert held.wall_seconds <= limits.wall_seconds
        assert held.cpu_seconds <= limits.cpu_seconds
        assert held.pages <= limits.pages
        assert held.html_letters <= limits.html_letters
    assert TrialPrinter(usual, press).limits.cpu_seconds < usual.cpu_seconds


# -- forgetting ------------------------------------------------------------------------------------------------


def aged(session: Session, trial: TrialPrint) -> None:
    trial.asked_at = utc_now() - trials.KEPT_FOR - timedelta(minutes=1)
    session.commit()


def test_those_of_drafts_are_forgotten_after_a_day_and_those_of_versions_stay(
    database: Database, printer: TrialPrinter
) -> None:
    session = database.session()
    version, old = made(session, printer, template(session)), made(session, printer, draft(session, template="<p>a"))
    aged(session, version)
    aged(session, old)
    recent = asked(session, draft(session, template="<p>b"))
    assert list(session.scalars(select(TrialPrint.id).order_by(TrialPrint.id))) == [version.id, recent.id]
    assert set(session.scalars(select(TrialPage.trial_id))) == {version.id}


MEETINGS = {"template": "<p>{{ doc.answers.meetings }}</p>"}


def test_those_of_versions_stay_also_where_they_print_answers(library: Session, printer: TrialPrinter) -> None:
    body = {**template(library).body, **MEETINGS}
    publishing.publish(library, actor="admin", kind="document", key=KEY, body=body)
    kept = made(library, printer, template(library))
    aged(library, kept)
    asked(library, draft(library, template="<p>b"))
    assert kept.id in set(library.scalars(select(TrialPrint.id)))


def test_a_form_that_is_changed_meanwhile_overtakes_the_print(library: Session, printer: TrialPrinter) -> None:
    waiting = asked(library, draft(library, **MEETINGS))
    form = copy.deepcopy(service.current(library, "form", "monthly-report").body)
    form["sections"][0]["fields"][2]["label"]["vi"] = "Số cuộc họp giao ban"
    publishing.publish(library, actor="admin", kind="form", key="monthly-report", body=form)
    library.commit()
    printer.print_trial(library, {"trial_id": waiting.id})
    assert (waiting.state, waiting.reason) == ("none", "overtaken")


def test_an_answer_is_printed_where_every_form_asks_for_it(library: Session) -> None:
    other = copy.deepcopy(service.current(library, "form", "monthly-report").body)
    del other["sections"][0]["fields"][2]
    publishing.publish(library, actor="admin", kind="form", key="other", body={**other, "key": "other"})
    chain = copy.deepcopy(service.current(library, "chain", KEY).body)
    assert trials.asked_in(library, draft(library, **MEETINGS).body).keys() == {"meetings"}
    wider = {**chain, "forms": [*chain["forms"], "other"]}
    publishing.publish(library, actor="admin", kind="chain", key=KEY, body=wider, shipped=True)
    assert trials.asked_in(library, draft(library, **MEETINGS).body) == {}


def test_those_of_another_release_are_forgotten_after_a_day(
    library: Session, printer: TrialPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(library, made(library, printer, template(library)))
    monkeypatch.setattr(trials, "renderer", lambda: "another")
    asked(library, template(library))
    assert [each.startswith("another") for each in library.scalars(select(TrialPrint.renderer))] == [True]


def test_only_the_newest_are_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "MOST_KEPT", 2)
    session = database.session()
    ids = [asked(session, draft(session, template=f"<p>{number}")).id for number in range(4)]
    trials.forget_old(session)
    assert list(session.scalars(select(TrialPrint.id).order_by(TrialPrint.id))) == ids[-2:]


def test_a_job_whose_row_is_forgotten_is_done(library: Session, printer: TrialPrinter) -> None:
    printer.print_trial(library, {"trial_id": 1})
    printer.give_up(library, {"trial_id": 1}, "no worker survived")
    assert count(library, TrialPrint) == 0


# -- words -----------------------------------------------------------------------------------------------------


def row(reason: str, **details: Any) -> TrialPrint:
    return TrialPrint(sha256="x", renderer="x", state="none", reason=reason, details=details)


def test_the_reason_has_words_with_the_place_and_what_was_meant() -> None:
    _why, where, said = trial_failure(row("template_failed", template="decree30.html", line=7, words="brackets"))
    assert ("decree30" in where, "7" in where, said) == (True, True, "brackets")
    assert trial_failure(row("letter_missing", words="漢 U+6F22"))[1:] == ("", "漢 U+6F22")
    assert trial_failure(row("crashed", words="status -6: /secret/path"))[1:] == ("", "")
    assert "XYZ" in trial_failure(row("unknown_type", type="XYZ"))[0]
    assert all(trial_failure(row(code))[0] for code in trials.REASONS)
