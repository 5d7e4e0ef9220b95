"""Who may do what to which object: every persona tries every verb on every object, as well informed as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.matrix import (
    MISSING,
    Call,
    Count,
    Table,
    is_as_said,
    personas,
    place,
    plain,
    prepare,
    read,
    tables,
)
from tests.contracts.world import Thing

if TYPE_CHECKING:
    from tests.contracts.stage import Stage

VERBS = [(table, call) for table in tables() for call in table.calls if call.method != "GET"]


class Verb:
    """One verb, tried by everyone on everything; the world is put back after each time that it was done."""

    def __init__(self, stage: Stage, table: Table, call: Call) -> None:
        self.stage = stage
        self.table = table
        self.call = call
        self.count = Count()
        self.missing: dict[str, tuple[int, str]] = {}
        self.barred: set[str] = set()

    def walk(self) -> None:
        """Everyone, everything."""
        for name in self.table.rows:
            thing = self.stage.world[self.table.of][name]
            send = prepare(self.stage, self.call, thing)
            for persona, verdict in self.table.rows[name].items():
                if verdict == "bar" and persona in self.barred:
                    continue  # whoever may not open the screen is sent away before an object is looked at
                self.barred |= {persona} if verdict == "bar" else set()
                self._try(thing, send, persona, verdict, f"{persona}: {self.call} on {self.table.of} “{name}”")
        self.count.report(f"{len(personas())} personas, {len(self.table.rows)} objects, {self.call}")

    def _try(self, thing: Thing, send: Any, persona: str, verdict: str, said: str) -> None:
        path = place(self.stage, self.call, thing)
        with self.stage.watched() as watch:
            answer = read(send(*self.stage.people[persona], path))
        right = is_as_said(verdict, answer, self.call.method, path) and bool(watch.kept) == (verdict == "in")
        if verdict in {"no", "bar"}:
            right = right and (answer.status_code, plain(answer, path)) == self._nothing(thing, persona)
        said += f" → {answer.status_code}, not {verdict}, or not told like what does not exist; wrote {watch.kept}"
        self.count.expect(right, said)
        if watch.kept:
            self.stage.reset()

    def _nothing(self, thing: Thing, persona: str) -> tuple[int, str]:
        """What this persona is told when he tries it on a row that does not exist."""
        if persona not in self.missing:
            nothing = Thing(MISSING, more={**thing.more, "link": MISSING})
            path = place(self.stage, self.call, nothing)
            send = prepare(self.stage, self.call, thing)
            answer = read(send(*self.stage.people[persona], path))
            self.missing[persona] = (answer.status_code, plain(answer, path))
        return self.missing[persona]


@pytest.mark.parametrize(("table", "call"), VERBS, ids=[f"{call}" for _table, call in VERBS])
def test_a_verb_is_done_for_those_of_the_table_and_changes_nothing_for_others(
    stage: Stage, table: Table, call: Call
) -> None:
    Verb(stage, table, call).walk()


def test_a_file_of_another_report_is_not_taken_off(stage: Stage) -> None:
    own, foreign = (stage.world["report"][name].more for name in ("own draft", "foreign draft"))
    client, token = stage.people["clerk"]
    typed = {**own["typed"], "edition": own["edition"], "then": f"remove:{foreign['link']}", "csrf_token": token}
    path = f"/submissions/save/{stage.world['report']['own draft'].key}"
    with stage.watched() as watch:
        assert client.post(path, data=typed).status_code == 404
    assert [statement for statement in watch.kept if "submission_file" in statement] == []
    stage.reset()


def test_a_report_is_not_opened_for_another_unit(stage: Stage) -> None:
    client, token = stage.people["clerk"]
    for kind in ("foreign draft", "sibling draft", "child draft", "parent draft"):
        unit = stage.world["report"][kind].more["unit"]
        with stage.watched() as watch:
            answer = client.post(
                "/submissions/new", data={"unit": unit, "year": 2025, "number": 11, "csrf_token": token}
            )
        assert (answer.status_code, watch.kept) == (422, []), kind
