"""What a deed has to be told: a reason, tags, a colour, an answer, words."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from annotator import limits
from annotator.models.annotations import Color
from annotator.models.libraries import Library, Role
from annotator.models.users import User


def tags_of(typed: str) -> list[str]:
    """Tags that are set apart by commas or line breaks, each once, in order."""
    names = (" ".join(name.split()) for name in typed.replace("\n", ",").split(","))
    return list(dict.fromkeys(name for name in names if name))


class Deed(forms.Form):
    """Nothing to be told."""

    template_name = "admin/deed_fields.html"

    def arguments(self) -> dict[str, Any]:
        """What the service wants. After `is_valid`."""
        return dict(self.cleaned_data)


class Flag(Deed):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The author reads it as a reply, and can answer. Markdown."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=limits.NOTE_BYTES // 4,
    )


class Tags(Deed):
    add = forms.CharField(label=_("Add tags"), help_text=_("Separated by commas"), required=False)
    remove = forms.CharField(label=_("Remove tags"), help_text=_("Separated by commas"), required=False)

    def clean(self) -> dict[str, Any]:
        """As lists; at least one tag."""
        told = {name: tags_of(self.cleaned_data.get(name, "")) for name in ("add", "remove")}
        if not told["add"] and not told["remove"]:
            raise forms.ValidationError(_("Name at least one tag."))
        for name in (*told["add"], *told["remove"]):
            if len(name) > limits.TAG_CHARACTERS:
                raise forms.ValidationError(_("A tag has at most %d characters.") % limits.TAG_CHARACTERS)
        return told


class Colour(Deed):
    color = forms.ChoiceField(label=_("Colour"), choices=Color.choices)


class Reply(Deed):
    note = forms.CharField(
        label=_("Reply"),
        help_text=_("Markdown"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=limits.NOTE_BYTES // 4,
    )


class Words(Deed):
    words = forms.CharField(
        label=_("Words of the latest text"),
        help_text=_("As they stand there, in one paragraph"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=limits.QUOTE_BYTES // 4,
    )


class Move(Deed):
    library = forms.ChoiceField(
        label=_("To the library"),
        help_text=_(
            "Its members see them from then on, those of the old library no longer. Answers go along; what "
            "reviewers decided stays behind, and comes back with “Undo”. Into a library of several go only "
            "the article’s paragraphs and highlighted ones. Whoever wrote one has to belong to it."
        ),
    )

    def __init__(self, sent: Mapping[str, Any] | None = None, **options: Any) -> None:
        """`user`: whose libraries are offered; `but`: not this one."""
        user, but = options.pop("user"), options.pop("but", None)
        super().__init__(sent, **options)
        mine = Library.objects.with_role(user, Role.EDITOR).order_by("name", "pk")
        offered = [(str(key), name) for key, name in mine.values_list("pk", "name") if key != but]
        field = self.fields["library"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered

    def has_choices(self) -> bool:
        """Whether there is a library to choose."""
        field = self.fields["library"]
        assert isinstance(field, forms.ChoiceField)
        return bool(field.choices)


FORMS: Final[Mapping[str, type[Deed]]] = {"flag": Flag, "tag": Tags, "recolor": Colour, "move": Move}


def form_of(deed: str, user: User, sent: Mapping[str, Any] | None = None) -> Deed:
    """The deed's form, filled with what was sent."""
    kind = FORMS.get(deed, Deed)
    return Move(sent, user=user) if kind is Move else kind(sent)
