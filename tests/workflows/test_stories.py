"""Every story is played, and what happens is what it says, event by event."""

from pathlib import Path

import pytest

from tests.workflows.stories import Stage, every_file, read
from workflows.history import KINDS


@pytest.mark.parametrize("path", every_file(), ids=lambda path: path.stem)
def test_a_story_goes_as_it_is_told(path: Path) -> None:
    story = read(path)
    stage = Stage(story)
    for number, deed in enumerate(story.deeds):
        assert stage.play(deed) == (deed.events, deed.refused), f"{story.name}: deed {number} of {deed.by}"
    assert stage.desk.case.status == story.ends


def test_the_stories_tell_of_every_kind_of_event() -> None:
    told = {each.split()[0] for path in every_file() for deed in read(path).deeds for each in deed.events}
    assert told | {"case_opened"} == set(KINDS)
