"""Random walks: whatever people try, in whatever order, on whatever chain, the rules that never bend hold."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.workflows.office import CLERK, NOON, Office, body, stage, step
from workflows.actions import AnyAction, Approve, Recall, Reject, Return, Submit
from workflows.case import Case, ItemStatus, evolve, replay
from workflows.definition import Chain, parse_chain
from workflows.engine import Availability, act, available_actions, open_case
from workflows.errors import REFUSALS, Refusal
from workflows.events import from_dict

STAFF = ("an", "ba", "cu", "da", "em")
PEOPLE = (CLERK, *STAFF, "outsider")
POSTS = ("head", "deputy", "police")
STAGES = ("first", "second", "third")
BIG = {"ge": [{"fact": "total"}, 10]}

people = st.sampled_from(PEOPLE)
reasons = st.sampled_from(["", " ", "Thiếu số liệu"])
seats = st.fixed_dictionaries(
    {post: st.lists(st.sampled_from(STAFF), min_size=1, max_size=3, unique=True) for post in POSTS}
)
subsets = st.lists(st.sampled_from(["approve", "return", "reject"]), unique=True)
refusing = st.sampled_from([["return"], ["reject"], ["return", "reject"]])


Attempt: TypeAlias = Callable[[int], AnyAction]
places = st.sampled_from(["drafter", *STAGES, "nowhere"])
step_names = st.sampled_from([None, "s0", "s1", "s2", "nowhere"])
drafters = st.sampled_from([frozenset[str](), frozenset({"an"})])
attempts: st.SearchStrategy[Attempt] = st.one_of(
    st.builds(lambda who: lambda version: Submit(version, "content", who), drafters),
    st.builds(lambda reason, at: lambda version: Approve(version, reason, at), reasons, step_names),
    st.builds(lambda reason, to: lambda version: Return(version, reason, to), reasons, places),
    st.builds(lambda reason: lambda version: Reject(version, reason), reasons),
    st.just(Recall),
)


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """Chains of one to three stages of one to three steps, of every completion rule, some guarded."""
    stages = []
    for key in STAGES[: draw(st.integers(1, 3))]:
        steps = [
            step(f"s{n}", *draw(st.lists(st.sampled_from(POSTS), min_size=1, max_size=2, unique=True)))
            | {"actions": ["approve", *draw(refusing)], "reason_required": draw(subsets)}
            for n in range(draw(st.integers(1, 3)))
        ]
        count = draw(st.integers(1, len(steps)))
        more: dict[str, object] = draw(st.sampled_from([{}, {}, {}, {"when": BIG}, {"when": {"not": BIG}}]))
        stages.append(stage(key, *steps, complete=draw(st.sampled_from(["all", "any", {"n": count}])), **more))
    issue = {"after": "first", "issuer": {"place": "own"}, "document": "report", "signer": "decider"}
    return parse_chain(body(*stages, issues=[issue]))


def variants(version: int, answer: Availability) -> list[AnyAction]:
    """An allowed action, once for each of its targets."""
    if answer.action == "approve":
        return [Approve(version, "Đạt", key) for key in answer.targets]
    if answer.action == "return":
        return [Return(version, "Thiếu số liệu", key) for key in answer.targets]
    return [Submit(version, "content") if answer.action == "submit" else Recall(version)]


class Walk(RuleBasedStateMachine):
    """People try things on one case; every attempt is checked against what availability promised."""

    steady = True  # nobody loses or gains a post while the case runs

    @initialize(chain=chains(), seats=seats)
    def staff_the_office(self, chain: Chain, seats: dict[str, list[str]]) -> None:
        self.office = Office({"own": seats})
        self.now = NOON
        self.begin(chain, 10)
        self.attempt(CLERK, Submit(0, "content"))

    def begin(self, chain: Chain, total: int) -> None:
        self.facts = {"total": total}
        self.case = open_case(chain, CLERK, self.now).case

    @precondition(lambda self: self.case.finished)
    @rule(chain=chains(), total=st.integers(9, 10))
    def begin_another_case(self, chain: Chain, total: int) -> None:
        self.check_replay()
        self.begin(chain, total)

    def answers(self, by: str) -> dict[str, Availability]:
        found = available_actions(self.case, by=by, at=self.now, facts=self.facts, directory=self.office)
        return {each.action: each for each in found}

    def attempt(self, by: str, action: AnyAction) -> Refusal | None:
        """Tries an action; an accepted one must be an honest step, a refused one leaves no trace."""
        self.now += timedelta(minutes=7)
        before = self.case
        try:
            outcome = act(before, action, by=by, at=self.now, facts=self.facts, directory=self.office)
        except Refusal as refusal:
            return self.listed(refusal)
        self.check_step(before, outcome.case, by)
        assert outcome.events == outcome.case.events[len(before.events) :]
        self.case = outcome.case
        return None

    def listed(self, refusal: Refusal) -> Refusal:
        assert set(refusal.params) == set(REFUSALS[refusal.code])
        return refusal

    def check_step(self, before: Case, after: Case, by: str) -> None:
        new = after.events[len(before.events) :]
        assert new
        assert not before.finished
        assert after.version == before.version + 1
        assert {(event.version, event.at, event.by) for event in new} == {(after.version, self.now, by)}
        assert after.events[: len(before.events)] == before.events
        assert after.decisions[: len(before.decisions)] == before.decisions
        folded = before
        for event in new:
            assert from_dict(event.to_dict()) == event
            folded = evolve(folded, event)
        assert folded == after

    @rule(by=people, attempt=attempts)
    def try_anything(self, by: str, attempt: Attempt) -> None:
        self.attempt(by, attempt(self.case.version))

    @rule(by=people, lag=st.sampled_from([-1, 1]))
    def act_on_what_is_no_longer_so(self, by: str, lag: int) -> None:
        refusal = self.attempt(by, Approve(self.case.version + lag, "Đạt"))
        assert refusal is not None
        assert refusal.code == "stale_version"

    def allowed(self, *names: str) -> list[tuple[str, AnyAction]]:
        """Everything that somebody may do now, of these actions."""
        version, found = self.case.version, []
        for by in (CLERK, *STAFF):
            for name, answer in self.answers(by).items():
                if name in names and answer.allowed:
                    found += [(by, action) for action in variants(version, answer)]
        return found

    @rule(data=st.data(), total=st.integers(5, 15))
    def go_forward(self, data: st.DataObject, total: int) -> None:
        if not self.case.in_review:
            self.facts = {"total": total}
        self.do_one_of(data, self.allowed("submit", "approve"))

    @rule(data=st.data())
    def go_backward(self, data: st.DataObject) -> None:
        self.do_one_of(data, self.allowed("return", "recall"))

    def do_one_of(self, data: st.DataObject, allowed: list[tuple[str, AnyAction]]) -> None:
        if allowed:
            by, action = data.draw(st.sampled_from(allowed))
            assert self.attempt(by, action) is None

    @rule(by=people)
    def ask_and_check_every_answer(self, by: str) -> None:
        version, start = self.case.version, self.case
        answers = self.answers(by)
        plain: list[AnyAction] = [
            Submit(version, "content"),
            Approve(version, "Đạt"),
            Return(version, "Thiếu"),
            Reject(version, "Sai"),
            Recall(version),
        ]
        assert list(answers) == [action.name for action in plain]
        targeted = [each for answer in answers.values() if answer.targets for each in variants(version, answer)]
        for action in (*plain, *targeted):
            promised, refusal = answers[action.name].refusal, self.attempt(by, action)
            assert (promised and promised.code) == (refusal and refusal.code)
            self.case = start
        self.check_targets_left_out(by, answers)

    def check_targets_left_out(self, by: str, answers: dict[str, Availability]) -> None:
        for key in {"s0", "s1", "s2"} - set(answers["approve"].targets):
            assert self.attempt(by, Approve(self.case.version, "Đạt", key)) is not None
        for key in {"drafter", *STAGES} - set(answers["return"].targets):
            assert self.attempt(by, Return(self.case.version, "Thiếu", key)) is not None

    @invariant()
    def open_items_exist_only_in_review(self) -> None:
        assert bool(self.case.open_items) == self.case.in_review == (self.case.stage is not None)
        for item in self.case.open_items:
            assert (item.entry, item.round, item.stage) == (self.case.entry, self.case.round, self.case.stage)

    @invariant()
    def items_are_numbered_without_gaps(self) -> None:
        assert [item.number for item in self.case.items] == list(range(1, len(self.case.items) + 1))

    @invariant()
    def every_step_and_every_person_is_decided_at_most_once_per_entry(self) -> None:
        decisions = self.case.decisions
        assert all(n == 1 for n in Counter((each.entry, each.step) for each in decisions).values())
        assert all(n == 1 for n in Counter((each.entry, each.person) for each in decisions).values())
        decided = [item.number for item in self.case.items if item.status == ItemStatus.DECIDED]
        assert sorted(each.item for each in decisions) == decided

    @invariant()
    def nobody_decides_on_his_own_draft(self) -> None:
        drafters = {CLERK}
        for event in self.case.events:
            drafters |= set(event.to_dict().get("drafters", ()))  # type: ignore[call-overload]
            assert event.kind != "item_decided" or event.by not in drafters
            assert event.kind != "item_opened" or event.to_dict()["person"] not in drafters

    @invariant()
    def an_approved_case_was_approved_in_its_last_stage(self) -> None:
        if self.case.status == "approved":
            assert self.case.decisions[-1].verdict == "approve"
            assert self.case.decisions[-1].round == self.case.round

    @precondition(lambda self: self.steady)
    @invariant()
    def somebody_can_always_decide(self) -> None:
        if self.case.in_review:
            assert any(
                answer.allowed
                for by in STAFF
                for name, answer in self.answers(by).items()
                if name in ("approve", "return", "reject")
            )

    def teardown(self) -> None:
        if hasattr(self, "case"):
            self.check_replay()

    def check_replay(self) -> None:
        assert replay(self.case.chain, self.case.events) == self.case


class RestlessWalk(Walk):
    """The same while people lose and gain posts: no rule bends, though a step may wait for a successor."""

    steady = False

    @rule(seats=seats)
    def reshuffle(self, seats: dict[str, list[str]]) -> None:
        self.office = Office({"own": seats})

    @invariant()
    def who_lost_the_post_decides_nothing(self) -> None:
        for item in self.case.open_items:
            if not self.office.holds(item.person, item.post, item.unit):
                mine = [each for each in self.case.open_items if each.person == item.person]
                refused = self.answers(item.person)["approve"].refusal
                assert len(mine) > 1 or (refused is not None and refused.code == "post_not_held")


MODEST = settings(max_examples=200, stateful_step_count=50, deadline=None)
TestWalk = Walk.TestCase
TestWalk.settings = MODEST
TestRestlessWalk = RestlessWalk.TestCase
TestRestlessWalk.settings = settings(MODEST, max_examples=50)
