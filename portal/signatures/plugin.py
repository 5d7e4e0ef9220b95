"""What the signing service of the Government's authority at the signer's own computer is asked, and what it answers.

It fetches a file, signs it with the token that sits there, and hands the signed file in: `accepting` looks at that.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from workflows.errors import Refusal

if TYPE_CHECKING:
    from datetime import date


class Verb(StrEnum):
    """What it can be asked for, by its own names; each is a case of Decree 30/2020."""

    APPROVED = "vgca_sign_approved"  # the competent person signs
    ISSUED = "vgca_sign_issued"  # the registrar seals, with number and date
    APPENDIX = "vgca_sign_appendix"  # an annex in a file of its own
    COPY = "vgca_sign_copy"  # an electronic copy
    INCOME = "vgca_sign_income"  # an incoming document is stamped
    FILES = "vgca_sign_files"  # other files
    COMMENT = "vgca_comment"  # somebody notes something on it


SIGNED = 0
"""What the plug-in's `Status` says of a file that was signed and handed in."""


@dataclass(frozen=True)
class Answer:
    """What came of it.

    Attributes:
        file: what the portal's upload address called the signed file; empty where there is none.
        refused: what the plug-in said; empty where it signed.
    """

    file: str
    refused: str = ""


def question(
    *, upload_to: str, session: str, file_name: str, token: str, number: str = "", issued: date | None = None
) -> dict[str, object]:
    """The parameters of a call, as JSON.

    Args:
        upload_to: address of the portal that takes the signed file.
        session: identifies this signing at that address.
        file_name: of the file that is signed.
        token: what authorises fetching and handing in; works once.
        number: number and symbol; for `ISSUED`.
        issued: its date; the same.
    """
    return {
        "FileUploadHandler": upload_to,
        "SessionId": session,
        "FileName": file_name,
        "JWTToken": token,
        "DocNumber": number,
        "IssuedDate": issued.strftime("%d/%m/%Y") if issued else "",
        "MetaData": [],
    }


def read_answer(text: str) -> Answer:
    """What the plug-in called back with: `{"Status": 0, "FileServer": …, "Message": …}`.

    Raises:
        Refusal: `plugin_answer_unreadable`.
    """
    try:
        said = json.loads(text)
        status, file, message = said["Status"], str(said.get("FileServer", "")), str(said.get("Message", ""))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refusal("plugin_answer_unreadable") from error
    if status == SIGNED and file:
        return Answer(file)
    return Answer("", refused=message or f"Status {status}")
