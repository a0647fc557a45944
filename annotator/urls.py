"""Which door is where. Each door lists its own paths; this file only joins them."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from annotator.api.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("api/", include("annotator.api.urls")),
    path("oauth/", include("annotator.oauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("annotator.site.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("annotator.site.demo_urls")))

handler400 = "annotator.site.errors.bad_request"
handler403 = "annotator.site.errors.forbidden"
handler404 = "annotator.site.errors.not_found"
handler500 = "annotator.site.errors.server_error"
