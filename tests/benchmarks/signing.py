"""A page of the shipped report, signed and examined, beside laying it out: what a signature adds to its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.documents import typesetting
from portal.documents.templating import fill_in
from portal.signatures.examining import examine
from portal.signatures.keys import open_key_file
from portal.signatures.pades import Level, sign
from portal.signatures.stamps import SIGNATURE, Stamp, read_picture, signature_box
from tests.benchmarks.timing import Comparison, in_turns
from tests.portal.documents.document_samples import DIRECTION, report_job, short_report
from tests.portal.signatures.authority import NOW, PIN, Authority
from tests.portal.signatures.conftest import PLACE, drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS, WARM = 15, 2
LAYING_OUT = "laying it out in the same process, warm"


def run() -> Iterator[str]:
    """The lines of the report."""
    authority, job = Authority(), report_job(short_report(DIRECTION))
    holder = authority.holder("Rah Lan Chung")
    key, trust, content = open_key_file(holder.key_file(), PIN), authority.trust(), holder.key_file()
    picture = read_picture(drawn((600, 200), (20, 40, 200)))
    stamp = Stamp(SIGNATURE, 1, signature_box(PLACE, picture), NOW, picture=picture)
    typesetting.keep_shipped_styles()
    html = fill_in(job)
    pdf = typesetting.typeset(html, job).pdf
    done = sign(pdf, key, stamp, Level.B, trust).pdf
    ways: dict[str, Callable[[], Any]] = {
        "lay out": lambda: typesetting.typeset(html, job),
        "sign": lambda: sign(pdf, key, stamp, Level.B, trust),
        "open": lambda: open_key_file(content, PIN),
        "examine": lambda: examine(done, trust),
    }
    assert examine(done, trust).verdict == "valid"
    in_turns(ways, WARM)
    taken = in_turns(ways, RUNS)
    laid_out = taken["lay out"].cpu
    yield Comparison("one page, signed with a key that is open, B-B", LAYING_OUT).line(taken["sign"].cpu, laid_out)
    yield Comparison("a key file opened", LAYING_OUT).line(taken["open"].cpu, laid_out)
    yield Comparison("the signed page examined, in one process", LAYING_OUT).line(taken["examine"].cpu, laid_out)
