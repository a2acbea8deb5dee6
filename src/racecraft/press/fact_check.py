"""Entry point: parse an article if needed, read its claims, judge them against the data."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from racecraft.history.results import History
from racecraft.press.claims.registry import claim_types
from racecraft.press.finding import About, Checked, Finding
from racecraft.press.intake.article import Article, read
from racecraft.press.judging.ambiguity import Setting
from racecraft.press.judging.locating import Located, locate, table_of
from racecraft.press.judging.weighing import Judged, weigh
from racecraft.press.judging.wording import claim_in_words, plain, read_as
from racecraft.press.reading.roster_names import names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from racecraft.model.race import Race
    from racecraft.model.season import Season
    from racecraft.press.claim import Claim, Reading
    from racecraft.press.finding import Mark

    Ask = Callable[[str, str], str]

# A mark is shown from this probability of being right on, chosen for precision; what is false as a
# language model has read it, from the second.
MIN_CONFIDENCE: dict[str, float] = {"contradicted": 0.65, "supported": 0.88}
MIN_OF_A_MODEL = 0.7
MANY_SEASONS = 5  # an article that tells of so many is a list or a life, and about no race
OF_THE_GRID = frozenset(("grid_position", "grid_row", "qualifying_position"))
OF_THE_RACE = frozenset(
    ("finish_position", "winning_margin", "time_gap", "retirement", "podium", "race_points",
     "fastest_lap", "pit_stop", "relative_order")
)  # fmt: skip
UNSAID = frozenset(("quote", "attribution", "personal"))  # opinions are not listed


def fact_check(
    article: Article | str | bytes,
    seasons: Season | Iterable[Season] | History,
    *,
    event: tuple[int, int] | None = None,
    date: date | None = None,
    lang: str | None = None,
    race: Callable[[int, int, str], Race | None] | None = None,
    ask: Ask | None = None,
    min_confidence: float | None = None,
) -> Checked:
    """Every claim that an article makes about racing, with what the data say of it.

    The article is read without a look at any result; only then is it judged. A claim is
    *contradicted* if every reading of it with real probability is false, *supported* if the likely
    one is true, *unclear* where that is not sure enough.

    Parameters
    ----------
    article
        The article, or the text, Markdown or HTML that it is read from.
    seasons
        What to check it against; counts over careers need every season of them. A `History` of
        them saves time where many articles are checked.
    event
        Season and round that the article is about; left out, it is found out.
    date
        Day of the article, in place of what it says itself.
    lang
        Its language, in place of the one that it seems to be in.
    race
        Returns the timing of a race by season, round and session, or None without it: for what
        only timing can tell, such as who passed whom. Not for a `History`, which has its own.
    ask
        Asks a language model, as `racecraft.sources.http.chat_model.model_at` does: it reads the
        article too, and what it reads is judged like everything else. Left out, no model is asked.
    min_confidence
        Probability of being right from which a claim is marked, 0 to 1; left out,
        `MIN_OF_A_MODEL` for a red mark on what a model has read, else `MIN_CONFIDENCE`. How often
        such marks are right is on the page of marks of the documentation.

    Returns
    -------
    Checked
        Findings in the order of the article, none where it claims nothing about a race; and the
        race that it is taken to be about.

    Raises
    ------
    UnreadableError, NotEnoughDataError, ArgumentError
        As `racecraft.press.intake.article.read`; and of a model that is asked, as whatever asks it.

    Examples
    --------
    >>> from racecraft.sources.sample.sample import sample_season
    >>> text = "Fernando Alonso finished third in the 2023 São Paulo Grand Prix."
    >>> [finding.verdict for finding in fact_check(text, sample_season(), lang="en")][0]
    'supported'
    """
    from racecraft.press.reading.reader import read_document

    if not isinstance(article, Article):
        article = read(article, date=date, lang=lang)
    if not isinstance(seasons, History):
        from racecraft.model.season import Season

        each = [seasons] if isinstance(seasons, Season) else list(seasons)
        seasons = History(each, race=race)
    reading = read_document(article, seasons.roster)
    if ask is not None:
        from racecraft.press.reading.asking import with_model

        types = [name for name, kind in claim_types().items() if kind.may_be_proposed]
        reading = with_model(reading, article, seasons.roster, ask, types)
    return judge_reading(reading, seasons, event=event, min_confidence=min_confidence)


def judge_reading(
    reading: Reading,
    history: History,
    *,
    event: tuple[int, int] | None = None,
    min_confidence: float | None = None,
) -> Checked:
    """Findings of what was read in an article, whoever read it."""
    judged, located = judged_claims(reading, history, event=event)
    if not reading.about_racing and not (located.sure and located.fits):
        return Checked()  # it names no race, and speaks of nothing that only races have
    found = [_finding(each, history, located, min_confidence) for each in judged]
    shown = [each for each in found if each.claim_type not in UNSAID]
    shown.sort(key=lambda each: (each.start, each.end))
    about = _about(located, history, given=event is not None)
    about = replace(about, many=_of_many(shown))
    return Checked(tuple(_distinct(shown)), about, reading.doubts)


def judged_claims(
    reading: Reading, history: History, *, event: tuple[int, int] | None = None
) -> tuple[tuple[Judged, ...], Located]:
    """Claims with their verdicts and how sure each is, and the race of the article."""
    setting = Setting(history, names_of(history.roster), event, reading.day)
    located = Located(event, sure=True, fits=1) if event else locate(reading, setting, reading.day)
    setting = replace(
        setting, event=located.event, sure=located.sure, ahead=_is_before_the_race(reading)
    )
    setting = replace(setting, table=table_of(reading, setting))
    return weigh(reading.claims, setting, reading.guesses), located


def _is_before_the_race(reading: Reading) -> bool:
    """Whether the grid of the article's own race is told, and nothing of how it went."""
    told = {
        claim.claim_type
        for claim in reading.claims
        if claim.scope.event.value.step == 0 and claim.modality in ("fact", "plan")
    }
    return bool(told & OF_THE_GRID) and not told & OF_THE_RACE


def mark_of(each: Judged, min_confidence: float | None = None) -> Mark:
    """The mark that a judged claim gets: unclear where it is not sure enough, or not stated."""
    if each.judgement == "uncheckable":
        return "unclear" if each.is_faint else "uncheckable"
    by_model = each.judgement == "contradicted" and each.features.get("by_model")
    least = MIN_OF_A_MODEL if by_model else MIN_CONFIDENCE[each.judgement]
    least = least if min_confidence is None else min_confidence
    if each.confidence < least or each.doubtful:
        return "unclear"
    if each.judgement == "contradicted" and (each.claim.modality != "fact" or each.claim.hedged):
        return "unclear"
    return each.judgement


def subject_of(each: Judged, history: History) -> str:
    """Whom a claim is about, in full; of a claim about a whole event, the event."""
    question = each.question
    if question is None:
        return each.claim.subject
    if question.subjects:
        return question.subject
    event = history.event(question.season or 0, question.round or 0)
    return event.full_name if event else str(question.season or "")


def _of_many(found: list[Finding]) -> bool:
    """Whether an article tells of many races of many years, and of none of them most."""
    events = Counter((each.season, each.round) for each in found if each.season and each.round)
    seasons = {season for season, _ in events}
    return len(seasons) >= MANY_SEASONS and max(events.values()) <= events.total() / 3


def _finding(
    each: Judged, history: History, located: Located, min_confidence: float | None
) -> Finding:
    claim, question, told = each.claim, each.question, each.verdict
    subject = subject_of(each, history)
    mark = mark_of(each, min_confidence)
    return Finding(
        sentence=claim.sentence,
        start=claim.start,
        end=claim.end,
        claim_type=claim.claim_type,
        subject=subject,
        value=plain(claim.value),
        season=question.season if question else None,
        round=question.round if question else None,
        verdict=mark,
        confidence=each.confidence,
        found=plain(told.found),
        evidence=told.evidence,
        reason=told.reason,
        read_as=read_as(question, subject, history) if question else "",
        hedged=claim.hedged,
        attributed_to=claim.attributed_to,
        consistent=_helped(claim, located) and mark == "supported",
        hint=told.hint,
        source=claim.source,
        claim=claim_in_words(claim, subject),
        leaning=each.judgement,
        open=each.open,
    )


def _helped(claim: Claim, located: Located) -> bool:
    """Whether the race was found by nothing but such claims fitting it."""
    return not located.sure and claim.scope.event.value.step == 0


def _distinct(findings: list[Finding]) -> list[Finding]:
    """Without what was read twice in a sentence: the surer one stays."""
    best: dict[tuple[object, ...], Finding] = {}
    for each in findings:
        key = (each.sentence, each.claim_type, each.subject, str(each.value), each.season)
        if key not in best or best[key].confidence < each.confidence:
            best[key] = each
    kept = set(map(id, best.values()))
    return [each for each in findings if id(each) in kept]


def _about(located: Located, history: History, *, given: bool) -> About:
    event = history.event(*located.event) if located.event else None
    other = history.event(*located.runner_up) if located.runner_up else None
    return About(
        season=event.season if event else None,
        round=event.round if event else None,
        name=event.full_name if event else "",
        reasons=located.reasons,
        runner_up=other.full_name if other else "",
        sure=located.sure,
        given=given,
    )
