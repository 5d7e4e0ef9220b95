"""The rules of ISO 19005-2 and -3, level B, that a program can check, one by one; each says what breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree
from pikepdf import Array, Dictionary, Name, Stream, parse_content_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pikepdf import Pdf

RDF, DC = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{http://purl.org/dc/elements/1.1/}"
PDFAID, PDF_KEYS = "{http://www.aiim.org/pdfa/ns/id/}", "{http://ns.adobe.com/pdf/1.3/}"

FORBIDDEN_ACTIONS = {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition"}
FORBIDDEN_ACTIONS |= {"/Trans", "/GoTo3DView", "/JavaScript"}
FORBIDDEN_ANNOTATIONS = {"/3D", "/Sound", "/Screen", "/Movie", "/FileAttachment"}
FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
NO_MASK = Name("/None")
CMYK_OPERATORS = {"k", "K"}


def objects_of(pdf: Pdf) -> Iterator[Dictionary | Stream]:
    """Every dictionary and stream of a file, those inside others as well."""
    waiting: list[Any] = list(pdf.objects)
    while waiting:
        found = waiting.pop()
        if isinstance(found, Dictionary | Stream):
            yield found
            inner = [found[key] for key in found.keys()]  # noqa: SIM118 - iterating one gives no keys
        else:
            inner = list(found) if isinstance(found, Array) else []
        waiting += [each for each in inner if isinstance(each, Dictionary | Array) and not each.is_indirect]


def xmp(pdf: Pdf) -> dict[str, str]:
    """What the metadata stream says: by the whole name of each property."""
    said: dict[str, str] = {}
    for each in etree.fromstring(pdf.Root.Metadata.read_bytes()).iter(f"{RDF}Description"):
        said |= dict(each.attrib)
        said |= {child.tag: "".join(child.itertext()).strip() for child in each}
    return said


def identified(pdf: Pdf, part: int) -> Iterator[str]:
    """6.6.4: the metadata say which part and which level."""
    said = xmp(pdf)
    if (said.get(f"{PDFAID}part"), said.get(f"{PDFAID}conformance")) != (str(part), "B"):
        yield repr(said)


def has_id_and_is_not_encrypted(pdf: Pdf, _part: int) -> Iterator[str]:
    """6.1.3: the trailer has an identifier and no word of encryption."""
    if "/ID" not in pdf.trailer:
        yield "no ID"
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        yield "encrypted"


def metadata_equal_information(pdf: Pdf, _part: int) -> Iterator[str]:
    """6.6.3: what both the information dictionary and the metadata say is the same."""
    said = xmp(pdf)
    for key, name in {"/Title": f"{DC}title", "/Producer": f"{PDF_KEYS}Producer"}.items():
        if " ".join(str(pdf.docinfo[key]).split()) != " ".join(said.get(name, "").split()):
            yield key


def colours_have_a_profile(pdf: Pdf, _part: int) -> Iterator[str]:
    """6.2.3, 6.2.4: one RGB output intent, and no colour of a press that it does not cover."""
    intents = [each for each in pdf.Root.get("/OutputIntents", []) if each.S == "/GTS_PDFA1"]
    if [int(each.DestOutputProfile.N) for each in intents] != [3]:
        yield "output intent"
    for page in pdf.pages:
        used = {str(each.operator) for each in parse_content_stream(page)}
        yield from used & CMYK_OPERATORS
    yield from ("CMYK" for each in objects_of(pdf) if each.get("/ColorSpace") == Name.DeviceCMYK)


def fonts_are_embedded(pdf: Pdf, _part: int) -> Iterator[str]:
    """6.2.11.4: every font program is in the file; 6.2.11.7 (and what search needs): every font says its letters."""
    for each in objects_of(pdf):
        if each.get("/Type") == "/FontDescriptor" and not any(key in each for key in FONT_FILES):
            yield f"{each.FontName} is not embedded"
        if each.get("/Type") == "/Font" and "/DescendantFonts" in each and "/ToUnicode" not in each:
            yield f"{each.BaseFont} has no ToUnicode"


def nothing_acts(pdf: Pdf, _part: int) -> Iterator[str]:
    """6.5.1, 6.5.2, 6.4: no scripts, no programs started, no actions that begin by themselves, no forms that change."""
    for each in objects_of(pdf):
        yield from (key for key in ("/AA", "/JS", "/JavaScript", "/XFA") if key in each)
        if str(each.get("/S")) in FORBIDDEN_ACTIONS:
            yield str(each.S)
    if pdf.Root.get("/AcroForm", {}).get("/NeedAppearances"):
        yield "NeedAppearances"


def annotations_are_printed(pdf: Pdf, _part: int) -> Iterator[str]:
    """6.3: no sounds, films or files beside the text; what there is can be seen and is printed."""
    printed, hidden = 0b100, 0b100011
    for each in (note for page in pdf.pages for note in page.get("/Annots", [])):
        if str(each.Subtype) in FORBIDDEN_ANNOTATIONS or not int(each.get("/F", 0)) & printed:
            yield str(each.Subtype)
        if int(each.get("/F", 0)) & hidden:
            yield "hidden"


def nothing_shines_through(pdf: Pdf, _part: int) -> Iterator[str]:
    """6.2.10: no transparency; it would be allowed with a space to blend in, which is more than a letter needs."""
    for each in objects_of(pdf):
        if each.get("/SMask", NO_MASK) != NO_MASK:
            yield "SMask"
        yield from (key for key in ("/ca", "/CA") if float(each.get(key, 1)) != 1)
        if each.get("/BM", Name.Normal) not in {Name.Normal, Name.Compatible}:
            yield "BM"


def nothing_is_elsewhere(pdf: Pdf, _part: int) -> Iterator[str]:
    """6.1.7, 6.2.8, 6.2.9: no bytes outside the file, no old compression, no PostScript, no second versions."""
    for each in objects_of(pdf):
        if isinstance(each, Stream):
            yield from (key for key in ("/F", "/FFilter", "/FDecodeParms", "/OPI", "/Ref", "/PS") if key in each)
            if "LZW" in str(each.get("/Filter", "")) or each.get("/Subtype") == "/PS":
                yield "filter"
            yield from (key for key in ("/Alternates", "/Interpolate") if each.get(key))


def files_are_declared(pdf: Pdf, part: int) -> Iterator[str]:
    """6.8: no files in part 2 (but other PDF/A); in part 3 each is named, of a kind, and related to the document."""
    files = [each for each in objects_of(pdf) if each.get("/Type") == "/Filespec" or "/EF" in each]
    if part == 2 and (files or "/AF" in pdf.Root):
        yield "file"
    related = [each.objgen for each in pdf.Root.get("/AF", [])]
    for each in files:
        yield from (key for key in ("/F", "/UF", "/AFRelationship", "/EF") if key not in each)
        if related.count(each.objgen) != 1 or "/Subtype" not in each.EF.F or "/ModDate" not in each.EF.F.Params:
            yield "not declared"


def readable_aloud(pdf: Pdf, _part: int) -> Iterator[str]:
    """What level A and readers for the blind ask for besides: tags, a language, a title that is shown."""
    root = pdf.Root
    if not (root.get("/MarkInfo", {}).get("/Marked") and "/StructTreeRoot" in root):
        yield "not tagged"
    if str(root.get("/Lang", "")) != "vi" or not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "language or title"


RULES: Mapping[str, Callable[[Pdf, int], Iterator[str]]] = {
    rule.__name__: rule
    for rule in (
        *(identified, has_id_and_is_not_encrypted, metadata_equal_information, colours_have_a_profile),
        *(fonts_are_embedded, nothing_acts, annotations_are_printed, nothing_shines_through),
        *(nothing_is_elsewhere, files_are_declared, readable_aloud),
    )
}
"""By name: a file and the part of the standard it claims → what of it breaks the rule."""
