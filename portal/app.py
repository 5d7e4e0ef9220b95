"""The composition root: settings become an application, ports are filled, rooms are registered in plain sight."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, url_for
from flask_appbuilder import AppBuilder
from flask_appbuilder.const import AUTH_DB
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from portal import (
    cli,
    edge,
    files,
    jobs,
    mail_views,
    onetime,
    previews,
    records,
    restore,
    securitylog,
    sessions,
    throttle,
)
from portal.approvals import api as approval_api
from portal.approvals import (
    delegation_views,
    digest,
    due_work,
    moving_views,
    notice_views,
    notices,
    reseating,
    time_views,
    trial_views,
)
from portal.approvals import views as approval_views
from portal.approvals.moving import uses_of_chain
from portal.approvals.preview import chain_preview
from portal.approvals.recording import SUBJECTS
from portal.approvals.wiring import CORRECTIONS
from portal.approvals.wiring import PAGES as CASE_PAGES
from portal.confined import Budget
from portal.db import Database
from portal.definitions import api as definition_api
from portal.definitions import cautions, drafting, publishing, usage
from portal.definitions import design_views as definition_design_views
from portal.definitions import draft_views as definition_draft_views
from portal.definitions import gallery_views as definition_gallery_views
from portal.definitions import views as definition_views
from portal.definitions.coming import schedule_preview
from portal.definitions.pages import questions_of
from portal.definitions.wiring import MOVES, PREVIEWS, SAMPLES, TABS
from portal.definitions.yearview import calendar_preview
from portal.documents import api as document_api
from portal.documents import authority_views, codes, register_printing, signers, trials
from portal.documents import book_views as document_book_views
from portal.documents import entry_views as document_entry_views
from portal.documents import link_views as document_link_views
from portal.documents import print_views as document_print_views
from portal.documents import register_views as document_register_views
from portal.documents import service as documents
from portal.documents import trial_views as document_trial_views
from portal.documents import views as document_views
from portal.documents.job import Limits
from portal.documents.link_words import told_to_all
from portal.documents.links import RECALLS
from portal.documents.preview import document_preview
from portal.documents.printed_books import BOOKS
from portal.documents.printing import Printer
from portal.documents.remaking import SIGNED
from portal.documents.service import ISSUED, PUBLIC_ADDRESS, SUBJECT_SCOPES
from portal.documents.wiring import AFTER_LINK, ANSWERS, BESIDE
from portal.documents.wiring import DEEDS as DOCUMENT_DEEDS
from portal.documents.wiring import PAGES as DOCUMENT_PAGES
from portal.exchange import views as exchange_views
from portal.files import MEGABYTE
from portal.grants import ADMINISTRATOR
from portal.home import HomeView
from portal.incoming import api as incoming_api
from portal.incoming import book_views as incoming_book_views
from portal.incoming import handling_views as incoming_handling_views
from portal.incoming import keeping_views as incoming_keeping_views
from portal.incoming import page as incoming_page
from portal.incoming import print_views as incoming_print_views
from portal.incoming import printing as incoming_printing
from portal.incoming import views as incoming_views
from portal.incoming.wiring import DEEDS as ARRIVAL_DEEDS
from portal.indicators import api as indicator_api
from portal.indicators import views as indicator_views
from portal.indicators.wiring import FEEDS
from portal.rest import PortalOpenApi
from portal.resume import TokenOrTicket
from portal.rights import called, choices
from portal.security import POSTS
from portal.sequels import api as sequel_api
from portal.sequels import making_views, recall_views, telling_views
from portal.sequels import printing as copy_printing
from portal.sequels import service as sequels
from portal.sequels import views as sequel_views
from portal.signatures import api as signature_api
from portal.signatures import certificate_views, deferred_views, image_views, plugin_views, refusing, renewing, turns
from portal.signatures import page as signature_page
from portal.signatures import views as signing_views
from portal.signatures.keyring import Keyring
from portal.signatures.stamps import moment
from portal.signatures.trust import read_trust
from portal.signin import PortalSecurityManager
from portal.submissions import api as submission_api
from portal.submissions import correction_views, following, following_views, following_words, moved_words
from portal.submissions import service as submissions
from portal.submissions import views as submission_views
from portal.submissions.preview import form_preview, sample_preview
from portal.submissions.subject import SubmissionSubject
from portal.submissions.wiring import BEGUN_FROM, why_no_preview
from portal.tasks import api as task_api
from portal.tasks import views as task_views
from portal.tasks.wiring import ORIGINS, URGED
from portal.units import api as unit_api
from portal.units import service as units
from portal.units import views as unit_views
from portal.urging import missing, overdue
from portal.urging import service as urging
from portal.urging import views as urging_views
from portal.verification import views as verification_views
from portal.verification.service import FATES, Fate
from portal.words import FILTERS, use_catalogue_in_forms

if TYPE_CHECKING:
    from config import Settings

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {"vi": {"flag": "vn", "name": "Tiếng Việt"}, "en": {"flag": "gb", "name": "English"}}
NOT_OFFERED = (
    "FAB_ADD_SECURITY_API",
    "FAB_ADD_SECURITY_PERMISSION_VIEW",
    "FAB_ADD_SECURITY_PERMISSION_VIEWS_VIEW",
    "FAB_ADD_SECURITY_VIEW_MENU_VIEW",
    "FAB_ALLOW_GET_UNSAFE_MUTATIONS",
    "FAB_API_KEY_ENABLED",
    "FAB_API_SWAGGER_UI",
)
"""Doors of Flask-AppBuilder that stay shut, each said even where that is its default today."""

TYPED_MB = 16
"""Text of one form in megabytes: a pasted book still comes back with a message beside its field."""


class Portal(AppBuilder):
    """Flask-AppBuilder with our screens only."""

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(HomeView)
        self.sm.register_views()
        self.add_api(PortalOpenApi)


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        APP_NAME="Trình",
        SECRET_KEY=settings.secret_key,
        JWT_SECRET_KEY=secrets.token_hex(32),  # no token is ever issued, so none is ever valid
        SESSION_COOKIE_NAME="__Host-trinh_session" if settings.production else "trinh_session",
        SESSION_COOKIE_PATH="/",
        SESSION_PROTECTION=None,  # what a browser calls itself may change; our own row says when a session ends
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=(max(settings.upload_max_mb, settings.verify_max_mb) + TYPED_MB) * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=TYPED_MB * MEGABYTE,
        MAX_FORM_PARTS=20_000,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        DEBUG=settings.portal_debug,
        BABEL_DEFAULT_LOCALE=settings.portal_language,
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        LANGUAGES=LANGUAGES,
        FAB_BASE_TEMPLATE="base.html",
        FAB_CREATE_DB=False,
        FAB_UPDATE_PERMS=False,
        FAB_SAFE_REDIRECT_HOSTS=list(settings.trusted_hosts),
        FAB_API_MAX_PAGE_SIZE=100,
        FAB_API_SHOW_STACKTRACE=False,
        AUTH_TYPE=AUTH_DB,
        AUTH_ROLE_ADMIN=ADMINISTRATOR,
        AUTH_USER_REGISTRATION=False,
        RATELIMIT_ENABLED=False,  # it counts in one process alone; `throttle.py` counts for all
        RATELIMIT_STORAGE_URI="memory://",
        **dict.fromkeys(NOT_OFFERED, False),
    )


def _build_portal(app: Flask, database: Database) -> Portal:
    portal = Portal(security_manager_class=PortalSecurityManager, update_perms=False)
    with app.app_context():
        portal.init_app(app, database.session)
        _register_rooms(portal)
        portal.sm.register_administration()
        records.register(portal)
        mail_views.register(portal)
    app.extensions["babel"].locale_selector = edge.choose_locale
    return portal


def _fill_ports(settings: Settings, store: files.FileStore) -> None:
    """Give lower rooms what they need from higher ones."""
    POSTS.plug(units)
    PREVIEWS.update(
        form=form_preview,
        calendar=calendar_preview,
        chain=chain_preview,
        document=document_preview,
        schedule=schedule_preview,
    )
    SAMPLES.update(form=sample_preview)
    FEEDS["form"] = questions_of
    cautions.SIGNERS["chain"] = signers.doubtful
    TABS["chain"] = trial_views.TABS
    MOVES["chain"] = moving_views.page_of_move
    drafting.SECOND_PERSON.plug(settings.second_person_publishes)
    usage.USERS.update(form=submissions.uses_of_form, chain=uses_of_chain, document=documents.uses_of_template)
    SUBJECTS[submissions.KIND] = SubmissionSubject()
    for pages in (CASE_PAGES, DOCUMENT_PAGES):
        pages[submissions.KIND] = lambda subject_id: url_for("SubmissionView.show", pk=subject_id)
    BOOKS.update(
        {incoming_printing.ARRIVALS: incoming_printing.arrivals, incoming_printing.HANDLING: incoming_printing.handling}
    )
    _fill_ports_of_documents()
    FATES["links"] = lambda session, key: [Fate(*told) for told in told_to_all(session, key)]
    CORRECTIONS[submissions.KIND] = lambda subject_id: url_for("CorrectionView.correct", pk=subject_id)
    SUBJECT_SCOPES[submissions.KIND] = submissions.documents_of
    PUBLIC_ADDRESS.plug(settings.portal_url)
    for table in (sessions.UserSession, throttle.Failures, onetime.OneTimeLink):
        restore.FORGOTTEN.add(table.__tablename__)
    _give_jobs(settings, store)


def _fill_ports_of_documents() -> None:
    """What stands beside an issued document, what can be done about it, and what is begun from it or from a list."""
    ANSWERS["incoming"], ORIGINS["incoming"] = incoming_page.answered_links, incoming_page.origin_links
    BESIDE["signatures"], SIGNED["signatures"] = signature_page.of_document, turns.is_begun
    DOCUMENT_DEEDS["copies"], ARRIVAL_DEEDS["copies"] = making_views.offered, making_views.offered_of_arrival
    urging.LISTS.update({overdue.KIND: overdue.gather, missing.KIND: missing.gather})
    BEGUN_FROM.update({overdue.KIND: urging_views.page_of_tasks, missing.KIND: urging_views.page_of_missing})
    URGED["letters"] = urging_views.offered_of_tasks
    DOCUMENT_DEEDS["recall"], DOCUMENT_DEEDS["telling"] = recall_views.offered, telling_views.offered
    DOCUMENT_DEEDS["following"], BESIDE["followers"] = following_words.offered, following_words.followers_of
    BESIDE["moved"] = moved_words.moved_of
    BEGUN_FROM[following.FROM] = lambda key: url_for("DocumentView.show", pk=key)
    ISSUED["submissions"] = following.link_issued
    refusing.TELL["approvals"] = notices.tell_sent_back
    AFTER_LINK[RECALLS] = telling_views.address_of


def _give_jobs(settings: Settings, store: files.FileStore) -> None:
    """Say who does which job, and who hears when one is given up."""
    limits = Limits(
        wall_seconds=settings.render_seconds,
        cpu_seconds=settings.render_cpu_seconds,
        memory_bytes=settings.render_memory_mb * MEGABYTE,
        pages=settings.render_pages,
    )
    printer = Printer(store, limits)
    jobs.HANDLERS[documents.RENDER] = printer.print_document
    jobs.GIVEN_UP[documents.RENDER] = printer.give_up
    register_printer = register_printing.RegisterPrinter(store, limits, printer.press)
    jobs.HANDLERS[register_printing.PRINT_REGISTER] = register_printer.make
    jobs.GIVEN_UP[register_printing.PRINT_REGISTER] = register_printer.give_up
    copy_printer = copy_printing.CopyPrinter(store, limits, printer.press)
    jobs.HANDLERS[sequels.PRINT_COPY] = copy_printer.print_copy
    jobs.GIVEN_UP[sequels.PRINT_COPY] = copy_printer.give_up
    trial_printer = trials.TrialPrinter(limits, printer.press)
    jobs.HANDLERS[trials.TRIAL] = trial_printer.print_trial
    jobs.GIVEN_UP[trials.TRIAL] = trial_printer.give_up
    jobs.HANDLERS[units.SEATS_CHANGED] = reseating.owe_reseats
    jobs.HANDLERS[reseating.RESEAT] = reseating.reseat
    jobs.HANDLERS[publishing.CALENDAR_CHANGED] = due_work.reckon_anew
    jobs.HANDLERS[renewing.RENEW] = renewing.Renewer(
        store, keyring_of(settings).trust, settings.signing_renew_days
    ).renew
    jobs.HANDLERS[digest.DIGEST] = digest.Digester(settings).send_digest
    previewer = previews.Previewer(store, Budget(limits.wall_seconds, previews.CPU_SECONDS, limits.memory_bytes))
    jobs.HANDLERS[previews.PREVIEW] = previewer.make_preview
    jobs.GIVEN_UP[previews.PREVIEW] = previewer.give_up


def keyring_of(settings: Settings) -> Keyring:
    """Where the server has keys, and whom signatures are believed for."""
    trust = read_trust(settings.signing_trust, settings.signing_time_stamp, settings.signing_revocation)
    library = settings.signing_token_library
    return Keyring(settings.signing_keys, Path(library) if library else None, trust)


def _register_rooms(portal: Portal) -> None:
    """Every screen and API, in the order of the menu."""
    submission_views.register(portal)
    following_views.register(portal)
    correction_views.register(portal)
    approval_views.register(portal)
    delegation_views.register(portal)
    moving_views.register(portal)
    time_views.register(portal)
    trial_views.register(portal)
    notice_views.register(portal)
    document_views.register(portal)
    document_link_views.register(portal)
    document_register_views.register(portal)
    document_entry_views.register(portal)
    document_book_views.register(portal)
    document_print_views.register(portal)
    signing_views.register(portal)
    deferred_views.register(portal)
    plugin_views.register(portal)
    certificate_views.register(portal)
    image_views.register(portal)
    incoming_views.register(portal)
    incoming_keeping_views.register(portal)
    incoming_handling_views.register(portal)
    incoming_book_views.register(portal)
    incoming_print_views.register(portal)
    exchange_views.register(portal)
    sequel_views.register(portal)
    making_views.register(portal)
    recall_views.register(portal)
    telling_views.register(portal)
    task_views.register(portal)
    urging_views.register(portal)
    unit_views.register(portal)
    authority_views.register(portal)
    definition_views.register(portal)
    definition_draft_views.register(portal)
    definition_design_views.register(portal)
    definition_gallery_views.register(portal)
    indicator_views.register(portal)
    document_trial_views.register(portal)
    verification_views.register(portal)
    office = (submission_api, approval_api, document_api, signature_api, incoming_api, sequel_api, task_api)
    for api in (*office, unit_api, indicator_api, definition_api):
        api.register(portal)


def _believe_proxies(app: Flask, number: int) -> None:
    """Take the sender's address from the proxies before the portal, and from nobody else."""
    if number:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=number)  # type: ignore[method-assign]


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application.

    Args:
        settings: typed settings; read from the environment when None.

    Raises:
        BadSettingError: a setting is malformed, or unsafe in production.
    """
    settings = settings or config.load()
    app = Flask(__name__, static_folder="static", template_folder="templates")
    _configure(app, settings)
    database = Database(settings.database_url)
    sessions.watch(database.session)
    securitylog.keep_in(settings.security_log)
    store = files.FileStore(settings.portal_data / "files")
    app.extensions["trinh"] = {
        "settings": settings,
        "database": database,
        "files": store,
        "keyring": keyring_of(settings),
    }
    _fill_ports(settings, store)
    tokens = TokenOrTicket(app)
    edge.guard(app, database)
    _believe_proxies(app, settings.trusted_proxies)
    _build_portal(app, database)
    # A program at the signer's computer has no session; what lets it in is in the address, and works once.
    tokens.exempt(app.view_functions["PluginView.hand_in"])
    use_catalogue_in_forms()
    app.jinja_env.filters.update(FILTERS, called=called, choices=choices, why_no_preview=why_no_preview)
    app.jinja_env.filters.update(signed_moment=moment, grouped=codes.spaced)
    cli.register(app)
    return app
