from tests.workflows.office import body, label, refused, stage
from workflows.definition import Chain
from workflows.parsing import parse_chain
from workflows.selection import chain_for


def made(key: str, *forms: str, when: object = None) -> Chain:
    more: dict[str, object] = {"key": key, "name": label(key), "forms": list(forms)}
    return parse_chain(body(stage("head"), **more) | ({"when": when} if when else {}))


BIG = {"ge": [{"fact": "total"}, 1000]}
URGENT = {"eq": [{"fact": "urgent"}, True]}
USUAL, LARGE, HASTY = made("usual", "report"), made("large", "report", when=BIG), made("hasty", "report", when=URGENT)
OTHER = made("other", "letter", "memo")


def test_the_chain_is_one_that_is_for_the_form() -> None:
    assert chain_for("report", [OTHER, USUAL], {}) is USUAL
    assert chain_for("memo", [OTHER, USUAL], {}) is OTHER


def test_a_chain_whose_condition_holds_goes_before_the_usual_one() -> None:
    assert chain_for("report", [USUAL, LARGE, HASTY], {"total": 1000}) is LARGE
    assert chain_for("report", [USUAL, LARGE, HASTY], {"urgent": True}) is HASTY


def test_where_no_condition_holds_the_usual_chain_is_meant() -> None:
    assert chain_for("report", [LARGE, USUAL, HASTY], {"total": 999}) is USUAL


def test_a_form_that_no_chain_is_for_is_refused() -> None:
    with refused("no_chain", form="invoice"):
        chain_for("invoice", [USUAL, OTHER], {})


def test_a_form_whose_only_chains_have_conditions_that_fail_is_refused() -> None:
    with refused("no_chain", form="report"):
        chain_for("report", [LARGE, HASTY], {})


def test_a_chain_that_names_no_form_is_for_none() -> None:
    bare = parse_chain(body(stage("head")))
    with refused("no_chain", form="report"):
        chain_for("report", [bare], {})


def test_where_several_conditions_hold_none_is_guessed() -> None:
    with refused("several_chains", chains=[label("large"), label("hasty")]):
        chain_for("report", [USUAL, LARGE, HASTY], {"total": 1000, "urgent": True})


def test_of_two_usual_chains_none_is_guessed() -> None:
    with refused("several_chains", chains=[label("usual"), label("spare")]):
        chain_for("report", [USUAL, made("spare", "report")], {})
