"""Answers that a template of documents prints by name, and whether the forms that lead to it ask for them.

What is checked here is what is in force, with the drafts that are published together; what is offered to whoever draws
a template is what there will be once all drafts are in force.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import nodes

from portal.definitions.paths import things
from portal.definitions.phrases import answers_in
from portal.definitions.service import in_force_or_drafted
from portal.definitions.syntax import ENVIRONMENT
from portal.definitions.templates import check_template
from workflows.errors import DefinitionError, Finding

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


def named_in(body: Mapping[str, Any]) -> list[Named]:
    """The answers that a template prints by name, in its phrases and in its text; none while it is not sound.

    Args:
        body: of a document, however wrong.
    """
    try:
        check_template(body)
    except DefinitionError:
        return []
    said = body["metadata"]["wording"]
    phrases = {"subject": said["subject"], "closing": said["closing"]}
    phrases |= {f"opening[{number}]": text for number, text in enumerate(said["opening"])}
    texts = {**body["blocks"], "template": body["template"]}
    found = [Named(f"metadata.wording.{part}", name) for part, text in phrases.items() for name in answers_in(text)]
    found += [Named(path, name) for path, text in texts.items() for name in _read_by(text)]
    return list(dict.fromkeys(found))


def _read_by(text: str) -> Iterator[str]:
    """What Jinja takes from `answers`, whatever the document is called there: a block is handed it as a parameter."""
    for each in ENVIRONMENT.parse(text).find_all(nodes.Getattr):
        if isinstance(each.node, nodes.Getattr) and each.node.attr == "answers":
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
    named = named_in(body)
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
    return named_in(template.body) if template else []


def _unasked(named: Iterable[Named], form: Form) -> Iterator[Named]:
    asked = said_in_words(form)
    return (each for each in named if each.name not in asked)


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


def questions_about(session: Session, document: Any) -> dict[str, dict[str, Any]]:
    """The questions whose answers a template can print, by name, as the forms have them; arguments as `forms_about`."""
    sections = (section for form in forms_about(session, document) for section in things(form.body, "sections"))
    fields = (field for section in sections for field in things(section, "fields", "name"))
    return {each["name"]: each for each in fields if each.get("type") not in NOT_IN_WORDS}
