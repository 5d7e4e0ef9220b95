"""A province with reports at every stage, made in a folder: `python -m tests.e2e.scenery <folder>`."""

from __future__ import annotations

import sys
import time
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

import config
from portal.app import create_app
from portal.definitions import drafting
from portal.definitions.beginnings import beginning
from portal.definitions.gallery import begin_process, processes
from portal.definitions.service import all_current
from portal.demo.journey import RETURN_REASON, Journey, january_inputs
from portal.documents import keeping
from portal.documents.models import OUTGOING, OfficialDocument, Register, RegisterEntry
from portal.documents.register_printing import ask
from portal.incoming import handling
from portal.incoming import service as incoming
from portal.incoming.models import IncomingDocument
from portal.incoming.service import Arrival
from portal.security import today
from portal.submissions import service as submissions
from portal.units.models import Unit
from workflows.actions import Approve, Reject, Return
from workflows.periods import Period, PeriodKind

MOST_WAITS = 300
APPROVERS = ("head", "police.head", "vicechair")
DECEMBER = {
    "documents.0.issued_on": "10/12/2024",
    "documents.1.issued_on": "12/12/2024",
    "inspections": "5",
    "dossiers_on_time.numerator": "6.102",
    "dossiers_on_time.denominator": "6.411",
    "index_766.value": "58,2",
    "rank_766.rank": "57",
}
"""What the report before said otherwise; made up, so that a reader has something to compare with."""


ANEW = {"vi": "Duyệt báo cáo của tỉnh, từ năm sau", "en": "Review of provincial reports from next year on"}
SKETCH = {"vi": "Báo cáo nhanh", "en": "Short report"}
HURRIED = {"vi": "Xem xét trong buổi", "en": "Review within half a day"}
"""What the draft of a chain calls its first stage, so that there is something to compare."""

ARRIVALS = (
    Arrival(
        today(),
        "Công an tỉnh Gia Lai",
        "4598/CAT-PC06",
        today() - timedelta(days=2),
        "Công văn",
        "về việc đôn đốc thực hiện các nhiệm vụ của Đề án 06",
        urgency="urgent",
        due_on=today() + timedelta(days=5),
    ),
    Arrival(
        today(),
        "UBND tỉnh Gia Lai",
        "2433/KH-UBND",
        date(2022, 12, 9),
        "Kế hoạch",
        "thực hiện Đề án 06 trên địa bàn tỉnh Gia Lai",
        due_on=today(),
    ),
    Arrival(
        today(),
        "Đảng ủy Công an tỉnh",
        "100-KL/ĐU",
        today() - timedelta(days=3),
        "Kết luận",
        "về công tác chuyển đổi số",
    ),
)
"""What arrived; symbols of letter and plan are real ones, the days of the letter are made up."""


class Scenery(Journey):
    """Reports of several months, each left where one of the cast would find it."""

    def begin(self, username: str, month: Period, typed: dict[str, str]) -> int:
        """Open the report of a month and fill it in; gives its key."""
        author = self.actor(username)
        report = submissions.open_report(self.session, author, min(author.own_units), "monthly-report", month)
        if typed:
            submissions.save(self.session, author, report, typed, report.edition)
        self.session.commit()
        return report.id

    def written_in(self, year: int, month: int) -> dict[str, str]:
        """What the demo's clerk typed for January 2025, with the dates of another month."""
        of_month = f"/{month:02}/{year}"
        inputs = january_inputs().items()
        return {
            name: text.replace("31/01/2025", f"28{of_month}").replace("/01/2025", of_month) for name, text in inputs
        }

    def handed_in(self, year: int, month: int, **other: str) -> int:
        """A report of the department that was handed in."""
        typed = {**self.written_in(year, month), **other}
        report = self.begin("clerk", Period(PeriodKind.MONTH, year, month), typed)
        self.hand_in(report)
        return report

    def wait_for_document(self, report: int) -> None:
        """Until the worker of the running portal has made the PDF."""
        issued = select(OfficialDocument.status).where(OfficialDocument.subject_id == report)
        for _ in range(MOST_WAITS):
            status = self.session.scalar(issued)
            self.session.rollback()  # the worker cannot write while this one reads
            if status != "rendering":
                return
            time.sleep(0.2)
        raise TimeoutError("no worker has made the PDF")

    def reserve(self) -> None:
        """Two numbers reserved for paper, of which one is void, and a print of the register."""
        book = self.session.scalars(select(Register)).one()
        until = {"until": today() + timedelta(days=3), "on": today()}
        for why in ("Tờ trình ký trên giấy", "Kế hoạch ký trên giấy tại cuộc họp"):
            keeping.reserve(self.session, self.actor("registrar"), book, reason=why, **until)
        first = self.session.scalars(select(RegisterEntry).where(RegisterEntry.number == 2)).one()
        keeping.make_void(self.session, self.actor("registrar"), first.id, version=1, reason="Không ký nữa")
        ask(self.session, self.actor("registrar"), OUTGOING, book.id, "pdf")
        self.session.commit()

    def receive(self) -> None:
        """Three documents that arrived: handed over with a task, late, and new."""
        registrar = self.actor("registrar")
        for arrival in ARRIVALS:
            unit = self.session.scalars(select(Unit).where(Unit.code == "UBND")).one()
            incoming.register(self.session, registrar, unit, arrival, on=today(), again="")
        department = self.session.scalars(select(Unit).where(Unit.code == "STTTT")).one()
        first, second = self.session.scalars(select(IncomingDocument).order_by(IncomingDocument.id).limit(2))
        for each in (first, second):
            handing = incoming.Handing(department.id, "Đoàn Minh Trí", today(), "Trần Thị Mai Lan")
            incoming.hand_over(self.session, registrar, each.id, handing, version=each.version)
        words = {"version": first.version, "words": "Đang tổng hợp số liệu của các phòng."}
        handling.note(self.session, self.actor("clerk"), first.id, **words)
        self.session.commit()

    def draw(self) -> None:
        """Drafts of the designer: one of every kind, that of a chain changed, one in which something is wrong, and a
        whole process with a condition and steps side by side.
        """
        designer = self.actor("designer")
        begun = {
            kind: drafting.begin(self.session, designer, kind, all_current(self.session, kind)[0].key)
            for kind in ("document", "calendar", "chain", "schedule")
        }
        chain = begun["chain"]
        first, *others = chain.body["stages"]
        hurried = {**first, "name": HURRIED, "steps": [{**step, "budget": 4} for step in first["steps"]]}
        drafting.save(self.session, designer, chain, {**chain.body, "stages": [hurried, *others]}, chain.edition)
        begin_process(self.session, designer, next(each for each in processes() if each.key == "registration-list"))
        sketch = beginning("form", "short-report", SKETCH)
        sketch["sections"][0]["fields"][0]["name"] = "Kết quả"
        drafting.begin_new(self.session, designer, "form", "short-report", sketch)
        self.session.commit()

    def draw_anew(self) -> None:
        """A second version of the chain by which the reports went, which some of them are not on, and a third begun."""
        designer = self.actor("designer")
        second = drafting.begin(self.session, designer, "chain", "provincial-report")
        drafting.save(self.session, designer, second, {**second.body, "name": ANEW}, second.edition)
        drafting.publish_draft(self.session, designer, second, second.edition, knows=1, why="Theo kế hoạch")
        drafting.begin(self.session, designer, "chain", "provincial-report")
        self.session.commit()

    def paint(self) -> None:
        """Approved with its document, under review in its second round, returned, rejected, and two drafts."""
        self.draw()
        december = self.handed_in(2024, 12, **DECEMBER)
        for username in APPROVERS:
            self.decide(username, december, lambda seen: Approve(seen, "Đồng ý."))
        self.wait_for_document(december)
        self.reserve()
        self.receive()
        january = self.handed_in(2025, 1, meetings="1")
        self.decide("head", january, lambda seen: Return(seen, RETURN_REASON))
        self.amend(january)
        self.hand_in(january)
        self.decide("head", january, lambda seen: Approve(seen, "Đồng ý."))
        february = self.handed_in(2025, 2)
        self.decide("head", february, lambda seen: Return(seen, "Số liệu chưa khớp với Cổng dịch vụ công."))
        march = self.handed_in(2025, 3)
        self.decide("head", march, lambda seen: Reject(seen, "Trùng với báo cáo đã gửi."))
        self.handed_in(2025, 4)
        self.begin("clerk", Period(PeriodKind.MONTH, 2025, 5), {})
        self.begin("outsider", Period(PeriodKind.MONTH, 2025, 1), {})
        self.draw_anew()


def paint(folder: Path) -> None:
    """Put the reports into the database of a folder that a running portal has prepared."""
    app = create_app(config.load({"PORTAL_DATA": str(folder)}))
    with app.app_context():
        Scenery(app, lambda _line: None).paint()


if __name__ == "__main__":
    paint(Path(sys.argv[1]))
