"""What exchange files and packages say to people who are refused."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.refusals import say

say(
    {
        "xml_unreadable": _l("This is not a readable exchange file. Ask the sender for it once more."),
        "xml_incomplete": _l("The exchange file does not say %(element)s. Ask the sender for a complete one."),
        "xml_wrong": _l(
            "The exchange file says “%(said)s” for %(element)s, which cannot be. Ask the sender to mend it."
        ),
        "not_an_exchange_file": _l(
            "This is an XML file, but no exchange file of QCVN 102:2016/BTTTT. Choose the file with the ending .edxml."
        ),
        "attachment_unreadable": _l(
            "The file %(name)s inside the exchange file cannot be read. Ask the sender for it."
        ),
        "attachment_too_large": _l("The file %(name)s inside the exchange file is larger than %(max)s MB."),
        "too_many_attachments": _l(
            "The exchange file brings more than %(most)s files. Ask the sender for a smaller one."
        ),
        "not_a_new_document": _l(
            "The exchange file recalls, updates or replaces a document. Note that at the arrival of that document."
        ),
        "nothing_attached": _l("The exchange file brings no document. Ask the sender for a complete one."),
        "not_released": _l("The document is not signed and sealed yet. It can be passed on when it is released."),
        "recalled_not_sent": _l(
            "%(symbol)s was recalled, so it is not sent any more. The package for the archive can still be made; it "
            "says that the document was recalled."
        ),
        "no_organ_code": _l(
            "%(unit)s has no identification code, without which nobody knows who sends the file. Ask the administrator "
            "to enter it on the page of the unit."
        ),
        "metadata_too_long": _l(
            "“%(field)s” of the document is longer than the %(most)s characters that an archive takes, and it is not "
            "cut. Hand the document over on paper, or ask the archive."
        ),
        "nothing_to_pack": _l("There is no released document to hand over."),
        "too_many_to_pack": _l("A file for the archive holds at most %(most)s documents. Divide it."),
        "package_unreadable": _l("This is not a readable package. Ask for it once more."),
        "package_broken": _l("The package is not whole: %(member)s is missing, was changed, or does not belong to it."),
    }
)
