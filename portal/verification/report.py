"""What is said of a file on a terminal: plain lines, and the status that a program ends with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.signatures.examining import Examination, SignatureReport, examine_confined

if TYPE_CHECKING:
    from pathlib import Path

    from portal.signatures.trust import Trust
    from portal.verification.service import Match

VALID, NOT_VALID, UNREADABLE = 0, 1, 2
"""How a check ends: it may be relied on, it may not, nothing can be said."""


@dataclass(frozen=True)
class Report:
    """What was found of one file.

    Attributes:
        status: `VALID`, `NOT_VALID` or `UNREADABLE`.
        lines: what a person reads, the verdict first.
    """

    status: int
    lines: tuple[str, ...]


def read(path: Path) -> bytes | Report:
    """The content of a file, or why there is none."""
    try:
        return path.read_bytes()
    except OSError as error:
        return Report(UNREADABLE, (f"cannot be read: {error.strerror}",))


def of_signatures(content: bytes, trust: Trust) -> Report:
    """What the signatures of a file are worth, without any database.

    Args:
        content: of any origin; it is examined in a confined child.
        trust: who is believed.
    """
    return told_of(examine_confined(content, trust))


def verdict_of(examination: Examination) -> str:
    """What a file comes to: its own verdict, but that nothing is valid behind whose last signature something stands."""
    is_added_to = examination.verdict == "valid" and examination.changed_after_last
    return "invalid" if is_added_to else examination.verdict


def told_of(examination: Examination) -> Report:
    """An examination in plain lines; valid is what has signatures, all of them valid, and nothing behind them."""
    if examination.unreadable:
        return Report(UNREADABLE, (f"cannot be examined: {_plain(examination.unreadable)}",))
    if not examination.signatures:
        return Report(NOT_VALID, ("not valid: it bears no signature",))
    is_valid = verdict_of(examination) == "valid"
    verdict = "valid: every signature is" if is_valid else f"not valid: {_reason(examination)}"
    told = [f"  {line}" for each in examination.signatures for line in _signature(each)]
    return Report(VALID if is_valid else NOT_VALID, (verdict, *told))


def of_match(match: Match) -> Report:
    """What the portal's own records say of a file that is a released document, or begins with one."""
    known = match.known
    document = f"{known.reference} of {known.dated_on.isoformat()}, {' '.join(known.issuer)}"
    fates = tuple(f"  {fate.kind}: {fate.words}" for fate in known.fates)
    if not match.is_whole:
        return Report(NOT_VALID, (f"not valid: something was added to {document}", *fates))
    if not known.holds:
        return Report(NOT_VALID, (f"not valid any more: {document}", *fates))
    return Report(VALID, (f"valid: the released document {document}", *fates))


def _reason(examination: Examination) -> str:
    if examination.verdict == "valid":
        return "something came after the last signature"
    return "a signature does not hold" if examination.verdict == "invalid" else "a signature is not proven"


def _signature(signature: SignatureReport) -> list[str]:
    signer = ", ".join(each for each in (signature.name or "unnamed", signature.organisation) if each)
    at = f", signed {signature.signed_at.isoformat(timespec='seconds')}" if signature.signed_at else ""
    why = [signature.problem, *signature.cautions]
    said = "; ".join(_plain(each) for each in why if each)
    return [
        f"{signature.verdict}: {signer}{at}{f' ({said})' if said else ''}",
        f"  certificate {signature.certificate_sha256}",
    ]


def _plain(code: str) -> str:
    return code.replace("_", " ")
