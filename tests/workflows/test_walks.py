"""Random walks: whatever people try, in whatever order, on whatever chain, the rules that never bend hold."""

import json
import os
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.workflows.counting import base_slots, completable, needed
from tests.workflows.office import ADMIN, CLERK, NOON, Office, Seats
from tests.workflows.strolls import (
    ACTIONS,
    BRINGING_IN,
    ON_STEPS,
    PEOPLE,
    PLACES,
    SECTIONS,
    STEPS,
    WHY,
    Attempt,
    Choice,
    attempts,
    carried_out,
    chains,
    people,
    seats,
    tried,
)
from workflows.actions import Advise, AnyAction, Approve, Reseat, Return, Submit
from workflows.availability import Availability, available_actions
from workflows.case import Case, ItemStatus, altered
from workflows.definition import Chain, choice_key
from workflows.eligibility import eligible
from workflows.engine import act, open_case
from workflows.errors import REFUSALS, Refusal
from workflows.event import Event
from workflows.events import (
    ApprovalKept,
    CaseSubmitted,
    ContentEdited,
    EmergencyApproved,
    ItemClosed,
    ItemDecided,
    ItemOpened,
    ItemPassed,
    StageCompleted,
    VoteLost,
)
from workflows.history import evolve, from_dict, replay

FORWARD = ("approve", "advise", "resume")
SHARING = ("delegate", "add_reviewer", "ask_opinion", "claim", "release")
ASIDE = ("accept", "reassign", "suspend", "approve_in_emergency")
BACK = ("return", "reject", "recall", "request_recall")
ANEW = ("submit", "reopen")
WORK = (*FORWARD, *SHARING, *ASIDE, *BACK, *ANEW)
NEWCOMERS = {"to_oneself", "drafted_it", "has_decided", "has_item", "outsider"}


class Walk(RuleBasedStateMachine):
    """People try things on one case; every attempt is checked against what availability promised."""

    steady = True  # nobody loses or gains a post while the case runs

    @initialize(chain=chains(), seats=seats, trust=st.lists(st.tuples(people, people), max_size=3, unique=True))
    def staff_the_office(self, chain: Chain, seats: Seats, trust: list[tuple[str, str]]) -> None:
        self.office = Office(seats, [f"{one}>{other}" for one, other in trust])
        self.now = NOON
        self.begin(chain, 10)

    def begin(self, chain: Chain, total: int) -> None:
        self.facts = {"total": total}
        self.case = open_case(chain, CLERK, self.now).case
        self.attempt(CLERK, Submit(0, "x", chosen=self.choice(), sections=SECTIONS))

    def choice(self) -> Choice:
        """People for every step that wants some chosen, as many as it takes."""
        wanted = [(stage, step) for stage in self.case.chain.stages for step in stage.steps]
        found: dict[str, tuple[str, ...]] = {}
        for stage, step in wanted:
            if step.share.kind == "chosen":
                able = [each.person for each in eligible(step.owner, self.office, self.case.drafters)]
                found[choice_key(stage, step)] = tuple(able[: step.share.most])
        return found

    def answers(self, by: str) -> dict[str, Availability]:
        found = available_actions(
            self.case, by=by, at=self.now, facts=self.facts, directory=self.office, chosen=self.choice()
        )
        return {each.action: each for each in found}

    def refusal(self, by: str, action: AnyAction) -> Refusal | None:
        """Why an action would be refused; whatever happens is forgotten."""
        start = self.case
        refusal = self.attempt(by, action)
        self.case = start
        return refusal

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
        assert not before.finished or [event.kind for event in new] == ["case_reopened"]
        assert after.version == before.version + 1
        assert {(event.version, event.at, event.by) for event in new} == {(after.version, self.now, by)}
        assert after.events[: len(before.events)] == before.events
        assert after.decisions[: len(before.decisions)] == before.decisions
        folded = altered(before, versions=after.versions)
        for event in new:
            assert from_dict(json.loads(json.dumps(event.to_dict()))) == event
            self.check_end_of_stage(folded, event)
            folded = evolve(folded, event)
        assert folded == after

    def check_end_of_stage(self, case: Case, event: Event) -> None:
        """A stage is complete with what it needs and all who were added; a vote is lost when that is out of reach."""
        if isinstance(event, StageCompleted):
            slots = base_slots(case)
            said = [each for each in case.entry_decisions if each.verdict in ("approve", "advise")]
            assert len(slots & {each.slot for each in said}) >= needed(case)
            added = [item for item in case.entry_items if item.added_by and item.role == "decide"]
            passed = {each.item for each in case.events if isinstance(each, ItemPassed)}
            passed |= {each.item for each in case.events if isinstance(each, ItemClosed) and each.cause == "seat_lost"}
            heard = (item.status == ItemStatus.DECIDED or item.people & case.bound_people for item in added)
            assert all(is_heard or item.number in passed for is_heard, item in zip(heard, added, strict=True))
        if isinstance(event, VoteLost):
            assert not completable(case)

    # -- what people do ------------------------------------------------------------------------------------------

    @rule(data=st.data(), times=st.integers(1, 3))
    def work(self, data: st.DataObject, times: int) -> None:
        """Has some of those concerned do what they may."""
        for _ in range(times):
            if self.case.stage is None:
                self.begin_again(data)
            else:
                names = data.draw(st.sampled_from([FORWARD, FORWARD, SHARING, SHARING, ASIDE, BACK]))
                self.do_one_of(data, self.somebody(data), names)

    def begin_again(self, data: st.DataObject) -> None:
        """Goes on with a case that no reviewer has, or with another one."""
        total = data.draw(st.integers(9, 10))
        if not self.case.round or (self.case.finished and data.draw(st.booleans())):
            self.check_replay()
            self.begin(data.draw(chains()), total)
        else:
            self.facts = {"total": total}
            self.do_one_of(data, ADMIN if self.case.finished else CLERK, ANEW)

    def somebody(self, data: st.DataObject) -> str:
        """One of those whom the case concerns now, mostly one who has an open item."""
        owners = sorted({item.person for item in self.case.open_items})
        emergency = self.case.chain.emergency
        trusted = [each.person for each in self.office.candidates(emergency.owner)] if emergency else []
        return data.draw(st.sampled_from([*owners * 3, CLERK, ADMIN, *trusted[:1]]))

    def do_one_of(self, data: st.DataObject, by: str, names: Sequence[str]) -> None:
        """Has somebody do what he may, of these actions if possible."""
        answers = self.answers(by)
        allowed = [answers[name] for name in WORK if answers[name].allowed]
        found = [each for each in allowed if each.action in names] or allowed
        if found:
            answer = data.draw(st.sampled_from(found))
            action = data.draw(st.sampled_from(carried_out(self.case.version, answer, self.choice())))
            assert self.attempt(by, action) is None

    @rule(data=st.data(), stranger=people, attempt=attempts)
    def try_anything(self, data: st.DataObject, stranger: str, attempt: Attempt) -> None:
        by = data.draw(st.sampled_from([stranger, self.somebody(data)]))
        self.attempt(by, attempt(self.case.version, self.choice()))

    # -- what they are told --------------------------------------------------------------------------------------

    @rule(data=st.data(), stranger=people, is_strange=st.sampled_from([False, False, True]))
    def ask_and_check_every_answer(self, data: st.DataObject, stranger: str, is_strange: bool) -> None:  # noqa: FBT001
        by = stranger if is_strange else self.somebody(data)
        self.check_stale(by)
        answers = self.answers(by)
        assert sorted(answers) == sorted(ACTIONS)
        for answer in answers.values():
            if answer.refusal is None:
                self.check_allowed(by, answer)
            else:
                self.check_refused(by, answer.action, answer.refusal)

    def check_stale(self, by: str) -> None:
        for version in (self.case.version - 1, self.case.version + 1):
            refusal = self.refusal(by, Approve(version))
            assert refusal is not None
            assert refusal.code == "stale_version"

    def check_allowed(self, by: str, answer: Availability) -> None:
        for action in carried_out(self.case.version, answer, self.choice()):
            assert self.refusal(by, action) is None
        self.check_what_is_left_out(by, answer)

    def check_what_is_left_out(self, by: str, answer: Availability) -> None:
        version, name, newcomers = self.case.version, answer.action, {each.person for each in answer.people}
        left_out: list[AnyAction] = []
        if name == "return":
            left_out += [Return(version, WHY, key) for key in PLACES if key not in answer.targets]
        if name in ON_STEPS:
            left_out += [ON_STEPS[name](version, key) for key in STEPS if key not in answer.targets]
        if name in BRINGING_IN:
            left_out += [BRINGING_IN[name](version, who, None) for who in PEOPLE if who not in newcomers]
        for action in left_out:
            assert self.refusal(by, action) is not None

    def check_refused(self, by: str, name: str, promised: Refusal) -> None:
        is_about_newcomers = promised.code == "nobody_to_bring_in"
        expected = NEWCOMERS if is_about_newcomers else {promised.code}
        for who in PEOPLE if is_about_newcomers else PEOPLE[-1:]:
            refusal = self.refusal(by, tried(self.case, name, who, self.choice()))
            assert refusal is not None
            assert refusal.code in expected
        for key in STEPS if name in ON_STEPS else ():
            assert self.refusal(by, ON_STEPS[name](self.case.version, key)) is not None

    # -- what always holds ---------------------------------------------------------------------------------------

    @invariant()
    def items_are_pending_while_a_case_is_in_a_stage(self) -> None:
        in_stage = self.case.status in ("in_review", "suspended")
        assert bool(self.case.open_items) == bool(self.case.pending_items) == in_stage
        assert (self.case.stage is not None) == in_stage
        for item in self.case.pending_items:
            assert (item.entry, item.round, item.stage) == (self.case.entry, self.case.round, self.case.stage)

    @invariant()
    def items_are_numbered_without_gaps(self) -> None:
        assert [item.number for item in self.case.items] == list(range(1, len(self.case.items) + 1))

    @invariant()
    def who_waits_waits_for_somebody(self) -> None:
        slots = {item.slot for item in self.case.pending_items}
        for item in self.case.pending_items:
            assert item.status == ItemStatus.OPEN or item.until in slots

    @invariant()
    def nobody_has_two_items_of_a_slot_and_no_slot_two_claims(self) -> None:
        pending = self.case.pending_items
        assert all(n == 1 for n in Counter((item.slot, item.person) for item in pending).values())
        assert all(n == 1 for n in Counter(item.slot for item in pending if item.claimed).values())

    @invariant()
    def every_slot_is_decided_at_most_once_per_entry(self) -> None:
        decisions = self.case.decisions
        assert all(n == 1 for n in Counter((each.entry, each.slot) for each in decisions).values())
        decided = [item.number for item in self.case.items if item.status == ItemStatus.DECIDED]
        assert sorted(each.item for each in decisions) == decided

    @invariant()
    def nobody_decides_twice_in_an_entry_however_delegated(self) -> None:
        verdicts = [self.case.item(each.item) for each in self.case.decisions if each.decides]
        for one, other in combinations(verdicts, 2):
            assert one.entry != other.entry or not one.people & other.people

    @invariant()
    def who_has_decided_has_nothing_more_to_decide(self) -> None:
        verdicts = [self.case.item(each.item) for each in self.case.entry_decisions if each.decides]
        bound = {person for item in verdicts for person in item.people}
        assert not any(item.people & bound for item in self.case.pending_items if item.role == "decide")

    @invariant()
    def who_approved_at_once_decides_no_more_in_the_round(self) -> None:
        hasty = None
        for event in self.case.events:
            if isinstance(event, CaseSubmitted):
                hasty = None
            if isinstance(event, EmergencyApproved):
                hasty = event.by
            assert hasty is None or not isinstance(event, ItemOpened) or hasty not in (event.person, event.instead_of)

    @invariant()
    def nobody_decides_on_his_own_draft(self) -> None:
        drafters = {CLERK}
        for event in self.case.events:
            if isinstance(event, CaseSubmitted):
                drafters |= set(event.drafters)
            assert not isinstance(event, ItemDecided) or event.by not in drafters
            assert not isinstance(event, ItemOpened) or not {event.person, event.instead_of} & drafters

    @invariant()
    def an_approval_stays_only_for_what_it_was_given_to(self) -> None:
        content, given = "", dict[int, tuple[str, str, str]]()
        for event in self.case.events:
            if isinstance(event, CaseSubmitted | ContentEdited):
                content = event.content_hash
            if isinstance(event, ItemDecided):
                given[event.item] = (event.by, event.verdict, content)
            if isinstance(event, ApprovalKept):
                assert given[event.of] == (event.person, "approve", content)
                assert self.case.item(event.of).round == event.round < self.case.item(event.item).round

    @invariant()
    def what_a_reviewer_changed_is_decided_on_by_others(self) -> None:
        keys = [stage.key for stage in self.case.chain.every_stage]
        changed: list[tuple[str, str]] = []
        for event in self.case.events:
            if isinstance(event, ContentEdited):
                item = self.case.item(event.item)
                assert set(event.edited) <= set(self.case.chain.stage(item.stage).step(item.step).edits)
                changed.append((item.stage, event.by))
            if isinstance(event, ItemDecided):
                stage = self.case.item(event.item).stage
                earlier = {by for at, by in changed if keys.index(at) < keys.index(stage)}
                assert event.by not in earlier

    @invariant()
    def an_approved_case_was_approved_in_its_last_round(self) -> None:
        if self.case.status == "approved":
            assert self.case.decisions[-1].verdict in ("approve", "advise")
            assert "approve" in [each.verdict for each in self.case.round_verdicts]

    @invariant()
    def what_a_stage_needs_can_be_reached(self) -> None:
        assert self.case.stage is None or completable(self.case)

    @precondition(lambda self: self.steady)
    @invariant()
    def somebody_can_always_go_on(self) -> None:
        """Approves or advises, unless that takes the case to a stage that nobody can take."""
        if self.case.in_review:
            owners = sorted({item.person for item in self.case.open_items})
            say = (Approve(self.case.version, WHY), Advise(self.case.version, WHY))
            refusals = (self.refusal(by, action) for by in owners for action in say)
            assert any(each is None or each.code == "nobody_eligible" for each in refusals)

    def teardown(self) -> None:
        if hasattr(self, "case"):
            self.check_replay()

    def check_replay(self) -> None:
        assert replay(self.case.chain, self.case.events) == self.case


class RestlessWalk(Walk):
    """The same while people lose and gain posts: no rule bends, though a step may wait for a successor."""

    steady = False

    @rule(seats=seats, trust=st.lists(st.tuples(people, people), max_size=4, unique=True), is_told=st.booleans())
    def reshuffle(self, seats: Seats, trust: list[tuple[str, str]], is_told: bool) -> None:  # noqa: FBT001
        """Other people hold the posts, others stand in for them, and the portal asks anew or has not yet."""
        self.office = Office(seats, [f"{one}>{other}" for one, other in trust])
        if is_told and self.case.stage:
            self.attempt(ADMIN, Reseat(self.case.version))

    @precondition(lambda self: self.case.in_review)
    @invariant()
    def who_lost_the_post_decides_nothing(self) -> None:
        for item in self.case.open_items:
            if not self.office.holds(item.person, item.post, item.unit):
                say = Advise if item.role == "advise" else Approve
                refusal = self.refusal(item.person, say(self.case.version, WHY, item.step))
                assert refusal is not None
                assert refusal.code in ("post_not_held", "claimed")


MODEST = settings(
    max_examples=int(os.environ.get("WALK_EXAMPLES", "200")),
    stateful_step_count=int(os.environ.get("WALK_STEPS", "50")),
    deadline=None,
)
TestWalk = Walk.TestCase
TestWalk.settings = MODEST
TestRestlessWalk = RestlessWalk.TestCase
TestRestlessWalk.settings = settings(MODEST, max_examples=max(1, MODEST.max_examples // 4))
