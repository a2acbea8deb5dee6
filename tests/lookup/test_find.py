"""Events and drivers are found however they are spelt, and errors name the nearest."""

from __future__ import annotations

import polars as pl
import pytest

from own_classes import two_classes
from racecraft.errors import ArgumentError, NotFoundError
from racecraft.lookup.find import find_car, find_driver, find_event
from racecraft.model.season import EVENTS
from racecraft.sources.sample.sample import sample_race, sample_season

CALENDAR = sample_season().events


def calendar(*events: tuple[int, str, str, str, str]) -> pl.DataFrame:
    names = ("round", "name", "circuit", "locality", "country")
    rows = [dict(zip(names, event, strict=True)) for event in events]
    return EVENTS.rows([row | {"event": row["name"].lower().replace(" ", "-")} for row in rows])


IN_2020 = calendar(
    (8, "Italian Grand Prix", "Autodromo Nazionale di Monza", "Monza", "Italy"),
    (9, "Tuscan Grand Prix", "Autodromo Internazionale del Mugello", "Mugello", "Italy"),
    (13, "Emilia Romagna Grand Prix", "Autodromo Enzo e Dino Ferrari", "Imola", "Italy"),
    (15, "Bahrain Grand Prix", "Bahrain International Circuit", "Sakhir", "Bahrain"),
    (16, "Sakhir Grand Prix", "Bahrain International Circuit", "Sakhir", "Bahrain"),
    (4, "British Grand Prix", "Silverstone Circuit", "Silverstone", "UK"),
    (5, "70th Anniversary Grand Prix", "Silverstone Circuit", "Silverstone", "UK"),
)
IN_1982 = calendar(
    (3, "United States Grand Prix West", "Long Beach", "Long Beach", "USA"),
    (7, "Detroit Grand Prix", "Detroit Street Circuit", "Detroit", "USA"),
    (16, "Caesars Palace Grand Prix", "Las Vegas Street Circuit", "Las Vegas", "USA"),
)
ONLY_NAMES = EVENTS.rows(
    [
        {"round": 20, "event": "brazilian-grand-prix", "name": "Brazilian Grand Prix"},
        {"round": 14, "event": "italian-grand-prix", "name": "Italian Grand Prix"},
    ]
)


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (20, "sao-paulo"), ("20", "sao-paulo"), ("São Paulo", "sao-paulo"),
        ("sao paulo", "sao-paulo"), ("SÃO PAULO GP", "sao-paulo"), ("brazil", "sao-paulo"),
        ("Brasil", "sao-paulo"), ("brazilian", "sao-paulo"), ("interlagos", "sao-paulo"),
        ("José Carlos Pace", "sao-paulo"), ("sao-paulo-grand-prix", "sao-paulo"),
        ("São Paulo Grand Prix", "sao-paulo"), ("us gp", "united-states"),
        ("United States", "united-states"), ("USA Grand Prix", "united-states"),
        ("cota", "united-states"), ("austin", "united-states"), ("vegas", "las-vegas"),
        ("miami", "miami"), ("spa", "belgian"), ("Spa-Francorchamps", "belgian"),
        ("monza", "italian"), ("italia", "italian"), ("baku", "azerbaijan"),
        ("Great Britain", "british"), ("uk", "british"), ("silverstone", "british"),
        ("Holland", "dutch"), ("zandvoort", "dutch"), ("mexico", "mexico-city"),
        ("méxico", "mexico-city"), ("mexican gp", "mexico-city"), ("Österreich", "austrian"),
        ("red bull ring", "austrian"), ("españa", "spanish"), ("catalunya", "spanish"),
        ("monte carlo", "monaco"), ("hungaroring", "hungarian"), ("budapest", "hungarian"),
        ("lusail", "qatar"), ("marina bay", "singapore"), ("suzuka", "japanese"),
        ("abu dhabi", "abu-dhabi"), ("yas", "abu-dhabi"), ("uae", "abu-dhabi"),
        ("jeddah", "saudi-arabian"), ("saudi", "saudi-arabian"), ("montréal", "canadian"),
        ("melbourne", "australian"), ("silverst", "british"), ("sakhir", "bahrain"),
    ],
)  # fmt: skip
def test_events_of_2023(text: str | int, event: str) -> None:
    assert find_event(CALENDAR, text) == f"{event}-grand-prix"


@pytest.mark.parametrize("row", CALENDAR.to_dicts(), ids=lambda row: row["event"])
def test_every_event_is_found_by_all_its_own_names(row: dict[str, object]) -> None:
    for field in ("round", "event", "name", "locality", "circuit"):
        assert find_event(CALENDAR, row[field]) == row["event"], field


@pytest.mark.parametrize(
    ("text", "event"),
    [("imola", "emilia-romagna"), ("mugello", "tuscan"), ("italian", "italian"),
     ("italy gp", "italian"), ("monza", "italian"), ("sakhir", "sakhir"), ("bahrain", "bahrain"),
     ("italy", "italian"), ("Italien", "italian"), ("uk", "british"), ("england", "british"),
     ("british", "british"), ("britain gp", "british"), ("70th anniversary", "70th-anniversary")],
)  # fmt: skip
def test_several_events_in_one_country(text: str, event: str) -> None:
    assert find_event(IN_2020, text) == f"{event}-grand-prix"


@pytest.mark.parametrize(
    ("season", "text"), [(IN_2020, "silverstone"), (IN_1982, "usa"), (IN_1982, "united states")]
)
def test_what_may_be_several_is_refused_and_they_are_named(season: pl.DataFrame, text: str) -> None:
    with pytest.raises(ArgumentError, match="may be any of") as error:
        find_event(season, text)
    assert "Grand Prix" in error.value.hint


@pytest.mark.parametrize("text", ["brazil", "interlagos", "sao paulo", "brasil gp", "20"])
def test_a_calendar_of_names_alone(text: str) -> None:
    assert find_event(ONLY_NAMES, text) == "brazilian-grand-prix"


@pytest.mark.parametrize(
    ("text", "near"),
    [("Sao Paolo", "São Paulo Grand Prix (20)"), ("japann", "Japanese Grand Prix (16)"),
     ("monca", "Italian Grand Prix (14)"),
     ("99", "rounds 1 to 22"), ("0", "rounds 1 to 22"), ("xyzzy", "rounds 1 to 22"),
     ("", "rounds 1 to 22"), ("gp", "rounds 1 to 22"), ("²", "rounds 1 to 22")],
)  # fmt: skip
def test_what_is_unknown_gets_the_nearest(text: str, near: str) -> None:
    with pytest.raises(NotFoundError) as error:
        find_event(CALENDAR, text, season=2023)
    assert near in error.value.hint


def test_a_season_without_events() -> None:
    with pytest.raises(NotFoundError, match="no event 'spa'"):
        find_event(EVENTS.empty(), "spa")


@pytest.mark.parametrize(
    ("text", "driver"),
    [("PER", "PER"), ("per", "PER"), ("Pérez", "PER"), ("perez", "PER"), (11, "PER"),
     ("11", "PER"), ("hülkenberg", "HUL"), ("hulkenberg", "HUL"), ("zhou", "ZHO"),
     ("Max Verstappen", "VER"), ("1", "VER"), ("Fernando", "ALO")],
)  # fmt: skip
def test_drivers(text: str | int, driver: str) -> None:
    assert find_driver(sample_race(20).entries, text) == driver


def test_an_unknown_driver_gets_the_nearest_or_all() -> None:
    entries = sample_race(20).entries
    with pytest.raises(NotFoundError) as error:
        find_driver(entries, "Verstapen")
    assert error.value.hint == "did you mean VER?"
    with pytest.raises(NotFoundError) as error:
        find_driver(entries, "Senna")
    assert "ALO" in error.value.hint


def test_two_brothers_need_a_code() -> None:
    drivers = pl.DataFrame(
        {"driver": ["MSC", "RSC"], "number": [5, 6], "given_name": ["Michael", "Ralf"],
         "family_name": ["Schumacher", "Schumacher"]}
    )  # fmt: skip
    with pytest.raises(ArgumentError, match=r"MSC \(Michael\), RSC \(Ralf\)"):
        find_driver(drivers, "schumacher")
    assert find_driver(drivers, "ralf schumacher") == "RSC"


@pytest.mark.parametrize(
    ("text", "car"), [("01", "01"), (1, "1"), ("Best", "1"), ("cid cole", "01"), ("East", "7")]
)
def test_a_shared_car_is_found_by_its_number_or_by_whoever_drove_it(
    text: str | int, car: str
) -> None:
    assert find_car(two_classes(), text) == car


def test_nobody_of_that_name_drove() -> None:
    with pytest.raises(NotFoundError, match="'Senna'"):
        find_car(two_classes(), "Senna")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("GP do Brasil", "sao-paulo-grand-prix"),
        ("Gran Premio de la Ciudad de México", "mexico-city-grand-prix"),
        ("Großer Preis von Ungarn", "hungarian-grand-prix"),
        ("Grand Prix des Pays-Bas", "dutch-grand-prix"),
        ("Grote Prijs van Oostenrijk", "austrian-grand-prix"),
        ("Gran Premio dell'Azerbaigian", "azerbaijan-grand-prix"),
        ("GP Österreich", "austrian-grand-prix"),
        ("Arabie Saoudite", "saudi-arabian-grand-prix"),
    ],
)
def test_events_in_other_tongues(asked: str, meant: str) -> None:
    assert find_event(sample_season().events, asked) == meant


def test_drivers_by_nickname() -> None:
    drivers = sample_season().drivers
    assert [find_driver(drivers, name) for name in ("Checo", "kmag", "Hulk")] == [
        "PER", "MAG", "HUL",
    ]  # fmt: skip
