"""A released file stays provable: another time stamp over it in time, as an addition, and each state of it known."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import select, update

from portal import files
from portal.jobs import Job
from portal.signatures import renewing
from portal.signatures.examining import examine
from portal.signatures.models import ArchiveStamp, DocumentSignature
from portal.signatures.renewing import Renewer
from portal.signatures.restamping import ends_at, restamped
from portal.signatures.trust import Trust
from portal.verification.service import find_by_file
from tests.portal.province import found
from tests.portal.signatures.authority import DAY, NOW, Authority, named, usage
from tests.portal.signatures.office import Office, office_of
from workflows.errors import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

AFTER = NOW + 5000 * DAY
"""The certificate of the first time stamp has expired, that of the second has not."""


@pytest.fixture
def longer(network: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The same authority with a younger certificate for time stamps."""
    before = network.stamping
    more = [each.value for each in before.certificate.extensions if each.oid.dotted_string == "2.5.29.37"]
    name = named("Dấu thời gian mới")
    key = rsa.generate_private_key(65537, 2048)
    younger = network._made(name, network.issuing, usage("digital_signature"), *more, last=7000 * DAY, key=key)
    monkeypatch.setitem(network.__dict__, "stamping", younger)
    return network


def test_a_new_time_stamp_is_an_addition_that_holds_after_the_old_one(archived: bytes, longer: Authority) -> None:
    first, plain = ends_at(archived), Trust(roots=(longer.root.der,))
    assert first == NOW + 3650 * DAY
    made = restamped(archived, longer.trust())
    assert made.startswith(archived)
    assert ends_at(made) == NOW + 7000 * DAY
    assert (examine(made, plain).verdict, examine(made, plain).changed_after_last) == ("valid", False)
    assert examine(made, plain, AFTER).verdict == "valid"


def test_a_file_without_one_gets_none_and_silence_is_refused(
    signed: bytes, archived: bytes, network: Authority
) -> None:
    assert ends_at(signed) is None
    for pdf, silent, code in (
        (signed, set[str](), "no_archive_stamp"),
        (archived, {network.trust().time_stamp_url}, ""),
    ):
        network.silent = silent
        with pytest.raises(Refusal) as refused:
            restamped(pdf, network.trust())
        assert refused.value.code == (code or "no_time_stamp")


@pytest.fixture
def office(session: Session, tmp_path: Path, document: bytes, archived: bytes) -> Office:
    """A released document whose file has an archive time stamp."""
    office = office_of(found(session), tmp_path, document)
    office.sign()
    office.seal()
    session.execute(update(DocumentSignature).values(level="B-LTA"))
    office.document.file = files.keep(session, office.store, archived, "1.pdf", None)
    session.flush()
    return office


def renew(office: Office, authority: Authority, days: int) -> str:
    """Let the worker look; gives what the file is then."""
    session: Session = office.province.session
    session.commit()
    Renewer(office.store, authority.trust(), days).renew(session, {"document_id": office.key})
    session.commit()
    return office.state()[1]


def test_it_is_owed_once_renewed_in_time_and_both_files_are_known(
    office: Office, archived: bytes, longer: Authority
) -> None:
    session, soon = office.province.session, datetime.now(UTC) + 90 * DAY
    assert [renewing.owe(session, soon), renewing.owe(session, soon)] == [1, 0]
    assert [job.payload for job in session.scalars(select(Job).where(Job.kind == renewing.RENEW))] == [
        {"document_id": office.key}
    ]
    before = hashlib.sha256(archived).hexdigest()
    assert renew(office, longer, 90) == before
    assert list(renewing.due(session, soon)) == []
    assert list(renewing.due(session, NOW + 4000 * DAY)) == [office.key]
    after = renew(office, longer, 4000)
    assert after != before
    assert office.told()[-1] == "time_stamp_renewed"
    assert renew(office, longer, 4000) == after
    assert len(session.scalars(select(ArchiveStamp)).all()) == 2
    known = [find_by_file(session, each) for each in (archived, office.store.read(after))]
    assert [each.is_whole if each else None for each in known] == [True, True]
    assert {each.known.reference for each in known if each} == {str(office.document)}
