"""A document that went through everything that can happen to one, so that each of its tables has a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.documents.rendering import RenderJob, render
from portal.sequels.sources import Source
from tests.portal.sequels.test_copies import made, printed
from tests.portal.sequels.test_copies import signed as signed_by_hand
from tests.portal.sequels.test_recalling import recalled
from tests.portal.signatures.office import office_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal.province import Province

TWO_PAGES = "<html lang=vi><title>Báo cáo</title><p>Trang một</p><p style='break-before: page'>Trang hai</p>"


def gone_through_everything(province: Province, folder: Path) -> int:
    """Issue a document, sign and seal it, copy it on paper, recall it; gives its key.

    Args:
        province: with nothing issued yet.
        folder: for files and keys.
    """
    office = office_of(province, folder, render(RenderJob(template=TWO_PAGES, data={})).pdf)
    office.sign()
    office.seal()
    signed_by_hand(province, printed(province, made(province, Source(document=office.document))))
    recalled(province, office.document)
    return office.key
