"""An article and what is said of it, small enough to check by hand."""

from __future__ import annotations

from datetime import date

from racecraft.press.finding import About, Checked, Finding
from racecraft.press.intake.article import Article

FIRST = "Fernando Alonso finished third on Sunday, 0.053 seconds ahead of Sergio Pérez."
SECOND = "Marko said that Pérez leads Hamilton by an <b>unassailable</b> 31 points & more."
TEXT = f"{FIRST} What a race!\n\n{SECOND}"
ARTICLE = Article(
    text=TEXT, title="Alonso <beats> Pérez", date=date(2023, 11, 6), lang="en", name="alonso.txt"
)


def span(words: str) -> dict[str, int]:
    return {"start": TEXT.index(words), "end": TEXT.index(words) + len(words)}


FINDINGS = (
    Finding(
        sentence=FIRST,
        **span("Fernando Alonso finished third"),
        claim_type="finish_position",
        subject="Fernando Alonso",
        value=3,
        season=2023,
        round=20,
        verdict="supported",
        found=3,
        evidence=(
            {"table": "results", "season": 2023, "round": 20, "driver": "ALO", "position": 3},
        ),
        reason="Alonso was classified third.",
        confidence=0.95,
        claim="Fernando Alonso: finished third",
    ),
    Finding(
        sentence=FIRST,
        **span("0.053 seconds ahead of Sergio Pérez"),
        claim_type="time_gap",
        subject="Fernando Alonso over Sergio Pérez",
        value=0.053,
        season=2023,
        round=20,
        verdict="supported",
        found=0.053,
        consistent=True,
        confidence=0.9,
        claim="Fernando Alonso over Sergio Pérez: 0.053 s ahead",
    ),
    Finding(
        sentence=SECOND,
        **span("Pérez leads Hamilton by an <b>unassailable</b> 31 points"),
        claim_type="points_gap",
        subject="Sergio Pérez over Lewis Hamilton",
        value=31,
        season=2023,
        verdict="contradicted",
        found=32.0,
        evidence=(
            {"table": "standings", "driver": "PER", "points": 258.0},
            {"table": "standings", "driver": "HAM", "points": 226.0},
        ),
        reason="Pérez led Hamilton by 32 points.",
        confidence=0.8,
        read_as="Sergio Pérez over Lewis Hamilton; 31 points ahead; 2023",
        claim="Sergio Pérez over Lewis Hamilton: 31 points ahead",
        attributed_to="Helmut Marko",
    ),
    Finding(
        sentence=SECOND,
        **span("unassailable"),
        claim_type="title_math",
        subject="Sergio Pérez",
        value="secured",
        verdict="uncheckable",
        reason="The calendar of the season is not stored.",
        hint="racecraft data add jolpica 2023",
        claim="Sergio Pérez: championship place secured",
    ),
)
CHECKED = Checked(
    FINDINGS,
    About(season=2023, round=20, name="2023 São Paulo Grand Prix", reasons=("Sunday",), sure=True),
)
