"""The site's paths."""

from django.contrib.auth.views import LogoutView
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import path
from django.views.generic import RedirectView

from annotator.site import account, one_time, search, views
from annotator.site.sign_in import SignIn

app_name = "site"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", search.results, name="search"),
    path("articles/<uuid:pk>/", views.article, name="article"),
    path("connect/", views.connect, name="connect"),
    path("connected/", views.connected, name="connected"),
    path(
        "sign-in/",
        SignIn.as_view(template_name="site/sign_in.html", redirect_authenticated_user=True),
        name="sign-in",
    ),
    path("sign-in/once/<str:token>", one_time.sign_in, name="one-time"),
    path("account/delete/", account.delete, name="delete-account"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("favicon.ico", RedirectView.as_view(url=staticfiles_storage.url("annotator/favicon.ico"))),
]
