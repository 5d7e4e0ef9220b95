"""Who may read which object: every persona, every object, every way to ask, against the hand-written table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.contracts.matrix import MISSING, Call, Count, is_as_said, personas, place, plain, prepare, read, tables
from tests.contracts.world import Thing

if TYPE_CHECKING:
    from flask import Flask

    from tests.contracts.stage import Stage

GIVEN_ONCE = frozenset(
    {
        *("static", "appbuilder.static", "LanguageView.choose", "PortalOpenApi.get"),
        *("DefinitionView.schema", "DefinitionApi.check"),
    }
)
"""Routes with an argument that names no row."""

OWN_ALONE = frozenset({"MyAccountView.end_session", "NewPasswordView.choose", "VerificationView.show"})
OWN_ALONE |= {"PluginView.file", "PluginView.hand_in"}
"""One's own sessions, what only a link or a token opens, the code on a paper: the tests of these screens try them as
others."""


def about_rows(app: Flask) -> set[tuple[str, str]]:
    """Every route that names a row in its address, with each of its methods."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.arguments and rule.endpoint not in GIVEN_ONCE | OWN_ALONE
    }


def test_every_route_about_a_row_is_in_the_table_and_none_is_stale(app: Flask) -> None:
    named = {(call.endpoint, call.method) for table in tables() for call in table.calls}
    wanted = about_rows(app)
    print(f"routes about rows: {len(wanted)}, classified: {100 * len(named & wanted) // len(wanted)} %")
    assert named == wanted


def test_every_object_of_the_world_is_read_in_the_table(stage: Stage) -> None:
    reads = [table for table in tables() if any(call.method == "GET" for call in table.calls)]
    named = {(table.of, name) for table in reads for name in table.rows}
    assert named >= {
        (kind, name) for kind in ("report", "file", "case", "document", "task") for name in stage.world[kind]
    }
    assert {name for table in tables() for verdicts in table.rows.values() for name in verdicts} == set(personas())


def reads_of() -> set[str]:
    """The routes that read a row."""
    return {call.endpoint for table in tables() for call in table.calls if call.method == "GET"}


def missing_answer(stage: Stage, call: Call, persona: str, kept: dict[Any, tuple[int, str]]) -> tuple[int, str]:
    """What this persona is told of a row that does not exist."""
    if (call, persona) not in kept:
        nothing = Thing(MISSING, more={"link": MISSING})
        path = place(stage, call, nothing)
        answer = read(prepare(stage, call, nothing)(*stage.people[persona], path))
        kept[call, persona] = (answer.status_code, plain(answer, path))
    return kept[call, persona]


def test_every_persona_reads_what_the_table_says_and_nothing_else(stage: Stage) -> None:
    count, kept = Count(), dict[Any, tuple[int, str]]()
    for table in tables():
        for call in [each for each in table.calls if each.method == "GET"]:
            barred: set[str] = set()
            for name, persona, verdict in table.verdicts():
                if verdict == "bar" and persona in barred:
                    continue  # whoever may not open the screen is sent away before a row is looked at
                barred |= {persona} if verdict == "bar" else set()
                path = place(stage, call, stage.world[table.of][name])
                answer = read(prepare(stage, call, stage.world[table.of][name])(*stage.people[persona], path))
                right = is_as_said(verdict, answer, "GET", path)
                if verdict in {"no", "bar"}:
                    told = (answer.status_code, plain(answer, path))
                    right = right and told == missing_answer(stage, call, persona, kept)
                said = f"{persona}: {call} of {table.of} “{name}” → {answer.status_code}, not {verdict}"
                count.expect(right, f"{said}, or not told like what does not exist")
    count.report(f"{len(reads_of())} routes read by {len(personas())} personas")


def test_head_and_other_methods_tell_no_more_than_get(stage: Stage) -> None:
    count = Count()
    for table in tables():
        for call in [each for each in table.calls if each.method == "GET"]:
            name = next(iter(table.rows))
            thing, nothing = stage.world[table.of][name], Thing(MISSING, more={"link": MISSING})
            for persona in ("nobody", "newcomer", "clerk", "f.clerk", "admin"):
                client, path = stage.client(persona), place(stage, call, thing)
                whole, head = read(client.get(path)), read(client.head(path))
                same = (head.status_code, head.data) == (whole.status_code, b"")
                count.expect(same, f"{persona}: HEAD {path} → {head.status_code}")
                trace = client.open(path, method="TRACE")
                count.expect(trace.status_code == 405, f"{persona}: TRACE {path} → {trace.status_code}")
                options, empty = client.options(path), client.options(place(stage, call, nothing))
                same = (options.status_code, options.data, options.headers.get("Allow")) == (
                    empty.status_code,
                    empty.data,
                    empty.headers.get("Allow"),
                )
                count.expect(same or persona == "nobody", f"{persona}: OPTIONS {path} → {options.status_code}")
    count.report("HEAD, TRACE and OPTIONS about rows")
