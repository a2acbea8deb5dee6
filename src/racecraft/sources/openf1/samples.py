"""What the cars measured and where they were: ``car_data`` and ``location`` of OpenF1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.errors import UnreadableError
from racecraft.sources.openf1 import api
from racecraft.sources.shared.car_samples import CAR_ROWS, PLACE_ROWS, with_car_samples

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from racecraft.model.race import Race

# Fields of a row, by what it is called here.
CAR = {"speed": "speed", "throttle": "throttle", "brake": "brake", "gear": "n_gear", "drs": "drs"}
PLACE = {"x": "x", "y": "y", "z": "z"}


def with_samples(race: Race, answers: Mapping[str, bytes], zero: datetime) -> Race:
    """Race with what its cars sent.

    Parameters
    ----------
    answers
        Of `racecraft.sources.openf1.api.fetch`; those of ``car_data`` and ``location`` are read.
    zero
        Lights out.

    Raises
    ------
    UnreadableError
        An answer is none.
    """
    codes = dict(race.entries["number", "car"].drop_nulls().rows())
    cars, places = (
        _rows(answers, name, fields, codes, zero, schema)
        for name, fields, schema in (
            (api.CAR_DATA, CAR, CAR_ROWS), (api.LOCATION, PLACE, PLACE_ROWS)
        )
    )  # fmt: skip
    return with_car_samples(race, cars, places) if cars.height or places.height else race


def _rows(
    answers: Mapping[str, bytes],
    name: str,
    fields: Mapping[str, str],
    codes: Mapping[str, str],
    zero: datetime,
    schema: Mapping[str, Any],
) -> pl.DataFrame:
    parts = [pl.DataFrame(schema=schema)]
    for key, body in answers.items():
        rows = api.rows_of(key, body) if key.startswith(name) else []
        if not rows:
            continue
        columns = {ours: [row.get(theirs) for row in rows] for ours, theirs in fields.items()}
        columns["number"] = [str(row.get("driver_number")) for row in rows]
        columns["date"] = [str(row.get("date")) for row in rows]
        try:
            table = pl.DataFrame(columns, strict=True, infer_schema_length=None)
            read = table.select(
                pl.col("number").replace_strict(codes, default=None).alias("car"),
                pl.col("date").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", time_unit="us",
                                               strict=False).alias("time") - zero,
                *(pl.col(ours).cast(schema[ours]) for ours in fields),
            )  # fmt: skip
        except (pl.exceptions.PolarsError, TypeError) as error:
            raise UnreadableError(
                f"openf1 {key}: {str(error).splitlines()[0][:80]}; expected numbers", file=key
            ) from error
        parts.append(read.drop_nulls(["car", "time"]))
    return pl.concat(parts)
