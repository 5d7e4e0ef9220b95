"""One case carried out twice: by the engine, and by SpiffWorkflow on what the chain looks like in BPMN."""

from collections import Counter
from collections.abc import Mapping

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, BpmnValidator
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from tests.workflows.office import CLERK, Desk, Office
from workflows.actions import Advise, Approve, Reject, Return, Submit
from workflows.bpmn.writing import written
from workflows.case import Item
from workflows.definition import DRAFTER, Chain, Verdict, choice_key
from workflows.eligibility import eligible
from workflows.guards import Scalar

WHY = "Theo quy định"
OVER = ("approved", "rejected")


def validator() -> BpmnValidator:
    """The schema of BPMN 2.0, as SpiffWorkflow brings it along."""
    return BpmnValidator()


def loaded(text: str, process: str) -> BpmnWorkflow:
    """Begins a process of a file, up to where somebody has to do something."""
    parser = BpmnParser(validator=validator())
    parser.add_bpmn_str(text.encode())
    process_spec = parser.get_spec(process)
    workflow = BpmnWorkflow(process_spec, parser.get_subprocess_specs(process))
    workflow.do_engine_steps()
    return workflow


class Mirror:
    """Does everything on both sides; after each act both must wait for the same.

    Attributes:
        desk: The case in the engine.
        workflow: The same in SpiffWorkflow.
        path: What was decided so far, by the ids of the tasks.
    """

    def __init__(self, chain: Chain, office: Office, facts: Mapping[str, Scalar] | None = None) -> None:
        self.chain = chain
        self.office = office
        self.desk = Desk(chain, office, dict(facts or {}))
        self.workflow = loaded(written(chain), f"chain.{chain.key}")
        self.path: list[str] = []
        self.compare()

    # -- what is waited for --------------------------------------------------------------------------------------

    @property
    def ready(self) -> list[Task]:
        """The tasks that wait for somebody in SpiffWorkflow."""
        return self.workflow.get_tasks(state=TaskState.READY, manual=True)

    @property
    def waiting(self) -> Counter[str]:
        """The tasks of the file that the engine waits for, by id and how often."""
        case = self.desk.case
        if case.status in OVER:
            return Counter()
        slots = {(item.step, item.slot) for item in case.pending_items}
        return Counter(self.task(step) for step, _ in slots) or Counter([DRAFTER])

    def task(self, step: str) -> str:
        """The id of the task of a step in the present stage."""
        stage = self.chain.stage(str(self.desk.case.stage))
        is_plain = len(stage.steps) == 1 and stage.steps[0].share.kind == "one"
        return f"stage.{stage.key}" if is_plain else f"step.{stage.key}.{step}"

    def compare(self) -> None:
        """Both sides wait for the same, or came to the same end."""
        found = Counter(task.task_spec.name.removesuffix(" [child]") for task in self.ready)
        assert found == self.waiting, self.path
        is_over = self.desk.case.status in OVER
        assert self.workflow.completed == is_over, self.path
        if is_over:
            reached = [
                name
                for name in OVER
                for task in self.workflow.get_tasks(spec_name=name)
                if task.state is TaskState.COMPLETED
            ]
            assert reached == [self.desk.case.status]

    # -- what is done --------------------------------------------------------------------------------------------

    def people(self, *kinds: str) -> dict[str, tuple[str, ...]]:
        """Those who share each step of these kinds, as many of them as may be chosen."""
        steps = [(stage, step) for stage in self.chain.stages for step in stage.steps if step.share.kind in kinds]
        able = {
            choice_key(stage, step): [each.person for each in eligible(step.owner, self.office, {CLERK})]
            for stage, step in steps
        }
        most = {choice_key(stage, step): step.share.most for stage, step in steps if step.share.kind == "chosen"}
        return {key: tuple(people[: most.get(key)]) for key, people in able.items()}

    def submit(self) -> None:
        """The drafter submits; in BPMN he says what is known of the content, and who the people are."""
        content = f"content {len(self.path)}"
        self.desk.do(CLERK, Submit(self.desk.case.version, content, chosen=self.people("chosen")))
        self.lay_before()

    def lay_before(self) -> None:
        """The same, in SpiffWorkflow alone."""
        people = {key: list(each) for key, each in self.people("each", "chosen").items()}
        self.complete(DRAFTER, {"facts": dict(self.desk.facts), "people": people})

    def decide(self, item: Item, verdict: Verdict, to: str = DRAFTER) -> None:
        """Somebody decides a work item, and the task that stands for it is done."""
        task, version = self.task(item.step), self.desk.case.version
        actions = {
            "approve": Approve(version, WHY, item.step),
            "return": Return(version, WHY, to, item.step),
            "reject": Reject(version, WHY, item.step),
            "advise": Advise(version, WHY, item.step),
        }
        # A vote in a sub-process says itself where it returns to; where one person votes, his task asks him for it.
        is_asked = task.startswith("stage.") or self.chain.stage(item.stage).refusal == "at_once"
        told = {"return_to": to} if verdict == "return" and is_asked else {}
        self.desk.do(item.person, actions[verdict])
        self.complete(task, {"outcome": verdict, **told})

    def complete(self, name: str, data: Mapping[str, object]) -> None:
        """Does a task in SpiffWorkflow, and compares."""
        found = next(task for task in self.ready if task.task_spec.name.removesuffix(" [child]") == name)
        found.data.update(data)
        found.run()
        self.workflow.do_engine_steps()
        self.path.append(f"{name}: {data.get('outcome', 'submit')}")
        self.compare()

    def go_on(self, verdict: Verdict = "approve") -> None:
        """The first of those who are asked decides; who only advises gives his opinion."""
        item = self.desk.case.open_items[0]
        self.decide(item, verdict if item.role == "decide" else "advise")

    def approve_all(self) -> None:
        """Everybody agrees until the case is approved."""
        while self.desk.case.status not in OVER:
            self.go_on()
