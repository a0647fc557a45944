"""The French catalogue: whole, compiled, and kept up with the pages."""

import gettext
import re
from pathlib import Path

from django.conf import settings

PACKAGE: Path = settings.BASE_DIR / "annotator"
FOLDER = PACKAGE / "locale" / "fr" / "LC_MESSAGES"


def compiled() -> dict[str, list[str]]:
    """What the .mo file says, by the English text: one French text, or one for each number."""
    with (FOLDER / "django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # the whole of it
    french: dict[str, list[str]] = {}
    for key, text in catalogue.items():
        french.setdefault(key if isinstance(key, str) else key[0], []).append(text)
    return french


def in_templates() -> set[str]:
    """The texts that templates ask for by `translate` and one-line `blocktranslate`."""
    found: set[str] = set()
    for file in (PACKAGE / "templates").rglob("*.html"):
        html = file.read_text(encoding="utf-8")
        found.update(re.findall(r"""{% translate ["'](.+?)["'](?: as \w+)? %}""", html))
        for block in re.findall(
            r"{% blocktranslate trimmed.*?%}(.*?){% (?:plural|endblocktranslate) %}", html
        ):
            found.add(re.sub(r"{{ (\w+) }}", r"%(\1)s", block))
    return found


def test_every_text_is_translated_and_compiled() -> None:
    entries = (FOLDER / "django.po").read_text(encoding="utf-8").split("\n\n")[1:]
    french = compiled()
    assert len(entries) > 200
    for entry in entries:
        english = re.search(r'^msgid "(.*)"$', entry, re.MULTILINE)
        texts = re.findall(r'^msgstr(?:\[\d\])? "(.*)"$', entry, re.MULTILINE)
        assert english is not None
        assert texts, entry
        assert all(texts), entry
        assert "fuzzy" not in entry
        key = english[1].replace('\\"', '"')
        assert french[key] == [text.replace('\\"', '"') for text in texts], (
            "compile the catalogue: manage.py compilemessages"
        )


def test_no_text_of_a_template_is_missing() -> None:
    texts = in_templates()
    assert len(texts) > 90
    assert texts <= set(compiled())


def test_french_typography_has_no_break_spaces_before_its_marks() -> None:
    for text in (text for texts in compiled().values() for text in texts):
        assert not re.search(r" [:;?!»]|« ", text), text
