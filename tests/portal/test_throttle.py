"""The count behind the throttle, on both databases and with many who try at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from portal import tables
from portal.db import Base, Database
from portal.throttle import admit, by_account, by_address, forgive


def test_many_at_the_same_moment_are_admitted_like_one_after_the_other(database_url: str) -> None:
    database = Database(database_url)
    assert tables.LOADED
    Base.metadata.create_all(database.engine)
    buckets = (by_account("Clerk ", 5), by_address("203.0.113.7", 5))

    def attempt(_number: int) -> int:
        session = database.session()
        wait = admit(session, buckets)
        session.commit()
        database.session.remove()
        return wait

    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(attempt, range(24)))
    assert waits.count(0) == 5
    session = database.session()
    forgive(session, buckets, is_in=True)
    session.commit()
    assert attempt(0) == 0
    database.session.remove()
    database.engine.dispose()


def test_what_names_one_account_or_subscriber_is_one_bucket() -> None:
    assert by_account("ĐẶNG.An", 5) == by_account(" đặng.an", 5)
    assert by_account("a", 5) != by_account("b", 5)
    assert by_address("2001:db8::1", 5) == by_address("2001:db8::ffff", 5)
    assert by_address("2001:db8:0:1::1", 5) != by_address("2001:db8::1", 5)
    assert by_address("nonsense", 5) == by_address("nonsense", 5)
