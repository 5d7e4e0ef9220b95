"""Django admin's change list over the portal's rows: run by the benchmark in an environment with Django alone."""

from __future__ import annotations

import sys
from typing import Any

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="benchmark",
    DEBUG=False,
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1]}},
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    ROOT_URLCONF=__name__,
    STATIC_URL="/static/",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.contrib import admin  # noqa: E402 - Django is imported once it is set up
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402

from tests.benchmarks.served import serve  # noqa: E402


class Unit(models.Model):
    name_vi = models.CharField(max_length=200)

    class Meta:
        managed = False
        db_table = "unit"
        app_label = "auth"

    def __str__(self) -> str:
        return str(self.name_vi)


class Case(models.Model):
    status = models.CharField(max_length=16)

    class Meta:
        managed = False
        db_table = "approval_case"
        app_label = "auth"

    def __str__(self) -> str:
        return str(self.status)


class Submission(models.Model):
    title = models.CharField(max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT)
    window_to = models.DateField()
    case = models.ForeignKey(Case, models.PROTECT, null=True)
    changed_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "submission"
        app_label = "auth"

    def __str__(self) -> str:
        return str(self.title)


class SubmissionAdmin(admin.ModelAdmin):
    list_display = ("title", "unit", "window_to", "case", "changed_at")
    list_per_page = 25
    ordering = ("-changed_at",)


admin.site.register(Submission, SubmissionAdmin)
urlpatterns = [path("admin/", admin.site.urls)]


def count(what: Any) -> int:
    asked = []
    with connection.execute_wrapper(lambda execute, *rest: asked.append(rest[0]) or execute(*rest)):
        what()
    return len([each for each in asked if not each.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT"))])


def main() -> None:
    call_command("migrate", verbosity=0)
    user = User.objects.create_superuser("admin", "admin@example.org", "admin")
    client = Client()
    client.force_login(user)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    serve(get_wsgi_application(), cookie, count)


if __name__ == "__main__":
    main()
