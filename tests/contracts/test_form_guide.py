"""The guide for authors of forms names every type and option there is, and its examples can be published."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import config
from tests.workflows.paper import body
from workflows.forms import TYPES, parse_form
from workflows.forms.definition import HEADING, OPTIONS

GUIDE = (Path(config.__file__).parent / "docs" / "guides" / "forms.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def whole(example: str) -> object:
    """The definition that an example is or is a part of."""
    read = yaml.safe_load(example)
    return body(*read) if isinstance(read, list) else read


@pytest.mark.parametrize("name", [*TYPES, *OPTIONS, HEADING, "rules"])
def test_every_type_and_option_is_explained_and_shown(name: str) -> None:
    assert f"`{name}`" in re.sub(r"```.*?```", "", GUIDE, flags=re.DOTALL)
    assert re.search(rf"\b{name}\b", "".join(EXAMPLES))


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_can_be_published(example: str) -> None:
    parse_form(whole(example))
