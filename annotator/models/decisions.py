"""What reviewers decided: one row for each reviewer of an annotation, so that nobody overwrites another."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotator.models.annotations import Annotation, Review
from annotator.models.libraries import Library
from annotator.models.users import User
from annotator.uuid7 import uuid7


class Decision(models.Model):
    """What one reviewer says of one annotation. `Annotation.review` is the strictest of its decisions.

    A reviewer's flag is also a reply, in which its author reads the reason and can answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="+")
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="decisions")
    reviewer = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="decisions", verbose_name=_("reviewer")
    )
    review = models.CharField(_("review"), max_length=10, choices=Review.choices)
    reason = models.TextField(_("reason"), blank=True)
    reply = models.ForeignKey(
        Annotation, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    # Whether another reviewer decided differently; kept on all decisions of an annotation.
    differs = models.BooleanField(_("differs"), default=False, editable=False)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(fields=["library", "annotation", "reviewer"], name="decision_once"),
            models.CheckConstraint(
                condition=Q(review__in=[Review.APPROVED, Review.FLAGGED, Review.HIDDEN]),
                name="decision_review",
            ),
        ]
        indexes = [
            models.Index(fields=["library", "reviewer", "review"], name="decision_by_reviewer"),
        ]

    def __str__(self) -> str:
        return self.review
