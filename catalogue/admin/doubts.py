"""What imports leave to editors: disagreements between sources and editors, doubtful matches."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalogue.admin.imports import SaidByAdmin, SourceFilter
from catalogue.curation.wording import label
from catalogue.desk.wording import names_of, tell
from catalogue.importers import decisions
from catalogue.importers.plan import Change
from catalogue.importers.state import IDS
from catalogue.models import Disagreement, MatchQuestion, Movie
from catalogue.vocabulary import Answer


class AnswerFilter(admin.SimpleListFilter):
    """?state=open, by the answers that the list's kind of question can have."""

    title, parameter_name = "state", "state"
    answers: tuple[Answer, ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(answer.value, str(answer.label)) for answer in self.answers]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class DecidedFilter(AnswerFilter):
    answers = (Answer.OPEN, Answer.KEPT, Answer.TAKEN)


class MatchedFilter(AnswerFilter):
    answers = (Answer.OPEN, Answer.SAME, Answer.NEW, Answer.SKIPPED)


class FieldFilter(admin.SimpleListFilter):
    """?field=runtime_minutes, by the names of the fields."""

    title, parameter_name = "field", "field"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        known = Disagreement.objects.order_by("field").values_list("field", flat=True).distinct()
        return [(name, label(name)) for name in known]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(field=self.value()) if self.value() else queryset


class ReasonForm(ActionForm):
    """What stands beside the list of actions."""

    reason = forms.CharField(max_length=200, required=False, label="Why")


MOST_LINKS = 3  # in a message, which travels in a cookie
QUICKER = "somebody has decided it before, and nothing was changed."
DECISIONS: dict[str, tuple[Any, str]] = {
    "keep": (decisions.keep, "Keep ours"),
    "take": (decisions.take, "Take theirs"),
    "unlock": (decisions.unlock, "Unlock the field: the next import writes it"),
}


class DecisionForm(forms.ModelForm):
    """What becomes of a value on which a source and an editor differ."""

    decision = forms.ChoiceField(
        label="Decision", widget=forms.RadioSelect, choices=[(name, text) for name, (_, text) in DECISIONS.items()]
    )
    why = forms.CharField(label="Why", required=False, max_length=200, help_text="It stands in the history.")


def told(rows: Iterable[Disagreement]) -> list[tuple[str, str]]:
    """Ours and theirs of each in words: 1 query for each kind of record that lists name."""
    changes = [Change(row.field, row.ours, row.theirs) for row in rows]
    names = names_of(changes)
    return [(ours, theirs) for _, ours, theirs in (tell(change, names) for change in changes)]


class DisagreementList(ChangeList):
    """A page of them, each with its values in words."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: Any = list(self.result_list)
        for row, words in zip(rows, told(rows), strict=True):
            row.told = words
        self.result_list = rows


@admin.register(Disagreement)
class DisagreementAdmin(SaidByAdmin):
    """Values of sources that differ from what editors answer for: keep ours, take theirs, or unlock the field."""

    list_display = ["record", "what", "mine", "other", "said_by", "found_on", "state"]
    list_filter = [DecidedFilter, SourceFilter, FieldFilter]
    list_select_related = ["movie", "person"]
    search_fields = ["movie__title", "person__name"]
    action_form = ReasonForm
    actions = ["keep", "take", "unlock"]

    def is_open(self, row: Disagreement) -> bool:
        return row.state == Answer.OPEN

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        decided = () if obj is None or self.is_open(obj) else ("state", "reason", "decided_by", "decided_at")
        return ["what", "said_by", "of", "whole", "whole_other", "found_on", *decided]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        asked = ["decision", "why"] if obj and self.is_open(obj) and self.has_change_permission(request, obj) else []
        return [*self.get_readonly_fields(request, obj), *asked]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = DecisionForm if obj and self.is_open(obj) else forms.ModelForm
        return super().get_form(request, obj, change, **{**kwargs, "form": form, "fields": ()})

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return DisagreementList

    def save_model(self, request: HttpRequest, obj: Disagreement, form: Any, change: bool) -> None:
        decision = form.cleaned_data.get("decision")  # nothing once it is decided
        about = obj.movie or obj.person
        if decision and DECISIONS[decision][0](obj, request.user, form.cleaned_data["why"]):
            self.message_user(request, f"{about}: decided.", messages.SUCCESS)
        else:
            self.message_user(request, f"{about}: {QUICKER}", messages.ERROR)

    def response_change(self, request: HttpRequest, obj: Disagreement) -> HttpResponse:
        return redirect("admin:catalogue_disagreement_changelist")

    @admin.display(description="Of")
    def record(self, row: Disagreement) -> str:
        return str(row.movie or row.person)

    @admin.display(description="Of")
    def of(self, row: Disagreement) -> SafeString:
        record = row.movie or row.person
        assert record
        url = reverse(f"admin:catalogue_{record._meta.model_name}_change", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, record)

    @admin.display(description="Field", ordering="field")
    def what(self, row: Disagreement) -> str:
        return label(row.field)

    @admin.display(description="Ours")
    def mine(self, row: Any) -> str:
        return str(row.told[0])

    @admin.display(description="Theirs")
    def other(self, row: Any) -> str:
        return str(row.told[1])

    @admin.display(description="Ours")
    def whole(self, row: Disagreement) -> str:
        return row.ours if isinstance(row.ours, str) and row.ours else told([row])[0][0]

    @admin.display(description="Theirs")
    def whole_other(self, row: Disagreement) -> str:
        return row.theirs if isinstance(row.theirs, str) and row.theirs else told([row])[0][1]

    def _decide(self, request: HttpRequest, rows: QuerySet[Disagreement], decide: Any, done: str) -> None:
        chosen = list(rows.filter(state=Answer.OPEN).select_related("movie", "person"))
        number = sum(decide(row, request.user, request.POST.get("reason", "")) for row in chosen)
        self.message_user(request, f"{number} {done}.", messages.SUCCESS)

    @admin.action(description="Keep ours", permissions=["change"])
    def keep(self, request: HttpRequest, queryset: QuerySet[Disagreement]) -> None:
        self._decide(request, queryset, decisions.keep, "kept as they are")

    @admin.action(description="Take theirs", permissions=["change"])
    def take(self, request: HttpRequest, queryset: QuerySet[Disagreement]) -> None:
        self._decide(request, queryset, decisions.take, "taken over from the source")

    @admin.action(description="Unlock the fields", permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[Disagreement]) -> None:
        self._decide(request, queryset, decisions.unlock, "unlocked; the next import writes them")


class AnswerForm(forms.ModelForm):
    """Which of the candidates a record is, if any."""

    decision = forms.ChoiceField(label="It is", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        candidates = self.instance.candidates.all()
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            *((str(movie.pk), f"{movie} (number {movie.pk})") for movie in candidates),
            (Answer.NEW.value, "another movie: create it"),
            (Answer.SKIPPED.value, "not wanted"),
        ]


@admin.register(MatchQuestion)
class MatchQuestionAdmin(SaidByAdmin):
    """Movies of a source that may be ours: the same, another one, or not wanted."""

    list_display = ["title", "reason", "ours", "said_by", "found_on", "state"]
    list_filter = [MatchedFilter, SourceFilter]
    search_fields = ["title"]
    actions = ["same", "new", "skip"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MatchQuestion]:
        return super().get_queryset(request).prefetch_related("candidates")

    def is_open(self, row: MatchQuestion) -> bool:
        return row.state == Answer.OPEN

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        decided = () if obj is None or self.is_open(obj) else ("state", "answer", "decided_by")
        return ["beside", "reason", "said_by", "found_on", *decided]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        asked = ["decision"] if obj and self.is_open(obj) and self.has_change_permission(request, obj) else []
        return [*self.get_readonly_fields(request, obj), *asked]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = AnswerForm if obj and self.is_open(obj) else forms.ModelForm
        return super().get_form(request, obj, change, **{**kwargs, "form": form, "fields": ()})

    @admin.display(description="The record and ours")
    def beside(self, question: MatchQuestion) -> SafeString:
        """What the source says in a column, and each movie that it may be in one of its own: 1 query."""
        movies = list(question.candidates.select_related(None).prefetch_related("genres"))
        rows = [
            (name, said, [value(movie) for movie in movies])
            for name, said, value in _compared(question.record)
            if said or any(value(movie) for movie in movies)
        ]
        return render_to_string("admin/catalogue/matchquestion/beside.html", {"movies": movies, "rows": rows})

    def save_model(self, request: HttpRequest, obj: MatchQuestion, form: Any, change: bool) -> None:
        decision = form.cleaned_data.get("decision", "")
        state, movie = (Answer.SAME, int(decision)) if decision.isdecimal() else (decision, None)
        if decision and decisions.answer(obj, Answer(state), request.user, movie):
            record = _links([obj.answer]) if obj.answer else "not wanted"
            self.message_user(request, format_html("“{}”: answered, {}.", obj, record), messages.SUCCESS)
        else:
            self.message_user(request, f"“{obj}”: {QUICKER}", messages.ERROR)

    def response_change(self, request: HttpRequest, obj: MatchQuestion) -> HttpResponse:
        return redirect("admin:catalogue_matchquestion_changelist")

    @admin.display(description="May be")
    def ours(self, question: MatchQuestion) -> SafeString:
        return _links(question.candidates.all())

    def _answer(self, request: HttpRequest, rows: QuerySet[MatchQuestion], state: Answer) -> None:
        done: list[MatchQuestion] = []
        for question in rows.filter(state=Answer.OPEN).prefetch_related("candidates"):
            candidates = [movie.pk for movie in question.candidates.all()]
            if state == Answer.SAME and len(candidates) != 1:
                url = reverse("admin:catalogue_matchquestion_change", args=[question.pk])
                text = '“{}” may be several movies: <a href="{}">choose which</a>.'
                self.message_user(request, format_html(text, question, url), messages.ERROR)
                continue
            if decisions.answer(question, state, request.user, candidates[0] if state == Answer.SAME else None):
                done.append(question)
        movies = [question.answer for question in done[:MOST_LINKS] if question.answer]
        more = format_html(": {}{}", _links(movies), " …" if len(done) > MOST_LINKS else "") if movies else ""
        self.message_user(request, format_html("{} answered{}.", len(done), more), messages.SUCCESS)

    @admin.action(description="It is the same movie", permissions=["change"])
    def same(self, request: HttpRequest, queryset: QuerySet[MatchQuestion]) -> None:
        self._answer(request, queryset, Answer.SAME)

    @admin.action(description="It is another movie: create it", permissions=["change"])
    def new(self, request: HttpRequest, queryset: QuerySet[MatchQuestion]) -> None:
        self._answer(request, queryset, Answer.NEW)

    @admin.action(description="Not wanted", permissions=["change"])
    def skip(self, request: HttpRequest, queryset: QuerySet[MatchQuestion]) -> None:
        self._answer(request, queryset, Answer.SKIPPED)


def _links(movies: Iterable[Movie]) -> SafeString:
    return format_html_join(", ", '<a href="{}">{}</a>', ((movie.get_absolute_url(), movie) for movie in movies))


def _compared(record: dict[str, Any]) -> list[tuple[str, str, Callable[[Movie], Any]]]:
    """What tells movies apart: its name, what the record says, and how a movie of ours is asked."""
    credits = record.get("credits") or []
    directors = [
        (credit.get("person") or {}).get("name") or credit.get("credited_as", "")
        for credit in credits
        if credit.get("job") == "Director"
    ]
    told = {
        "director_line": ", ".join(filter(None, directors)),
        "genres": ", ".join(genre for genre in record.get("genres") or [] if isinstance(genre, str)),
    }
    names = ("title", "original_title", "release_date", "runtime_minutes", "director_line", "genres", *IDS)
    return [(_column(name), str(told.get(name, record.get(name)) or ""), partial(_ours, name)) for name in names]


def _column(name: str) -> str:
    return "Director" if name == "director_line" else label(name)


def _ours(name: str, movie: Movie) -> str:
    if name == "genres":
        return ", ".join(genre.name for genre in movie.genres.all())
    return str(getattr(movie, name) or "")
