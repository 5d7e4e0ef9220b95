"""The shipped chain as a flow of django-viewflow; imported once Django is set up."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import models
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.flow.views import UpdateProcessView
from viewflow.workflow.models import Process


class ReportFlow(flow.Flow):
    """The same three approvals as the shipped chain."""

    process_class = Process

    start = flow.StartHandle().Next(this.department)
    department = flow.View(UpdateProcessView.as_view(fields=[])).Permission("auth.change_user").Next(this.police)
    police = flow.View(UpdateProcessView.as_view(fields=[])).Permission("auth.change_user").Next(this.committee)
    committee = flow.View(UpdateProcessView.as_view(fields=[])).Permission("auth.change_user").Next(this.end)
    end = flow.End()


class Entry(models.Model):
    """A line of a log, as the portal writes one for what happened; hashed over the one before."""

    process = models.ForeignKey(Process, models.PROTECT)
    by = models.ForeignKey(User, models.PROTECT)
    kind = models.CharField(max_length=40)
    reason = models.TextField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "benchmarks"

    def __str__(self) -> str:
        return str(self.pk)


class Notice(models.Model):
    """What somebody is told."""

    reader = models.ForeignKey(User, models.PROTECT)
    process = models.ForeignKey(Process, models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "benchmarks"

    def __str__(self) -> str:
        return str(self.pk)
