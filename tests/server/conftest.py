"""The three personas, and a library that they share."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db.models.signals import post_migrate

from annotator.models.libraries import Library, Role
from tests.server.people import Person, joins, person

reviewers = import_module("annotator.migrations.0006_reviewers")


def _make_reviewers(**told: object) -> None:
    """A test with real transactions empties every table behind it: bring back what a migration put there."""
    if "plan" not in told:  # a flush, not a migration
        reviewers.make(apps, None)


post_migrate.connect(_make_reviewers, sender=apps.get_app_config("annotator"))


@pytest.fixture
def ada(db: None) -> Person:
    """The owner."""
    return person("ada")


@pytest.fixture
def stranger(db: None) -> Person:
    """Somebody with an account and nothing to do with Ada."""
    return person("stranger")


@pytest.fixture
def group(ada: Person) -> Library:
    """A library that Ada owns and others join."""
    library = Library.objects.create(name="Desk")
    joins(ada, library, Role.OWNER)
    return library


@pytest.fixture
def reader(group: Library) -> Person:
    return joins(person("rita"), group, Role.READER)


@pytest.fixture
def editor(group: Library) -> Person:
    return joins(person("ed"), group, Role.EDITOR)


@pytest.fixture
def reviewer(group: Library) -> Person:
    return joins(person("rev"), group, Role.REVIEWER)
