"""Exchange files between agencies: edXML of QCVN 102:2016/BTTTT, written and read; sending them is not ours."""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, register_namespace

from portal.exchange import markup
from portal.exchange.archives import LARGEST, MEGABYTE, UNREADABLE, put
from portal.exchange.markup import add, child, children, moment, number, required, said, written
from portal.exchange.message import NEW, PRIORITIES, Attached, DocumentType, Message, Signer, Trace
from portal.exchange.metadata import Organ
from portal.security import VIETNAM
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

NAMESPACE: Final = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
DAY: Final = "%Y/%m/%d"
MOMENT: Final = "%Y/%m/%d %H:%M:%S"
HEADER: Final = "edXMLEnvelope/edXMLHeader/MessageHeader"
TRACES: Final = "edXMLEnvelope/edXMLHeader/TraceHeaderList"
MANIFEST: Final = "edXMLEnvelope/edXMLBody/edXMLManifest"
MOST_FILES: Final = 50

register_namespace("edXML", NAMESPACE)


def _named(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


# -- writing ---------------------------------------------------------------------------------------------------


def write(message: Message) -> bytes:
    """The exchange file of a message; the same message gives the same bytes."""
    root = Element(_named("edXML"))
    envelope = add(root, _named("edXMLEnvelope"))
    header = add(envelope, _named("edXMLHeader"))
    _write_header(add(header, _named("MessageHeader")), message)
    _write_traces(add(header, _named("TraceHeaderList")), message)
    manifest = add(add(envelope, _named("edXMLBody")), _named("edXMLManifest"))
    encoded = add(root, _named("AttachmentEncoded"))
    for place, each in enumerate(message.files, start=1):
        _write_file(manifest, encoded, place, each)
    return written(root)


def _write_header(header: Element, message: Message) -> None:
    _write_organ(add(header, _named("From")), message.sender)
    for each in message.to:
        _write_organ(add(header, _named("To")), each)
    add(header, _named("DocumentId"), message.document_code)
    _write_all(add(header, _named("Code")), CodeNumber=message.number, CodeNotation=message.symbol)
    issued = {"Place": message.place, "PromulgationDate": f"{message.issued_on:{DAY}}"}
    _write_all(add(header, _named("PromulgationInfo")), **issued)
    kind = message.type
    _write_all(add(header, _named("DocumentType")), Type=kind.group, TypeDetail=kind.number, TypeName=kind.name)
    _write_all(header, Subject=message.subject, Content=message.subject)
    signer = message.signer
    told = {"Competence": signer.competence, "Position": signer.position, "FullName": signer.name}
    _write_all(add(header, _named("SignerInfo")), **told)
    _write_all(header, DueDate=f"{message.due_on:{DAY}}" if message.due_on else "")
    places = add(header, _named("ToPlaces"))
    for place in message.places:
        add(places, _named("Place"), place)
    counted = {"PromulgationAmount": "" if message.copies is None else message.copies, "PageAmount": message.pages}
    _write_all(add(header, _named("OtherInfo")), Priority=message.priority, **counted)


def _write_organ(element: Element, organ: Organ) -> None:
    _write_all(element, OrganId=organ.code, OrganizationInCharge="", OrganName=organ.name)


def _write_all(parent: Element, **texts: str | int) -> None:
    for name, text in texts.items():
        add(parent, _named(name), text)


def _write_traces(traces: Element, message: Message) -> None:
    _write_all(add(traces, _named("Bussiness")), BussinessDocType=message.business)  # spelled so by the standard
    for each in message.traces:
        at = f"{each.at.astimezone(VIETNAM):{MOMENT}}"
        _write_all(add(traces, _named("TraceHeader")), OrganId=each.organ_code, Timestamp=at)


def _write_file(manifest: Element, encoded: Element, place: int, file: Attached) -> None:
    about = {"ContentType": file.media_type, "AttachmentName": file.name}
    _write_all(add(manifest, _named("Reference")), ContentId=f"cid:{place}", **about)
    packed = base64.b64encode(_packed(file)).decode()
    attachment = add(encoded, _named("Attachment"))
    _write_all(attachment, ContentId=str(place), AttachmentName=file.name, ContentType=file.media_type)
    _write_all(attachment, ContentTransferEncoded=packed)


def _packed(file: Attached) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        put(archive, file.name, file.content)
    return output.getvalue()


# -- reading ---------------------------------------------------------------------------------------------------


def read(content: bytes) -> Message:
    """What an exchange file says; elements that are not known are passed over.

    Args:
        content: of the file, from anywhere.

    Raises:
        Refusal: `xml_unreadable`, `xml_incomplete`, `xml_wrong` as in `markup`; `not_an_exchange_file`;
            `attachment_unreadable` (`name`), `attachment_too_large` (`name`, `max`: MB), `too_many_attachments`.
    """
    root = markup.read(content)
    header = child(root, HEADER)
    if header is None:
        raise Refusal("not_an_exchange_file")
    return Message(
        sender=_organ(child(header, "From"), "From"),
        to=tuple(_organ(each, "To") for each in children(header, "To")),
        document_code=said(header, "DocumentId"),
        number=required(header, "Code/CodeNumber"),
        symbol=required(header, "Code/CodeNotation"),
        place=said(header, "PromulgationInfo/Place"),
        issued_on=_day(header, "PromulgationInfo/PromulgationDate"),
        type=_type(header),
        subject=required(header, "Subject"),
        signer=Signer(*(said(header, f"SignerInfo/{name}") for name in ("Competence", "Position", "FullName"))),
        places=_places(header),
        priority=_priority(header),
        pages=number(header, "OtherInfo/PageAmount") or 0,
        files=tuple(_files(root)),
        due_on=_day_or_none(header, "DueDate"),
        copies=number(header, "OtherInfo/PromulgationAmount"),
        business=number(root, f"{TRACES}/Bussiness/BussinessDocType") or NEW,
        traces=tuple(_traces(root)),
    )


def _organ(element: Element | None, name: str) -> Organ:
    if element is None:
        raise Refusal("xml_incomplete", {"element": name})
    return Organ(said(element, "OrganId"), required(element, "OrganName"))


def _type(header: Element) -> DocumentType:
    group, place = (number(header, f"DocumentType/{name}") or 0 for name in ("Type", "TypeDetail"))
    return DocumentType(group, place, required(header, "DocumentType/TypeName"))


def _priority(header: Element) -> int:
    found = number(header, "OtherInfo/Priority") or 0
    return found if found < len(PRIORITIES) else 0


def _places(header: Element) -> tuple[str, ...]:
    places = child(header, "ToPlaces")
    found = [(each.text or "").strip() for each in children(places, "Place")] if places is not None else []
    return tuple(filter(None, found))


def _day(header: Element, path: str) -> date:
    found = _day_or_none(header, path)
    if found is None:
        raise Refusal("xml_incomplete", {"element": path})
    return found


def _day_or_none(header: Element, path: str) -> date | None:
    found = moment(header, path, DAY)
    return found.date() if found else None


def _traces(root: Element) -> Iterator[Trace]:
    traces = child(root, TRACES)
    for each in children(traces, "TraceHeader") if traces is not None else ():
        if at := moment(each, "Timestamp", MOMENT):
            yield Trace(said(each, "OrganId"), at.replace(tzinfo=VIETNAM))


def _files(root: Element) -> Iterator[Attached]:
    encoded = child(root, "AttachmentEncoded")
    found = list(children(encoded, "Attachment")) if encoded is not None else []
    if len(found) > MOST_FILES:
        raise Refusal("too_many_attachments", {"most": MOST_FILES})
    for each in found:
        name = required(each, "AttachmentName")
        yield Attached(name, said(each, "ContentType"), _unpacked(name, said(each, "ContentTransferEncoded")))


def _unpacked(name: str, encoded: str) -> bytes:
    """The one file in an attachment's archive: of more than one nobody could say which it is."""
    try:
        packed = base64.b64decode("".join(encoded.split()), validate=True)
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            (member,) = archive.infolist()
            if member.file_size > LARGEST:
                raise Refusal("attachment_too_large", {"name": name, "max": LARGEST // MEGABYTE})
            # Reads no more than the archive says that there is; a longer content fails its check sum.
            return archive.read(member)
    except (binascii.Error, *UNREADABLE) as error:
        raise Refusal("attachment_unreadable", {"name": name}) from error
