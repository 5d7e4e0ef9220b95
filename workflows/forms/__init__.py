"""Forms as data: definitions, tolerant reading, and the gate that a submission has to pass."""

from workflows.forms.beginning import begin, taken_over
from workflows.forms.canonical import canonical_json, content_hash
from workflows.forms.change import Change, change
from workflows.forms.definition import parse_form
from workflows.forms.entry import read, text_of, write
from workflows.forms.fieldtypes import TYPES
from workflows.forms.gate import check
from workflows.forms.given import given_answers
from workflows.forms.notation import percent, write_date, write_number
from workflows.forms.offering import offering
from workflows.forms.samples import sample
from workflows.forms.schema import (
    Choice,
    Context,
    Field,
    Form,
    Heading,
    Pattern,
    Reading,
    Rule,
    Scalar,
    Section,
    Target,
    Values,
)
from workflows.forms.settling import Settled, facts, settle

__all__ = [
    "TYPES",
    "Change",
    "Choice",
    "Context",
    "Field",
    "Form",
    "Heading",
    "Pattern",
    "Reading",
    "Rule",
    "Scalar",
    "Section",
    "Settled",
    "Target",
    "Values",
    "begin",
    "canonical_json",
    "change",
    "check",
    "content_hash",
    "facts",
    "given_answers",
    "offering",
    "parse_form",
    "percent",
    "read",
    "sample",
    "settle",
    "taken_over",
    "text_of",
    "write",
    "write_date",
    "write_number",
]
