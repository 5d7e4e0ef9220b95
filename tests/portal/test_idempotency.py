"""Keys of requests: what was done under one is done once, however often and by however many it is sent at once."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from portal import idempotency
from portal.audit import AuditEntry, record
from portal.db import Base, Database, utc_now
from portal.idempotency import KEPT_FOR, Answer, IdempotencyKey, KeyWatch, Sent, carry_out, forget_old, part_of
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

SAID, OTHER = "a" * 64, "b" * 64
CLERK, HEAD = 1, 2


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Two accounts in an otherwise empty database."""
    found = Database(database_url)
    Base.metadata.create_all(found.engine)
    with found.engine.begin() as connection:
        for key in (CLERK, HEAD):
            names = {"first_name": "A", "last_name": "B", "username": f"user{key}", "email": f"{key}@example.vn"}
            connection.execute(insert(User.__table__).values(id=key, **names))
    yield found
    found.session.remove()
    found.engine.dispose()


@pytest.fixture
def session(database: Database) -> Session:
    opened: Session = database.session()
    return opened


def writes(session: Session) -> Callable[[], Answer]:
    """Writes an entry into the log, and says which version that led to."""

    def deed() -> Answer:
        record(session, actor="clerk", action="tried", kind="case", key=7)
        return Answer("approval_case", 7, done(session), location="/cases/7", words="Đã duyệt")

    return deed


def refuses() -> Answer:
    raise Refusal("finished", {"status": "approved"})


def done(session: Session) -> int:
    """How often it was done."""
    return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def keys(session: Session) -> list[tuple[int, str, int]]:
    rows = session.execute(select(IdempotencyKey.user_id, IdempotencyKey.key, IdempotencyKey.part))
    return sorted((user_id, key, part) for user_id, key, part in rows)


def test_the_same_twice_is_done_once_and_answered_alike(session: Session) -> None:
    first, second = (carry_out(session, Sent(CLERK, "k", SAID), writes(session)) for _ in range(2))
    assert first == second == Answer("approval_case", 7, 1, location="/cases/7", words="Đã duyệt")
    assert (done(session), keys(session)) == (1, [(CLERK, "k", 0)])


def test_the_same_key_with_other_content_is_refused_and_does_nothing(session: Session) -> None:
    carry_out(session, Sent(CLERK, "k", SAID), writes(session))
    with pytest.raises(Refusal) as refusal:
        carry_out(session, Sent(CLERK, "k", OTHER), writes(session))
    assert (refusal.value.code, refusal.value.params) == ("key_reused", {})
    assert done(session) == 1


def test_without_a_key_each_is_done(session: Session) -> None:
    for _ in range(2):
        carry_out(session, None, writes(session))
    assert (done(session), keys(session)) == (2, [])


def test_keys_of_one_say_nothing_of_anothers(session: Session) -> None:
    carry_out(session, Sent(CLERK, "k", SAID), writes(session))
    assert carry_out(session, Sent(HEAD, "k", OTHER), writes(session)).version == 2
    assert keys(session) == [(CLERK, "k", 0), (HEAD, "k", 0)]


def test_what_is_refused_leaves_no_key_and_can_be_sent_again(session: Session) -> None:
    sent = Sent(CLERK, "k", SAID)
    with pytest.raises(Refusal) as refusal:
        carry_out(session, sent, refuses)
    assert (refusal.value.code, keys(session)) == ("finished", [])
    assert carry_out(session, sent, writes(session)).version == 1


def test_a_key_that_cannot_be_kept_takes_its_effect_back(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_given: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(idempotency, "_keep", breaks)
    with pytest.raises(OSError, match="the disk is full"):
        carry_out(session, Sent(CLERK, "k", SAID), writes(session))
    assert (done(session), keys(session)) == (0, [])


def test_parts_are_done_each_once_and_share_one_content(session: Session) -> None:
    whole = Sent(CLERK, "k", SAID)
    for part in (3, 4, 3):
        carry_out(session, part_of(whole, part), writes(session))
    assert (done(session), keys(session)) == (2, [(CLERK, "k", 3), (CLERK, "k", 4)])
    with pytest.raises(Refusal, match="key_reused"):
        carry_out(session, Sent(CLERK, "k", OTHER, part=5), writes(session))
    assert part_of(None, 3) is None


def test_the_database_keeps_no_key_of_an_account_twice(session: Session) -> None:
    carry_out(session, Sent(CLERK, "k", SAID), writes(session))
    again = {"user_id": CLERK, "key": "k", "part": 0, "request_sha256": OTHER, "answer": {}, "created_at": utc_now()}
    with pytest.raises(IntegrityError) as error:
        session.execute(insert(IdempotencyKey).values(again))
    is_postgres = session.get_bind().dialect.name == "postgresql"
    name = "uq_idempotency_key" if is_postgres else "idempotency_key.user_id, idempotency_key.key"
    assert name in str(error.value.orig)


def test_old_keys_are_forgotten_and_young_ones_kept(database: Database, session: Session) -> None:
    for key in ("old", "young"):
        carry_out(session, Sent(CLERK, key, SAID), writes(session))
    old = utc_now() - KEPT_FOR
    session.execute(update(IdempotencyKey).where(IdempotencyKey.key == "old").values(created_at=old))
    session.execute(
        update(IdempotencyKey).where(IdempotencyKey.key == "young").values(created_at=old + timedelta(minutes=1))
    )
    session.commit()
    KeyWatch(database)()
    assert keys(database.session()) == [(CLERK, "young", 0)]
    assert done(database.session()) == 2, "what was done stays done"


def test_a_worker_looks_for_old_keys_once_an_hour(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, clock = [], [1000.0]
    monkeypatch.setattr(idempotency, "forget_old", looks.append)
    monkeypatch.setattr(idempotency.time, "monotonic", lambda: clock[0])
    watch = KeyWatch(database)
    for later in (0, 1, 3598, 1, 1):
        clock[0] += later
        watch()
    assert len(looks) == 2


def test_a_worker_outlives_a_database_that_does_not_answer(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE idempotency_key"))
    KeyWatch(database)()
    assert "old idempotency keys could not be forgotten" in caplog.text


def at_once(database: Database, *sent: Sent) -> list[Answer | str]:
    """Several requests at the same moment, each in a thread of its own; what became of each."""
    gate, ends = Barrier(len(sent)), [Answer("", 0) for _ in sent]  # type: list[Any]

    def send(number: int, each: Sent) -> None:
        session = database.session()
        gate.wait(timeout=30)
        try:
            ends[number] = carry_out(session, each, writes(session))
        except Refusal as refusal:
            session.rollback()
            ends[number] = refusal.code
        finally:
            database.session.remove()

    threads = [Thread(target=send, args=each) for each in enumerate(sent)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


@pytest.mark.parametrize("attempt", range(5))
def test_of_many_at_the_same_moment_one_does_it_and_all_get_its_answer(database: Database, attempt: int) -> None:
    ends = at_once(database, *[Sent(CLERK, f"k{attempt}", SAID)] * 6)
    assert ends == [ends[0]] * 6
    assert isinstance(ends[0], Answer)
    assert (done(database.session()), len(keys(database.session()))) == (1, 1)


def test_of_two_contents_at_the_same_moment_one_is_done_and_one_refused(database: Database) -> None:
    ends = at_once(database, Sent(CLERK, "k", SAID), Sent(CLERK, "k", OTHER))
    assert sorted(end if isinstance(end, str) else "done" for end in ends) == ["done", "key_reused"]
    assert (done(database.session()), len(keys(database.session()))) == (1, 1)


def test_different_keys_at_the_same_moment_are_all_done(database: Database) -> None:
    ends = at_once(database, *(Sent(CLERK, f"k{number}", SAID) for number in range(4)))
    assert sorted(end.version for end in ends if isinstance(end, Answer)) == [1, 2, 3, 4]


def test_forgetting_leaves_the_commit_to_its_caller(session: Session) -> None:
    carry_out(session, Sent(CLERK, "k", SAID), writes(session))
    session.execute(update(IdempotencyKey).values(created_at=utc_now() - KEPT_FOR))
    session.commit()
    forget_old(session)
    session.rollback()
    assert len(keys(session)) == 1
