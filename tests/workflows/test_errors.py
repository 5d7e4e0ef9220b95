import pickle

from workflows.errors import Finding, Refusal


def test_a_refusal_carries_a_code_and_its_own_copy_of_the_params() -> None:
    params: dict[str, object] = {"step": "head"}
    refusal = Refusal("reason_required", params)
    params["step"] = "other"
    assert (refusal.code, refusal.params) == ("reason_required", {"step": "head"})
    assert Refusal("own_draft").params == {}


def test_a_traceback_shows_code_and_params() -> None:
    assert str(Refusal("reason_required", {"step": "head"})) == "('reason_required', {'step': 'head'})"


def test_a_refusal_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(Refusal("own_draft", {"a": 1})))  # noqa: S301 - our own bytes
    assert (copy.code, copy.params) == ("own_draft", {"a": 1})


def test_findings_are_errors_unless_they_say_otherwise_and_can_be_collected_in_sets() -> None:
    finding = Finding("stages", "too_few", {"least": 1})
    assert finding.severity == "error"
    assert len({finding, Finding("stages", "too_few", {"least": 1})}) == 1
