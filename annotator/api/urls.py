"""The addresses under /api/."""

from django.urls import path, re_path, register_converter
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from annotator.api import schema  # noqa: F401  # registers itself
from annotator.api.about import AboutView, MeView
from annotator.api.annotations import AnnotationsView, AnnotationView, RestoreView
from annotator.api.batch import BatchView
from annotator.api.changes import ChangesView
from annotator.api.documents import DocumentsView, DocumentView
from annotator.api.errors import route_miss
from annotator.api.jobs import JobView
from annotator.api.review import ReviewView
from annotator.api.snapshots import AnchorsView, SnapshotView


class DigestConverter:
    """SHA-256 in 64 hex digits."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(DigestConverter, "digest")
OPEN = {"authentication_classes": [], "permission_classes": [AllowAny]}

urlpatterns = [
    path("v1/", AboutView.as_view(), name="about"),
    path("v1/me", MeView.as_view(), name="me"),
    path("v1/libraries/<str:library>/changes", ChangesView.as_view(), name="changes"),
    path("v1/libraries/<str:library>/snapshots/<digest:digest>", SnapshotView.as_view(), name="snapshot"),
    path(
        "v1/libraries/<str:library>/snapshots/<digest:digest>/anchors", AnchorsView.as_view(), name="anchors"
    ),
    path("v1/libraries/<str:library>/annotations", AnnotationsView.as_view(), name="annotations"),
    path("v1/libraries/<str:library>/annotations/batch", BatchView.as_view(), name="batch"),
    path("v1/libraries/<str:library>/annotations/<uuid:id>", AnnotationView.as_view(), name="annotation"),
    path("v1/libraries/<str:library>/annotations/<uuid:id>/restore", RestoreView.as_view(), name="restore"),
    path("v1/libraries/<str:library>/annotations/<uuid:id>/review", ReviewView.as_view(), name="review"),
    path("v1/jobs/<uuid:id>", JobView.as_view(), name="job"),
    path("v1/libraries/<str:library>/documents", DocumentsView.as_view(), name="documents"),
    path("v1/libraries/<str:library>/documents/<uuid:id>", DocumentView.as_view(), name="document"),
    path("v1/schema", SpectacularAPIView.as_view(**OPEN), name="schema"),
    path("v1/docs", SpectacularSwaggerSplitView.as_view(url_name="schema", **OPEN), name="docs"),
    re_path(r"", route_miss),
]
