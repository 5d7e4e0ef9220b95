"""A small province whose people sign: its committee with an office, a department, the police and a steering body."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User

from portal.documents.authorities import settle_authority
from portal.documents.authority import Paper, signature
from portal.documents.models import SigningAuthority
from portal.security import Actor
from portal.units.models import Holding, Post, Unit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.documents.signing import SignatureBlock

SINCE = date(2004, 1, 1)
FIRST, LAST = date(2025, 4, 1), date(2025, 6, 30)
KEEPER = Actor(user_id=9001, username="units", full_name="Phạm Văn Kiên")

UNITS = {
    "UBND": ("ppc", "UBND tỉnh Gia Lai", "ỦY BAN NHÂN DÂN\nTỈNH GIA LAI", None),
    "VP": ("ppc_office", "Văn phòng UBND tỉnh", "VĂN PHÒNG", "UBND"),
    "STTTT": ("department", "Sở Thông tin và Truyền thông", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "UBND"),
    "CNTT": ("division", "Phòng Công nghệ thông tin", "PHÒNG CÔNG NGHỆ THÔNG TIN", "STTTT"),
    "CAT": ("police", "Công an tỉnh", "CÔNG AN TỈNH GIA LAI", "UBND"),
    "BCD06": ("steering_body", "Ban Chỉ đạo Đề án 06 tỉnh", "BAN CHỈ ĐẠO ĐỀ ÁN 06", "UBND"),
}
POSTS = {
    "UBND": {"head": "Chủ tịch", "deputy": "Phó Chủ tịch", "registrar": "Văn thư"},
    "VP": {"head": "Chánh Văn phòng", "deputy": "Phó Chánh Văn phòng", "officer": "Chuyên viên"},
    "STTTT": {"head": "Giám đốc", "deputy": "Phó Giám đốc"},
    "CNTT": {"head": "Trưởng phòng"},
    "CAT": {"head": "Giám đốc", "deputy": "Phó Giám đốc"},
    "BCD06": {"head": "Trưởng Ban", "deputy": "Phó Trưởng Ban"},
}


@dataclass
class House:
    """Its rows, and verbs on them.

    Attributes:
        session: the one transaction.
        units: by code.
        posts: by code of the unit and kind, `UBND/head`.
        people: by the seat they were first put in.
    """

    session: Session
    units: dict[str, Unit] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def build(self) -> House:
        """Every unit with its posts, and somebody in each of them."""
        for code, (kind, name, header, parent) in UNITS.items():
            facts: dict[str, Any] = {"header_name": header, "place_name": "Gia Lai", "search": "", "symbol": code}
            unit = Unit(code=code, kind=kind, name_vi=name, name_en=name, valid_from=SINCE, **facts)
            unit.parent = self.units[parent] if parent else None
            self.units[code] = self._kept(unit)
            for place, title in POSTS[code].items():
                self._post(f"{code}/{place}", title)
                self.seat(f"{code}/{place}", f"{code}/{place}")
        return self

    def _kept(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def _post(self, seat: str, title: str) -> None:
        code, kind = seat.split("/")
        facts = {"title_vi": title, "title_en": title, "valid_from": SINCE}
        self.posts[seat] = self._kept(Post(unit=self.units[code], code=kind, kind=kind, **facts))

    def seat(self, seat: str, person: str, **facts: Any) -> Holding:
        """Seat somebody, who is made where he does not exist yet."""
        if person not in self.people:
            name = person.replace("/", ".").lower()
            made = User(username=name, first_name="Ksor", last_name="Hà", email=f"{name}@gialai.example", active=True)
            self.people[person] = self._kept(made)
        held = {"valid_from": SINCE, **facts}
        holding: Holding = self._kept(Holding(user=self.people[person], post=self.posts[seat], **held))
        return holding

    def grant(self, to: str, *, actor: Actor = KEEPER, settle: bool = True, **facts: Any) -> SigningAuthority:
        """Enter an authority as the screen does; an order of the Chairman for everything unless said otherwise."""
        usual = {
            "kind": "TL",
            "issuer": self.units["UBND"],
            "source_post": self.posts["UBND/head"],
            "signer_post": self.posts[to],
            "grounds": "45/2024/QĐ-UBND",
            "grounds_on": date(2024, 12, 1),
            "valid_from": FIRST,
            "with_deputies": False,
            "types": [],
            "templates": [],
        }
        with self.session.no_autoflush:
            row = SigningAuthority(**{**usual, **facts})
            if settle:
                settle_authority(self.session, actor, row)
        made: SigningAuthority = self._kept(row)
        return made

    def signs(self, seat: str, *, issuer: str = "UBND", person: str = "", **facts: Any) -> SignatureBlock:
        """What boxes 7a and 7b say when somebody signs in a seat; a report on the first day unless said otherwise."""
        usual = {"kind": "BC", "template": "provincial-report", "day": FIRST}
        paper = Paper(self.units[issuer], **{**usual, **facts})
        return signature(self.session, paper, self.people[person or seat].id, self.posts[seat].id)

    def lines(self, seat: str, **facts: Any) -> str:
        """Box 7a on one line."""
        return " / ".join(self.signs(seat, **facts).authority_lines)
