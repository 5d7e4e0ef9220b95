"""Fills in a document template inside the render child: sandboxed Jinja that can name data and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from jinja2 import BytecodeCache, DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from portal.documents.job import PAGE, RenderFailed
from portal.documents.missing import marked, placed, showing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Undefined
    from jinja2.bccache import Bucket
    from jinja2.runtime import Context

    from portal.documents.job import Missing, RenderJob

FILTERS = frozenset(
    {"d", "default", "e", "escape", "first", "items", "join", "last", "length", "list", "lower", "reverse", "trim"}
    | {"upper"}
)
"""Filters a template may use: none that pads, formats, repeats or marks data as markup."""


LIBRARY = Path(__file__).resolve().parents[2] / "workflows" / "library" / "documents"

MOST_NAMED = 20
"""How many missing values a failure names."""


class _Compiled(BytecodeCache):
    """What the blocks of the library were compiled to before there was a job; what a job brings itself is never kept.

    A block is known by its name and by every letter of it, so one that somebody changed is compiled for his job alone.
    """

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.is_keeping = False

    def load_bytecode(self, bucket: Bucket) -> None:
        """Gives what was kept of the same block."""
        if code := self.kept.get(bucket.key + bucket.checksum):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what was compiled, before the first job."""
        if self.is_keeping:
            self.kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def keep_shipped_blocks() -> None:
    """Compile the blocks that the portal ships, so that the children of this process need not."""
    shipped = {path.name: path.read_text(encoding="utf-8") for path in sorted(LIBRARY.glob("blocks/*.html"))}
    _COMPILED.is_keeping = True
    for name in shipped:
        DocumentEnvironment(shipped).get_template(name)
    _COMPILED.is_keeping = False


class DocumentEnvironment(ImmutableSandboxedEnvironment):
    """Jinja for documents: `a.b` on data is a key and never an attribute, and no operator makes long strings."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, sources: Mapping[str, str], undefined: type[Undefined] = StrictUndefined) -> None:
        super().__init__(loader=DictLoader(sources), undefined=undefined, autoescape=True, bytecode_cache=_COMPILED)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}

    def getattr(self, obj: Any, attribute: str) -> Any | Undefined:
        """Returns the key `attribute` of data, or an attribute of the two things that Jinja itself hands out."""
        if isinstance(obj, LoopContext | TemplateModule):
            return super().getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any | Undefined:
        """Returns the key or index `argument` of data; never an attribute, such as a method of a string."""
        try:
            return obj[argument]
        except LookupError:
            return self.undefined(obj=obj, name=argument)
        except TypeError:
            return self.unsafe_undefined(obj, str(argument))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> NoReturn:  # noqa: ARG002 - Jinja's
        """Refuses the operators that can repeat or format a string."""
        raise SecurityError(f"the operator {operator} is not available")


def fill_in(job: RenderJob) -> str:
    """Returns the page as HTML.

    Raises:
        RenderFailed: `template_syntax`, `template_forbidden`, `missing_value` (which names all of them),
            `template_failed` or `output_too_large`.
    """
    try:
        return _filled(DocumentEnvironment(_sources(job)), job.data, job.limits.html_letters)
    except RenderFailed as failed:
        if failed.code != "missing_value":
            raise
        raise RenderFailed(failed.code, _all_missing(job) or failed.detail) from failed


def _all_missing(job: RenderJob) -> str:
    """Each missing value by its whole name, a line each; empty where even a trial breaks off."""
    try:
        missing = fill_in_trial(job)[1]
    except RenderFailed:
        return ""
    return "\n".join(f"{each.template}:{each.line}: {each.name}" for each in missing[:MOST_NAMED])


def fill_in_trial(job: RenderJob) -> tuple[str, tuple[Missing, ...]]:
    """Returns the page of a trial with what its data lack in red, and what that is.

    Raises:
        RenderFailed: As `fill_in`; `missing_value` only for what is called.
    """
    found: dict[Missing, None] = {}
    environment = DocumentEnvironment(_sources(job), showing(found))
    page = _filled(environment, placed(job.data, "doc"), job.limits.html_letters)
    return marked(page), tuple(found)


def _sources(job: RenderJob) -> dict[str, str]:
    return {**job.blocks, PAGE: job.template}


def _filled(environment: DocumentEnvironment, data: Mapping[str, object], room: int) -> str:
    try:
        return _collected(environment, data, room)
    except TemplateSyntaxError as error:
        raise RenderFailed("template_syntax", f"{error.name or PAGE}:{error.lineno}: {error.message}") from error
    except SecurityError as error:
        raise RenderFailed("template_forbidden", _placed(error)) from error
    except UndefinedError as error:
        raise RenderFailed("missing_value", _placed(error)) from error
    except SyntaxError as error:  # more loops in each other than Python can run
        raise RenderFailed("template_failed", str(error.msg)) from error
    except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError, RecursionError) as error:
        raise RenderFailed("template_failed", _placed(error)) from error


def _collected(environment: DocumentEnvironment, data: Mapping[str, object], room: int) -> str:
    pieces: list[str] = []
    left = room
    for piece in environment.get_template(PAGE).generate(doc=data):
        left -= len(piece)
        if left < 0:
            raise RenderFailed("output_too_large", f"more than {room} letters of HTML")
        pieces.append(piece)
    return "".join(pieces)


def _placed(error: Exception) -> str:
    """Says where in the templates an error arose; Jinja rewrites tracebacks to their lines."""
    place, trace = PAGE, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            place = f"{trace.tb_frame.f_globals.get('name', PAGE)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{place}: {error}"
