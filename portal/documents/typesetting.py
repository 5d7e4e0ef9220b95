"""Turns filled-in HTML into PDF inside the render child: WeasyPrint with the vendored face and the job's assets."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from portal.documents.job import RenderFailed, RenderJob
from portal.documents.letters import FONT_FOLDER, missing_letters
from portal.documents.places import places_on
from portal.documents.templating import LIBRARY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from portal.documents.job import Attached, Place

FONTS: Mapping[str, str] = {
    "tinos-regular": "Tinos-Regular.ttf",
    "tinos-bold": "Tinos-Bold.ttf",
    "tinos-italic": "Tinos-Italic.ttf",
    "tinos-bold-italic": "Tinos-BoldItalic.ttf",
}
"""The faces behind `asset:<name>`: files that are part of the program, so no path ever comes from a job."""

IMAGE_TYPES: Mapping[bytes, str] = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
SCHEME = "asset:"
FACE = "@font-face"
VARIANT, VARIANT_WITH_DATA = "pdf/a-2b", "pdf/a-3b"
DATA_FILE, DATA_WORDS = "du-lieu.json", "Dữ liệu của văn bản"
"""What the data are called that a PDF carries, and what readers show beside the name."""

EVERY_FACE = "<p>Trình <b>Trình</b> <i>Trình</i> <b><i>Trình</i></b></p>"


class AssetFetcher(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
    """Serves `asset:<name>` from memory and stops the rendering for any other address."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._images = {f"{SCHEME}{name}": (content, _image_type(name, content)) for name, content in assets.items()}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Returns the asset at `url`.

        Raises:
            FatalURLFetchingError: Anything else; no exception that WeasyPrint would swallow.
        """
        del headers
        if name := FONTS.get(url.removeprefix(SCHEME) if url.startswith(SCHEME) else ""):
            return URLFetcherResponse(url, (FONT_FOLDER / name).read_bytes(), {"Content-Type": "font/ttf"})
        if url in self._images:
            content, media_type = self._images[url]
            return URLFetcherResponse(url, content, {"Content-Type": media_type})
        raise FatalURLFetchingError(url[:200])


UNTYPESETTABLE = (
    *(ValueError, TypeError, LookupError, ArithmeticError, AttributeError, OSError),
    *(AssertionError, RuntimeError),  # what WeasyPrint takes for certain of a style, and elements too deep
)
"""How the layout engine breaks off at a page or a style that it cannot lay out."""


def _image_type(name: str, content: bytes) -> str:
    for magic, media_type in IMAGE_TYPES.items():
        if content.startswith(magic):
            return media_type
    raise RenderFailed("bad_job", f"asset {name!r} is neither PNG nor JPEG")


class Typeset(NamedTuple):
    """A document on its pages: the file, how many pages it has, and where it is signed."""

    pdf: bytes
    pages: int
    places: tuple[Place, ...]


def typeset(html: str, job: RenderJob) -> Typeset:
    """Returns the PDF, tagged, of kind PDF/A-2b or with data PDF/A-3b, and what is to be known of its pages.

    Raises:
        RenderFailed: `letter_missing`, `resource_refused`, `too_many_pages`, `output_too_large`,
            `typesetting_failed` or `bad_job`.
    """
    _refuse_missing_letters(html)
    try:
        return _laid_out(html, job)
    except FatalURLFetchingError as error:
        raise RenderFailed("resource_refused", str(error)) from error
    except UNTYPESETTABLE as error:
        raise RenderFailed("typesetting_failed", repr(error)[:500]) from error


def _parsed(texts: Iterable[str], fetcher: AssetFetcher) -> tuple[FontConfiguration, list[CSS]]:
    fonts = FontConfiguration()
    return fonts, [_sheet(text, fetcher, fonts) for text in texts]


def _sheet(text: str, fetcher: AssetFetcher, fonts: FontConfiguration) -> CSS:
    return CSS(string=text, url_fetcher=fetcher, font_config=fonts, base_url=SCHEME)


class _Kept:
    """Style sheets of the library, read before there was a job; one that a job brings itself is read for it alone."""

    def __init__(self) -> None:
        self.fonts: FontConfiguration | None = None
        self.sheets: dict[str, CSS] = {}
        self.with_faces = ""

    def keep(self, texts: Sequence[str]) -> None:
        """Read sheets, one of which brings the faces of all."""
        (self.with_faces,) = (text for text in texts if FACE in text)
        self.fonts, sheets = _parsed(texts, AssetFetcher({}))
        self.sheets = dict(zip(texts, sheets, strict=True))

    def styles(self, texts: Sequence[str], fetcher: AssetFetcher) -> tuple[FontConfiguration, list[CSS]]:
        """Give the sheets of these texts with their faces; all anew where the faces are others than the library's."""
        own = [text for text in texts if text not in self.sheets]
        if self.fonts is None or self.with_faces not in texts or any(FACE in text for text in own):
            return _parsed(texts, fetcher)
        read = {text: _sheet(text, fetcher, self.fonts) for text in own}
        return self.fonts, [(self.sheets | read)[text] for text in texts]


_KEPT = _Kept()


def keep_shipped_styles() -> None:
    """Read the style sheets that the portal ships, so that the children of this process need not."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(LIBRARY.glob("*/*.css"))]
    _KEPT.keep(texts)
    # What the layout engine loads with its first page is loaded with this one, which nobody sees.
    typeset(EVERY_FACE, RenderJob(template="", data={}, styles=tuple(texts)))


def _laid_out(html: str, job: RenderJob) -> Typeset:
    fetcher = AssetFetcher(job.assets)
    fonts, styles = _KEPT.styles(job.styles, fetcher)
    options = {"pdf_variant": VARIANT_WITH_DATA if job.attached else VARIANT, "pdf_tags": True}
    page = HTML(string=html, url_fetcher=fetcher, base_url=SCHEME)
    document = page.render(font_config=fonts, stylesheets=styles, **options)
    if len(document.pages) > job.limits.pages:
        raise RenderFailed("too_many_pages", f"{len(document.pages)} pages, at most {job.limits.pages}")
    if job.attached:
        document.metadata.attachments = [_attachment(job.attached)]
    pdf: bytes = document.write_pdf(finisher=_name_each_once, **options)
    if len(pdf) > job.limits.pdf_bytes:
        raise RenderFailed("output_too_large", f"{len(pdf)} bytes of PDF")
    return Typeset(pdf, len(document.pages), places_on(document.pages))


def _attachment(data: Attached) -> Attachment:
    made = datetime.fromisoformat(data.made_at)
    said = {"name": DATA_FILE, "description": DATA_WORDS, "relationship": "Data", "created": made, "modified": made}
    return Attachment(string=data.text, **said)


def _name_each_once(_document: object, pdf: Any) -> None:
    """WeasyPrint names an attached file twice among those that belong to the document."""
    names = pdf.catalog.get("AF", [])
    names[:] = dict.fromkeys(names)


def _refuse_missing_letters(html: str) -> None:
    """The gate has asked already; this is for templates and for whatever came another way."""
    if missing := missing_letters(html):
        raise RenderFailed("letter_missing", " ".join(f"{letter} U+{ord(letter):04X}" for letter in missing[:20]))
