"""What happened, what is gone, and what is being worked on."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.uuid7 import uuid7


class Kind(models.TextChoices):
    """Which table a row named by an event or a tombstone is of."""

    ANNOTATION = "annotation", _("annotation")
    DOCUMENT = "document", _("article")
    SNAPSHOT = "snapshot", _("snapshot")
    MEMBERSHIP = "membership", _("membership")
    LIBRARY = "library", _("library")
    TOKEN = "token", _("token")
    TAG = "tag", _("tag")
    JOB = "job", _("job")


class Event(models.Model):
    """Who did what to which row, with what was there before and after: history, undo and audit."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(
        Library, on_delete=models.CASCADE, related_name="events", verbose_name=_("library")
    )
    actor = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("who")
    )
    verb = models.CharField(_("deed"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    row = models.UUIDField(_("row"))
    # One for all events of one deed on many rows, so that it is undone as one.
    deed = models.UUIDField(_("deed's number"), null=True, editable=False)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["library", "row", "created"], name="event_by_row"),
            models.Index(fields=["library", "created"], name="event_by_age"),
            models.Index(
                fields=["library", "deed"], condition=models.Q(deed__isnull=False), name="event_by_deed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind}"


class Tombstone(models.Model):
    """The place in the feed of a row that was purged, so that clients learn that it is gone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="tombstones")
    version = models.BigIntegerField(editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    row = models.UUIDField()
    deleted = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        constraints = [
            models.UniqueConstraint(fields=["library", "row"], name="tombstone_once"),
            models.UniqueConstraint(fields=["library", "version"], name="tombstone_version_once"),
        ]
        indexes = [models.Index(fields=["library", "deleted"], name="tombstone_by_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"


class Job(models.Model):
    """Long work as a row with progress, done in small chunks that the caller's repeated request drives."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="jobs")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="jobs")
    work = models.CharField(_("work"), max_length=40)
    parameters = models.JSONField(_("parameters"), default=dict)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.WAITING)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("total"), null=True)
    cursor = models.JSONField(null=True)
    result = models.JSONField(null=True)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["library", "status", "created"], name="job_by_status")]

    def __str__(self) -> str:
        return f"{self.work} {self.status}"
