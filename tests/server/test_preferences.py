"""A user's own language and time zone."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from annotator.models import Annotation, Snapshot, User
from tests.server.people import Person

pytestmark = pytest.mark.django_db


def browser(who: Person, **preferences: str) -> Client:
    user = User.objects.get(pk=who.user.pk)
    for name, value in {"is_staff": True, **preferences}.items():
        setattr(user, name, value)
    user.save()
    made = Client(SERVER_NAME="localhost", headers={"Accept-Language": "en"})
    made.force_login(user)
    return made


def test_the_users_language_comes_before_the_browsers(ada: Person) -> None:
    response = browser(ada, language="fr").get(reverse("admin:annotator_annotation_changelist"))
    assert response.headers["Content-Language"] == "fr"
    assert 'lang="fr"' in response.content.decode()
    assert 'lang="en"' in browser(ada, language="").get("/").content.decode()


def test_times_are_the_users(ada: Person) -> None:
    ada.saves_page()
    ada.highlights()
    Snapshot.objects.update(created="2026-07-01T23:30:00Z")
    article = f"/articles/{Annotation.objects.get().document_id}/"
    assert "July 1, 2026, 11:30 p.m." in browser(ada).get(article).content.decode()
    assert "July 2, 2026, 1:30 a.m." in browser(ada, time_zone="Europe/Paris").get(article).content.decode()


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../../etc/passwd", "/etc/passwd"])
def test_a_zone_that_does_not_exist_is_utc(ada: Person, zone: str) -> None:
    ada.saves_page()
    ada.highlights()
    Snapshot.objects.update(created="2026-07-01T23:30:00Z")
    article = f"/articles/{Annotation.objects.get().document_id}/"
    assert "July 1, 2026, 11:30 p.m." in browser(ada, time_zone=zone).get(article).content.decode()


def test_one_users_language_does_not_stay_for_the_next(ada: Person) -> None:
    browser(ada, language="fr").get("/")
    assert 'lang="en"' in Client(SERVER_NAME="localhost").get("/").content.decode()


def test_an_account_is_offered_zones_and_languages_that_exist(ada: Person) -> None:
    User.objects.filter(pk=ada.user.pk).update(is_superuser=True)
    html = browser(ada).get(reverse("admin:annotator_user_change", args=[ada.user.pk])).content.decode()
    assert '<option value="Europe/Paris">' in html
    assert '<option value="fr">' in html


def test_the_desk_speaks_french_in_its_filters_too(ada: Person) -> None:
    ada.highlights(tags=["x"])
    desk = browser(ada, language="fr")
    for path, english in (("event", ("actor", "create")), ("annotation", ("author", "library"))):
        html = desk.get(f"/admin/annotator/{path}/").content.decode()
        headings = re.findall(r'data-filter-title="(.*?)"', html)
        assert len(headings) > 3
        assert not set(english) & set(headings)
        for word in english:
            assert f"<bdi>{word}</bdi>" not in html


def test_events_can_be_asked_for_by_deed(ada: Person) -> None:
    ada.highlights()
    desk = browser(ada)
    assert "1 result" in desk.get("/admin/annotator/event/", {"verb": "create"}).content.decode()
    assert "0 results" in desk.get("/admin/annotator/event/", {"verb": "delete"}).content.decode()
