"""Tables of organisations, posts and holdings."""

from __future__ import annotations

from datetime import date

from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.units.rules import CONTACT_LETTERS, CONTACT_LINES, LONGEST_ORGAN_CODE, POST_KINDS, UNIT_KINDS

LONGEST_CONTACT = CONTACT_LINES * (CONTACT_LETTERS + 1)
LONGEST_KEY = 700
"""How many characters of the keys by which a unit is found and sorted are stored."""

BY_CODE_POINT = String(LONGEST_KEY).with_variant(String(LONGEST_KEY, collation="C"), "postgresql")
"""A text that both databases order alike; SQLite orders every text so."""


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Unit(Base):
    """An organisation or a part of one, with a life span.

    Its printed header is its own: the superior body printed above an issuer's name is not always its parent
    in the tree (Decree 30/2020, appendix I.II.2). What it prints from its first day on stands in its own columns,
    what it prints from a later day on in rows of `unit_header`.

    Attributes:
        seal_unit_id: of a steering body, the agency whose seal it may use; none for others.
        organ_code: by which agencies exchange documents (Decision 20/2020/QĐ-TTg); None while nobody entered it.
    """

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint(_one_of("kind", UNIT_KINDS), name="ck_unit_kind"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ck_unit_life"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="ck_unit_not_own_parent"),
        CheckConstraint("seal_unit_id IS NULL OR kind = 'steering_body'", name="ck_unit_seal"),
        UniqueConstraint("code", name="uq_unit_code"),
        Index("uq_unit_organ_code", "organ_code", unique=True),
        Index("ix_unit_parent", "parent_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(35))
    kind: Mapped[str] = mapped_column(String(24))
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    symbol: Mapped[str] = mapped_column(String(24))
    header_parent: Mapped[str | None] = mapped_column(String(200))
    header_name: Mapped[str] = mapped_column(String(300))
    place_name: Mapped[str] = mapped_column(String(100))
    contact: Mapped[str | None] = mapped_column(String(LONGEST_CONTACT))
    organ_code: Mapped[str | None] = mapped_column(String(LONGEST_ORGAN_CODE))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", name="fk_unit_parent"))
    seal_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", name="fk_unit_seal_unit"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    search: Mapped[str] = mapped_column(String(LONGEST_KEY))
    sort_key: Mapped[str] = mapped_column(BY_CODE_POINT, default="")

    parent: Mapped[Unit | None] = relationship(
        foreign_keys=[parent_id], remote_side=[id], lazy="selectin", join_depth=1
    )
    seal_unit: Mapped[Unit | None] = relationship(foreign_keys=[seal_unit_id], remote_side=[id], lazy="select")

    def __str__(self) -> str:
        return self.name_vi

    @property
    def name(self) -> dict[str, str]:
        """What it is called, by language."""
        return {"vi": self.name_vi, "en": self.name_en}


class UnitHeader(Base):
    """What a unit's documents print from a day on, until the first day of the next such row.

    It has no last day, so that there is neither a gap nor an overlap.
    """

    __tablename__ = "unit_header"
    __table_args__ = (UniqueConstraint("unit_id", "valid_from", name="uq_unit_header_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_unit_header_unit"))
    valid_from: Mapped[date]
    header_parent: Mapped[str | None] = mapped_column(String(200))
    header_name: Mapped[str] = mapped_column(String(300))
    place_name: Mapped[str] = mapped_column(String(100))
    symbol: Mapped[str] = mapped_column(String(24))
    grounds: Mapped[str] = mapped_column(String(200))

    unit: Mapped[Unit] = relationship(lazy="selectin")

    def __str__(self) -> str:
        return f"{self.unit.name_vi} ({self.valid_from:%d/%m/%Y})"


class Post(Base):
    """A seat in a unit. Whoever holds it has its role for as long as he holds it."""

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint(_one_of("kind", POST_KINDS), name="ck_post_kind"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ck_post_life"),
        UniqueConstraint("unit_id", "code", name="uq_post_unit_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_post_unit"))
    code: Mapped[str] = mapped_column(String(35))
    kind: Mapped[str] = mapped_column(String(24))
    title_vi: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(120))
    role_id: Mapped[int | None] = mapped_column(ForeignKey("ab_role.id", name="fk_post_role"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    unit: Mapped[Unit] = relationship(lazy="selectin")
    role: Mapped[Role | None] = relationship(Role, lazy="selectin")

    def __str__(self) -> str:
        return f"{self.title_vi} - {self.unit.name_vi}"

    @property
    def title(self) -> dict[str, str]:
        """What its holder is called, by language."""
        return {"vi": self.title_vi, "en": self.title_en}


class Holding(Base):
    """Who sits in a post, from when to when.

    Attributes:
        acting: whether a head is acting (quyền), who signs with Q. before the title (Decree 30/2020, appendix I.II.7).
    """

    __tablename__ = "holding"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ck_holding_life"),
        Index("ix_holding_user", "user_id"),
        Index("ix_holding_post", "post_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", name="fk_holding_post"))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_holding_user"))
    rank: Mapped[str | None] = mapped_column(String(60))
    acting: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    post: Mapped[Post] = relationship(lazy="selectin")
    user: Mapped[User] = relationship(User, lazy="selectin")

    def __str__(self) -> str:
        return f"{self.user} - {self.post}"
