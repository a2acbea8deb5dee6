"""What a text says, before anybody asks whether it is true."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

T = TypeVar("T")

EntityKind = Literal[
    "driver", "team", "event", "season", "circuit", "country", "nation", "engine", "person", "role",
    "everybody",
]  # fmt: skip
Relation = Literal["", "over", "&"]
Hedge = Literal["exact", "over", "under", "almost", "about", "at least", "at most"]
Polarity = Literal["affirmed", "denied"]
Modality = Literal["fact", "plan", "question", "hypothesis", "hope", "opinion"]
UNKNOWN_SEASON = -1  # another one than the article's, which nothing tells: "last year", undated
Session = Literal["race", "sprint", "qualifying", "sprint qualifying", "practice", "grid"]
Bound = Literal[
    "named",  # by name, in the same clause
    "apposition",  # beside its name: "Alonso (42)", "the Spaniard, who ..."
    "pronoun",  # he, his, who
    "epithet",  # the Spaniard, the 2008 champion, his team-mate
    "list",  # by the place in a list: "Hamilton 68, Bottas 64"
    "heading",  # a heading, a label, a dated paragraph
    "carried",  # from a clause or sentence before
    "assumed",  # nothing says so: the article's own race, its season
    "unbound",
]
Moment = Literal[
    "before",  # before the race of that event, or before the weekend
    "start",  # the grid and the first corners
    "lap",  # at the end of lap `lap`
    "flag",  # as the race was run: on the road
    "result",  # the classification
    "after",  # the standings or the count after that race, it included
    "season so far",
    "end of season",
    "career",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something that a claim is about.

    ``id`` is what the roster knows it by: ``driver_id`` of a driver, ``team_id`` of a team,
    ``"2012-5"`` (season and round) of an event, the year of a season, the name of a circuit or
    country as in ``events``, the code of a nation (``"GB"``). A person without a place on any grid
    has no id.

    A *role* is symbolic, because only the results tell who is meant: ``"winner"``,
    ``"runner-up"``, ``"last"``, ``"pole"``, ``"leader"`` (of the championship), ``"champion"``,
    ``"place"`` (with ``of`` the place: ``"3"``), ``"teammate"`` (with ``of`` a ``driver_id``). The
    judge resolves it at the event of the claim.
    """

    kind: EntityKind
    id: str
    name: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class EventRef:
    """Which event is meant: known by season and round, or as the text puts it.

    ``step`` counts races from the one that the article is about: 0 is itself, -1 the one before.
    With ``name`` (of a grand prix, circuit, country or town, as in the roster) and no round, it
    is the event of that name in the season of the scope. All empty: no single event is meant.
    """

    season: int | None = None
    round: int | None = None
    name: str = ""
    step: int | None = None

    @property
    def key(self) -> tuple[int, int] | None:
        """Season and round where both are known."""
        return (self.season, self.round) if self.season and self.round else None


@dataclass(frozen=True, slots=True)
class Slot(Generic[T]):
    """One part of a claim: what it is read as, how that was bound, and what else it may be.

    ``others`` are the competing candidates with their weight relative to that of ``value`` (1.0),
    the likeliest first: data for the judge, who alone may try them. ``distance`` counts the
    tokens between the words of the claim and those that bind the slot.
    """

    value: T
    bound: Bound = "named"
    others: tuple[tuple[T, float], ...] = ()
    distance: int = 0

    @property
    def open(self) -> bool:
        """Whether something else may be meant."""
        return bool(self.others) or self.bound == "unbound"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where and when a claim is said to hold. A season of 0 is that of the article's race."""

    event: Slot[EventRef] = field(default_factory=lambda: Slot(EventRef(step=0), "assumed"))
    season: Slot[int] = field(default_factory=lambda: Slot(0, "assumed"))
    session: Slot[Session] = field(default_factory=lambda: Slot("race", "assumed"))
    moment: Slot[Moment] = field(default_factory=lambda: Slot("unknown", "assumed"))
    lap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing that a text says; nothing in it was looked up in any result.

    ``subjects`` are one or two (none for a claim about the whole event or season, which
    ``scope`` then names). With ``relation`` ``"over"`` the first is ahead of the second; such a
    direction is read or the claim is not made, it is never open. ``value`` is in ``unit``, as its
    claim type documents; ``hedge`` is how the figure is hedged ("more than"), ``hedged`` whether
    the statement is ("reportedly"). ``details`` are the further parts that its type documents
    (``place``, ``nation``, ``since``, ``races``, ``other``, ...). ``named`` are all people and
    teams of the sentence: whom the claim may have been meant for. ``features`` are numbers for the
    model of confidence; ``start`` and ``end`` the span of ``quote`` in the text of the article.
    """

    claim_type: str
    sentence: str
    quote: str
    start: int
    end: int
    subjects: tuple[Slot[Entity], ...] = ()
    relation: Relation = ""
    value: Any = None
    unit: str = ""
    hedge: Hedge = "exact"
    scope: Scope = field(default_factory=Scope)
    polarity: Polarity = "affirmed"
    modality: Modality = "fact"
    hedged: bool = False
    attributed_to: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    named: tuple[Entity, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)
    source: Literal["rules", "guess", "model"] = "rules"

    @property
    def subject(self) -> str:
        """Whom or what it is about: ``A``, ``A over B`` or ``A & B``."""
        return f" {self.relation or '&'} ".join(slot.value.name for slot in self.subjects)

    @property
    def open(self) -> tuple[str, ...]:
        """Names of the parts that may be meant otherwise; never the direction of a pair."""
        parts: dict[str, Slot[Any]] = {
            f"subject {n}": slot for n, slot in enumerate(self.subjects, 1)
        }
        scope = self.scope
        parts |= {
            "event": scope.event, "season": scope.season,
            "session": scope.session, "moment": scope.moment,
        }  # fmt: skip
        return tuple(name for name, slot in parts.items() if slot.open)


@dataclass(frozen=True, slots=True)
class EventClue:
    """A reason to think that the article is about an event, without a look at any result."""

    season: int
    round: int
    weight: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that an article says, and which events it may be about, the likeliest first.

    ``guesses`` are what it may say beside that, for the judge alone (`reading.guesses`);
    ``doubts`` are what went wrong while it was read, a sentence each.
    """

    claims: tuple[Claim, ...] = ()
    guesses: tuple[Claim, ...] = ()
    clues: tuple[EventClue, ...] = ()
    lang: str = "en"
    day: date | None = None
    about_racing: bool = True
    doubts: tuple[str, ...] = ()
