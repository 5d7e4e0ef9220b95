"""What the designer offers to put into a template is sound, and the sample has all of it."""

from __future__ import annotations

from typing import Any

import pytest

from portal.definitions.decree import DECIDING, LETTER
from portal.definitions.library import shipped
from portal.definitions.shapes.documents import VARIABLES
from portal.definitions.templates import check_template
from portal.documents.job import RenderJob
from portal.documents.sample import sample_data
from portal.documents.templating import fill_in_trial

FIRST: dict[str, Any] = next(body for kind, _key, body in shipped() if kind == "document")


@pytest.mark.parametrize("code", [code for code, _words in VARIABLES])
def test_a_variable_that_is_offered_can_be_used_and_is_never_missing(code: str) -> None:
    check_template({**FIRST, "template": code})
    pages = []
    said = {**FIRST["metadata"]["wording"], "grounds": ["Căn cứ"], "urgency": "Khẩn"}
    # only a letter has its subject under its number, only a decision says who decides
    for kind in (FIRST["metadata"]["type"], LETTER, *DECIDING):
        data = sample_data({**FIRST["metadata"], "type": kind, "wording": said})
        page, missing = fill_in_trial(RenderJob(template=code, data=data, blocks={}))
        assert missing == ()
        pages.append(page.strip())
    assert any(pages)
