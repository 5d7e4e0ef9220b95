"""One file that holds a whole portal: a tar that ends with a manifest of the SHA-256 of every member, and its own."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = "trinh-backup-1"
MANIFEST, SEAL = "manifest.json", "manifest.sha256"
LARGEST_MANIFEST = 512 * 1024 * 1024
PIECE = 1024 * 1024

MEMBERS = re.compile(
    r"database/portal\.(?:db|pgdump)|files/[0-9a-f]{2}/[0-9a-f]{64}|checkpoints/(?:[a-z0-9-]+\.jsonl|public-key-[0-9a-f]{16}\.pem)"
)
"""Names that an archive may hold; nothing else is unpacked."""


class BackupError(Exception):
    """A backup cannot be made, or is not whole.

    Attributes:
        faults: everything that is wrong, each in a sentence that names it.
    """

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Hashed:
    """A file that is hashed while someone reads it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        piece = self.file.read(size)
        self.sha256.update(piece)
        return piece


@dataclass
class Manifest:
    """What an archive holds.

    Attributes:
        facts: what is said of the whole: kind of database, migration, newest entry of the audit log, when it was made.
        members: name → SHA-256 and size.
        sha256: of the manifest itself, by which people compare two copies.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    members: dict[str, tuple[str, int]] = field(default_factory=dict)
    sha256: str = ""

    def names(self, folder: str) -> set[str]:
        """The last parts of the names in a folder of the archive."""
        return {name.rpartition("/")[2] for name in self.members if name.startswith(f"{folder}/")}


class Packer:
    """Writes an archive; only a finished one gets its name."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.part = target.with_name(f"{target.name}.part")
        self.file = self.part.open("xb")
        os.fchmod(self.file.fileno(), 0o600)
        self.tar = tarfile.open(fileobj=self.file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed below
        self.manifest = Manifest()

    def add(self, name: str, path: Path) -> str:
        """Put a file into the archive.

        Returns:
            its SHA-256.
        """
        with path.open("rb") as file:
            return self._add(name, file, os.fstat(file.fileno()).st_size)

    def _add(self, name: str, file: BinaryIO, size: int) -> str:
        hashed, member = Hashed(file), tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self.tar.addfile(member, hashed)
        self.manifest.members[name] = (hashed.sha256.hexdigest(), size)
        return hashed.sha256.hexdigest()

    def finish(self, facts: dict[str, Any]) -> Manifest:
        """Write the manifest, and give the archive its name once it is on the disk."""
        told = {"format": FORMAT, **facts, "members": dict(self.manifest.members)}
        content = json.dumps(told, sort_keys=True, indent=1).encode()
        self.manifest.sha256, self.manifest.facts = self._add(MANIFEST, io.BytesIO(content), len(content)), facts
        seal = self.manifest.sha256.encode()
        self._add(SEAL, io.BytesIO(seal), len(seal))
        self.tar.close()
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.part.rename(self.target)
        return self.manifest

    def give_up(self) -> None:
        """Leave nothing behind."""
        self.file.close()
        self.part.unlink(missing_ok=True)


# -- reading ---------------------------------------------------------------------------------------------------


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpack an archive, and compare every byte of it with its manifest.

    Args:
        source: the archive.
        folder: an empty folder to unpack into.

    Raises:
        BackupError: names what is damaged, missing or does not belong there.
    """
    found: dict[str, str] = {}
    faults: list[str] = []
    try:
        for name, sha256 in _members(source, folder, faults):
            if name in found:
                faults.append(f"{name}: it is there twice")
            found[name] = sha256
    except (tarfile.TarError, EOFError, ValueError) as error:
        faults.append(f"{source}: it is damaged or was cut ({error})")
    if not found.keys() >= {MANIFEST, SEAL}:
        raise BackupError(*faults, f"{source}: it has no manifest, so it was cut or is no backup of this portal")
    manifest = _manifest(folder, found.pop(MANIFEST))
    del found[SEAL]
    faults += _differences(manifest, found)
    if faults:
        raise BackupError(*faults)
    return manifest


def _members(source: Path, folder: Path, faults: list[str]) -> Iterator[tuple[str, str]]:
    with tarfile.open(source, "r|") as tar:
        for member in tar:
            # A member with holes is small here and endless on the disk; no backup of ours has one.
            content = tar.extractfile(member) if member.isreg() and not member.issparse() else None
            if content is None or not (MEMBERS.fullmatch(member.name) or member.name in {MANIFEST, SEAL}):
                faults.append(f"{member.name[:200]!r}: it does not belong into a backup")
                continue
            yield member.name, _write(content, folder / member.name, member)


def _write(content: Any, path: Path, member: tarfile.TarInfo) -> str:
    if member.name in {MANIFEST, SEAL} and member.size > LARGEST_MANIFEST:
        raise ValueError("its manifest is too large")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    hashed = Hashed(content)
    with path.open("wb") as file:
        while piece := hashed.read(PIECE):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return hashed.sha256.hexdigest()


def _manifest(folder: Path, sha256: str) -> Manifest:
    if (folder / SEAL).read_bytes() != sha256.encode():
        raise BackupError(f"{MANIFEST}: it was changed, for {SEAL} says otherwise")
    try:
        told = json.loads((folder / MANIFEST).read_bytes())
        members = {name: (str(sha), int(size)) for name, (sha, size) in told.pop("members").items()}
        is_ours = told.pop("format") == FORMAT
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupError(f"{MANIFEST}: it cannot be read") from None
    if not is_ours:
        raise BackupError(f"{MANIFEST}: it is of another format than {FORMAT}")
    return Manifest(told, members, sha256)


def _differences(manifest: Manifest, found: dict[str, str]) -> Iterator[str]:
    for name in sorted(set(manifest.members) - set(found)):
        yield f"{name}: it is missing"
    for name in sorted(set(found) - set(manifest.members)):
        yield f"{name}: the manifest does not know it"
    for name in sorted(set(found) & set(manifest.members)):
        if found[name] != manifest.members[name][0]:
            yield f"{name}: it was changed, its SHA-256 is {found[name]}"
