"""A document as it is once it was signed, sealed and released."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.documents.models import RELEASED, OfficialDocument
from portal.files import StoredFile
from tests.portal.province import Province, found
from tests.unguarded import unguarded_documents

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CONTENT = b"%PDF-1.7\nissued\n%%EOF\n"


@pytest.fixture
def province(session: Session) -> Province:
    return found(session)


@pytest.fixture
def issued(province: Province) -> OfficialDocument:
    """A document with its file, before anybody has signed it."""
    province.approved()
    document = province.session.scalars(select(OfficialDocument)).one()
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    with unguarded_documents(province.session):
        document.file = StoredFile(sha256=sha256, name="1.pdf", kind="pdf", size=len(CONTENT))
        document.status, document.pages = "awaiting_signature", 4
    return document


@pytest.fixture
def released(issued: OfficialDocument, session: Session) -> OfficialDocument:
    """The same, released."""
    with unguarded_documents(session):
        issued.status = RELEASED
    return issued
