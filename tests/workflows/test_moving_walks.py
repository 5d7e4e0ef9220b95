"""Random walks in which cases are moved to other versions of their chain: no rule bends, nothing is lost."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from tests.workflows.office import ADMIN
from tests.workflows.strolls import STAGES, WHY, chains
from tests.workflows.test_walks import MODEST, Walk
from workflows.actions import Migrate
from workflows.case import Case, ItemStatus
from workflows.definition import RETROSPECTIVE, Chain
from workflows.history import replay, retrace


class MovingWalk(Walk):
    """The same with an administrator who moves the case to versions that have little in common."""

    @precondition(lambda self: not self.case.finished)
    @rule(other=chains(), to=st.sampled_from((None, *STAGES, RETROSPECTIVE)))
    def move(self, other: Chain, to: str | None) -> None:
        """Moves it; where that cannot be, nothing changes."""
        before = self.case
        was = next((key for key, known in before.versions.items() if known == before.chain), "first")
        key = f"at {before.version}"
        refusal = self.attempt(ADMIN, Migrate(before.version, other, key, was, to, WHY))
        assert (self.case.chain == other) == (refusal is None or refusal.code == "same_version")
        if refusal is None:
            self.check_nothing_is_lost(before)

    def check_nothing_is_lost(self, before: Case) -> None:
        """What waits belongs to the new version, what was decided stays as it was, and whoever is bound stays so."""
        for item in self.case.pending_items:
            self.case.chain.stage(item.stage).step(item.step)
        again = [each for each in self.case.decisions[len(before.decisions) :] if each.kept_from]
        assert len(again) == len(self.case.decisions) - len(before.decisions)
        assert {each.person for each in again} <= {each.person for each in before.entry_decisions}
        assert self.case.status == before.status or self.case.finished
        assert all(
            self.case.items[n].status != ItemStatus.DECIDED or item.status == ItemStatus.DECIDED
            for n, item in enumerate(before.items)
        )

    @invariant()
    def what_a_reviewer_changed_is_decided_on_by_others(self) -> None:
        """Which stage comes before which is not told by keys of another version; who is barred is."""
        for edit in self.case.edits:
            for item in self.case.open_items:
                if item.stage != edit.stage and item.role == "decide" and item.added_by is None:
                    assert not item.people & edit.people

    @invariant()
    def each_state_is_found_again(self) -> None:
        if self.case.versions:
            assert list(retrace(self.case))[-1] == self.case

    def check_replay(self) -> None:
        first = next(iter(retrace(self.case)))
        assert replay(first.chain, self.case.events, self.case.versions) == self.case


TestMovingWalk = MovingWalk.TestCase
TestMovingWalk.settings = settings(MODEST, max_examples=max(1, MODEST.max_examples // 4))
