"""Whether the author of a flagged annotation has answered, and whether reviewers differ, on the annotation."""

from typing import Any

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q, Subquery

CHUNK = 1_000


def settle(apps: Any, editor: Any) -> None:
    """Answered is a reply of the author since the latest flag, other than the reason of one."""
    annotations = apps.get_model("annotator", "Annotation").objects
    decisions = apps.get_model("annotator", "Decision").objects
    flags = decisions.filter(annotation=OuterRef("parent"), review="flagged").order_by("-created")
    replies = annotations.filter(
        ~Exists(decisions.filter(reply=OuterRef("pk"))), parent=OuterRef("pk"), author=OuterRef("author"), deleted=None,
        created__gte=Subquery(flags.values("created")[:1]),
    )  # fmt: skip
    flagged = annotations.filter(review="flagged", flag=None)
    while keys := list(flagged.values_list("pk", flat=True)[:CHUNK]):
        some = annotations.filter(pk__in=keys)
        answered = list(some.filter(Exists(replies)).values_list("pk", flat=True))
        some.filter(pk__in=answered).update(flag="answered")
        some.filter(flag=None).update(flag="awaiting")
    latest = decisions.filter(annotation=OuterRef("pk"), differs=True).order_by("-created")
    differing = annotations.filter(differs_since=None, decisions__differs=True)
    while keys := list(differing.values_list("pk", flat=True).distinct()[:CHUNK]):
        annotations.filter(pk__in=keys).update(differs_since=Subquery(latest.values("created")[:1]))


class Migration(migrations.Migration):
    dependencies = [("annotator", "0007_kinds_by_age")]

    operations = [
        migrations.AddField(
            model_name="annotation",
            name="flag",
            field=models.CharField(
                choices=[("awaiting", "awaiting the author"), ("answered", "answered by the author")],
                editable=False,
                max_length=10,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="annotation",
            name="differs_since",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="annotation",
            constraint=models.CheckConstraint(
                condition=Q(("flag", None), ("flag__in", ["awaiting", "answered"]), _connector="OR"),
                name="annotation_flag",
            ),
        ),
        migrations.AddIndex(
            model_name="annotation",
            index=models.Index(
                condition=Q(("flag__isnull", False)),
                fields=["library", "flag", "created"],
                name="annotation_by_flag",
            ),
        ),
        migrations.AddIndex(
            model_name="annotation",
            index=models.Index(
                condition=Q(("differs_since__isnull", False)),
                fields=["library", "created"],
                name="annotation_differing",
            ),
        ),
        migrations.RemoveIndex(model_name="decision", name="decision_differs"),
        migrations.RunPython(settle, migrations.RunPython.noop),
    ]
