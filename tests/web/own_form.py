"""A form of a test's own in the place of the monthly report: published, opened by the clerk, filled in, handed in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from portal.definitions import publishing
from portal.definitions import service as definitions
from portal.demo.journey import JANUARY
from portal.submissions import rounds, service, wording
from portal.submissions.models import Submission
from tests.workflows.paper import body

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.documents.content import Block
    from tests.portal.province import Province
    from workflows.errors import Label
    from workflows.periods import Period

KEY = "monthly-report"


def publish(province: Province, *fields: Mapping[str, object], **options: object) -> None:
    """Make a form of these fields the newest version of the monthly report."""
    asked: Label = {"vi": "Báo cáo thử", "en": "Trial report"}
    form = body(*fields, **{"key": KEY, "name": asked, **options})
    publishing.publish(province.session, actor="admin", kind="form", key=KEY, body=form)


def opened(province: Province, period: Period = JANUARY) -> int:
    """The key of a report that the clerk has opened."""
    clerk = province.actor("clerk")
    return service.open_report(province.session, clerk, min(clerk.own_units), KEY, period).id


def frozen(province: Province, report: int) -> dict[str, Any]:
    """The answers that were handed in last."""
    version = rounds.newest(province.session, province.session.get_one(Submission, report))
    assert version is not None
    return rounds.frozen_values(version)


def files(province: Province, report: int) -> list[str]:
    """The names of the files that were handed in last."""
    version = rounds.newest(province.session, province.session.get_one(Submission, report))
    assert version is not None
    return [each["name"] for each in json.loads(version.content)["files"]]


def printed(province: Province, report: int) -> tuple[Block, ...]:
    """What the document says of the one section."""
    submission = province.session.get_one(Submission, report)
    template = definitions.current(province.session, "document", "provincial-report")
    (section,) = wording.wording_of(province.session, submission, template).sections
    return section.blocks
