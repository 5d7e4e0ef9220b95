"""Answers that a template of documents prints by name, and whether the forms that lead to it ask for them.

What is checked here is what is in force, with the drafts that are published together; what is offered to whoever draws
a template is what there will be once all drafts are in force.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import nodes

from portal.definitions.paths import things
from portal.definitions.phrases import answers_in, phrases_of, rows_in
from portal.definitions.service import in_force_or_drafted
from portal.definitions.syntax import ANSWERS, ENVIRONMENT
from portal.definitions.templates import check_template
from workflows.errors import DefinitionError, Finding
from workflows.forms import content_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from portal.definitions.inforce import InForce
    from portal.definitions.models import Definition
    from workflows.definition import Chain
    from workflows.forms import Form

NOT_IN_WORDS = frozenset({"table", "attachment"})
"""Types whose answers no sentence can hold; tables are printed as tables."""


class Named(NamedTuple):
    """An answer that a template names.

    Attributes:
        path: where in its body.
        name: of the question.
    """

    path: str
    name: str


SHORT = frozenset(f"metadata.wording.{part}" for part in ("subject", "urgency", "secretary"))
"""Where answers have to be short: above a document and in every list of them, in a stamp, under a signature."""

NAMES = frozenset({"text", "long_text", "choice"})
"""Types of columns whose rows can be addressees."""

LONG = frozenset({"long_text", "rich_text"})

_NAMED: dict[str, list[Named]] = {}
"""What bodies name, by their hash: a page of a template asks several times, and reading Jinja takes longest."""

MOST_NAMED = 300


def named_in(body: Any) -> list[Named]:
    """The answers that a template prints by name, in its phrases and in its text; none while it is not sound.

    Args:
        body: of a document, however wrong.
    """
    try:
        sha256 = content_hash(body)
    except (TypeError, ValueError):  # nothing that could be stored
        return []
    if sha256 not in _NAMED:
        if len(_NAMED) >= MOST_NAMED:
            _NAMED.clear()
        _NAMED[sha256] = _named(body)
    return _NAMED[sha256]


def _named(body: Any) -> list[Named]:
    try:
        check_template(body)
    except DefinitionError:
        return []
    texts = {**body["blocks"], "template": body["template"]}
    phrases = phrases_of(body["metadata"]["wording"])
    found = [Named(f"metadata.wording.{part}", name) for part, text in phrases for name in answers_in(text)]
    found += [Named(path, name) for path, text in texts.items() for name in _read_by(text)]
    return list(dict.fromkeys(found))


def _printed_in(body: Any) -> list[Named]:
    """Those, and the columns of tables whose rows are addressees, as `table.column`."""
    named = named_in(body)
    try:
        lines = body["metadata"]["wording"]["addressees"]
        places = [(number, rows_in(line)) for number, line in enumerate(lines)]
    except (KeyError, TypeError):  # a template that is not sound names nothing
        return named
    rows = [(f"metadata.wording.addressees[{number}]", place) for number, place in places if place]
    return [*named, *(Named(path, ".".join(place)) for path, place in rows)]


def _read_by(text: str) -> Iterator[str]:
    """What Jinja takes from `answers`, whatever the document is called there: a block is handed it as a parameter."""
    for each in ENVIRONMENT.parse(text).find_all(nodes.Getattr):
        if isinstance(each.node, nodes.Getattr) and each.node.attr == ANSWERS:
            yield each.attr


def said_in_words(form: Form) -> frozenset[str]:
    """The questions of a form whose answers a template can print by name."""
    return frozenset(name for name, field in form.fields.items() if field.type not in NOT_IN_WORDS)


def of_document(there: InForce, body: Mapping[str, Any]) -> Iterator[Finding]:
    """Answers that a template names and that a form which leads to it does not ask for.

    Args:
        there: what is in force.
        body: of a sound template.
    """
    named = _printed_in(body)
    if not named:
        return
    for form in _leading_to(there, body["metadata"]["key"]):
        for each in _unasked(named, form):
            yield Finding(each.path, "no_such_question", {"name": each.name, "form": dict(form.name)})


def of_chain(there: InForce, chain: Chain, forms: Iterable[Form]) -> Iterator[Finding]:
    """Templates of a chain that name what its forms do not ask for.

    Args:
        there: what is in force.
        chain: the chain.
        forms: those that it is for.
    """
    known = list(forms)
    for number, rule in enumerate(chain.issues):
        named = _named_by(there, rule.document)
        for form in known if named else ():
            for name in sorted({each.name for each in _unasked(named, form)}):
                params = {"name": name, "form": dict(form.name)}
                yield Finding(f"issues[{number}].document", "no_such_question", params)


def of_form(there: InForce, form: Form) -> Iterator[Finding]:
    """Answers that a template to which a form leads names, and that the form does not ask for.

    Args:
        there: what is in force.
        form: the form.
    """
    leading = (chain for chain in there.chains() if form.key in chain.forms)
    for key in sorted({rule.document for chain in leading for rule in chain.issues}):
        for name in sorted({each.name for each in _unasked(_named_by(there, key), form)}):
            template = there.of("document")[key]
            yield Finding("sections", "answer_printed", {"name": name, "document": dict(template.name)})


def _named_by(there: InForce, document: str) -> list[Named]:
    template = there.of("document").get(document)
    return _printed_in(template.body) if template else []


def _unasked(named: Iterable[Named], form: Form) -> Iterator[Named]:
    asked = said_in_words(form) | _columns(form)
    short = {name for name in said_in_words(form) if form.fields[name].type not in LONG}
    return (each for each in named if each.name not in (short if each.path in SHORT else asked))


def _columns(form: Form) -> frozenset[str]:
    """The columns of its tables in which names can stand, as `table.column`."""
    tables = (field for field in form.fields.values() if field.type == "table")
    return frozenset(
        f"{table.name}.{column.name}" for table in tables for column in table.columns if column.type in NAMES
    )


def _leading_to(there: InForce, document: str) -> Iterator[Form]:
    """The forms of chains that issue a document, each once."""
    issuing = (chain for chain in there.chains() if any(rule.document == document for rule in chain.issues))
    return there.forms(dict.fromkeys(form for chain in issuing for form in chain.forms))


# -- what is offered -------------------------------------------------------------------------------------------


def forms_about(session: Session, document: Any) -> list[Definition]:
    """The forms about which a template makes documents; a draft stands for what is in force.

    Args:
        session: any transaction.
        document: the key of the template, or anything else that its body says there.
    """
    chains = [chain.body for chain in in_force_or_drafted(session, "chain")]
    leading = [
        body for body in chains if any(each["document"] == document for each in things(body, "issues", "document"))
    ]
    named = (body.get("forms") for body in leading)
    keys = {key for forms in named if isinstance(forms, list) for key in forms if isinstance(key, str)}
    return in_force_or_drafted(session, "form", keys) if keys else []


def questions_in(form: Any) -> dict[str, dict[str, Any]]:
    """The questions of a form whose answers a template can print, by name, as the form has them.

    Args:
        form: its body, however wrong.
    """
    fields = (field for section in things(form, "sections") for field in things(section, "fields", "name"))
    return {each["name"]: each for each in fields if str(each.get("type")) not in NOT_IN_WORDS}


def questions_about(session: Session, document: Any) -> dict[str, dict[str, Any]]:
    """The questions of all forms about which a template makes documents, by name; arguments as `forms_about`."""
    forms = [questions_in(form.body) for form in forms_about(session, document)]
    return {name: field for questions in forms for name, field in questions.items()}


def asked_by_all(session: Session, document: Any) -> dict[str, dict[str, Any]]:
    """Those of them that every one of the forms asks, as the first has them; arguments as `forms_about`."""
    first, *others = [questions_in(form.body) for form in forms_about(session, document)] or [{}]
    return {name: field for name, field in first.items() if all(name in each for each in others)}
