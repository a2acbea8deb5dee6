from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from racecraft.sources.ergast.driver_codes import codes


def test_official_codes_stand() -> None:
    drivers = [("a", None, "Verne", "Jules"), ("b", "VER", "Verstappen", "Max")]
    assert codes(drivers) == {"b": "VER", "a": "VEN"}


def test_one_official_code_for_two() -> None:
    drivers = [("schumacher", "MSC", "Schumacher", "M"), ("mick", "MSC", "Schumacher", "Mick")]
    assert codes(drivers) == {"mick": "MSC", "schumacher": "SCH"}


def test_names_without_letters() -> None:
    assert codes([("a", None, "?", None), ("b", None, "Ng", None)]) == {"a": "AAA", "b": "AAB"}


names = st.tuples(
    st.text(min_size=1, max_size=3), st.none(), st.text(max_size=4), st.none() | st.text(max_size=2)
)


@given(st.lists(names, max_size=40, unique_by=lambda driver: driver[0]), st.randoms())
def test_every_driver_has_a_code_of_his_own_whatever_the_order(drivers, random) -> None:
    made = codes(drivers)
    assert len(set(made.values())) == len(drivers)
    assert all(re.fullmatch("[A-Z]{3}", code) for code in made.values())
    random.shuffle(drivers)
    assert codes(drivers) == made
