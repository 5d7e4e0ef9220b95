"""One approval after another in django-viewflow: run by the benchmark in an environment of its own.

For each line on its input it approves the first task of one process, and prints how many seconds that took.
"""

from __future__ import annotations

import hashlib
import sys
import time
from typing import Any

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="benchmark",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sys.argv[1],
            "OPTIONS": {
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
                "transaction_mode": "IMMEDIATE",
            },
        }
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "viewflow",
        "viewflow.workflow",
        "tests.benchmarks",
    ],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.contrib.auth.models import Permission, User  # noqa: E402 - Django is imported once it is set up
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from viewflow.workflow.models import Task  # noqa: E402

from tests.benchmarks.viewflow_chain import Entry, Notice, ReportFlow  # noqa: E402


def approve(task: Task, user: User) -> None:
    """What its page does when a reviewer opens the form of a task and sends it, with a log and a notice besides."""
    request = RequestFactory().post("/")
    request.user = user
    with transaction.atomic(), task.flow_task.flow_class.lock(task.process_id):
        task = Task.objects.select_related("process").get(pk=task.pk)
        user = User.objects.get(pk=user.pk)  # as each request reads who asks, and what he may do
        assert task.flow_task.can_assign(user, task)
        activation: Any = task.flow_task.activation_class(task)
        activation.assign(user)
        activation.start(request)
        activation.execute()
        last = Entry.objects.order_by("-pk").first()
        sha256 = hashlib.sha256(f"{last.sha256 if last else ''}{task.pk}{user.pk}".encode()).hexdigest()
        Entry.objects.create(process=task.process, by=user, kind="approved", reason="", sha256=sha256)
        Notice.objects.bulk_create([Notice(reader=each, process=task.process) for each in reviewers()])


def reviewers() -> list[User]:
    """Those who get the next task, as holders of a permission."""
    return list(User.objects.with_perm("auth.change_user", backend="django.contrib.auth.backends.ModelBackend"))


def main(number: int) -> None:
    """Prepare so many processes, say that it is ready, and approve one for each line."""
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Entry)
        editor.create_model(Notice)
    user, deputy = User.objects.create_user("head"), User.objects.create_user("deputy")
    for each in (user, deputy):
        each.user_permissions.add(Permission.objects.get(codename="change_user"))
    for _ in range(number):
        ReportFlow.start.run()
    waiting = list(Task.objects.filter(flow_task=ReportFlow.department).order_by("pk"))
    assert len(waiting) == number
    print("ready", flush=True)
    for task, _line in zip(waiting, sys.stdin, strict=False):
        began = time.perf_counter()
        approve(task, user)
        print(time.perf_counter() - began, flush=True)
    assert Task.objects.filter(flow_task=ReportFlow.police).exists()


if __name__ == "__main__":
    main(int(sys.argv[2]))
