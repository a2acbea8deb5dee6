"""Files in the shape of Al Kamel's, made here: two classes, five cars, stops, a caution."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEADS = {
    "imsa": (
        "NUMBER, DRIVER_NUMBER, LAP_NUMBER, LAP_TIME, LAP_IMPROVEMENT, CROSSING_FINISH_LINE_IN_PIT,"
        " S1, S1_IMPROVEMENT, S2, S2_IMPROVEMENT, S3, S3_IMPROVEMENT, KPH, ELAPSED, HOUR,S1_LARGE,"
        "S2_LARGE,S3_LARGE,TOP_SPEED,DRIVER_NAME,PIT_TIME,CLASS,GROUP,TEAM,MANUFACTURER,FLAG_AT_FL,"
    )
}
HEADS["wec_2019"] = HEADS["imsa"].replace("FLAG_AT_FL,", "").replace(",", ";")
HEADS["wec_2025"] = HEADS["imsa"].replace(",", ";") + "S1_SECONDS;S2_SECONDS;S3_SECONDS;"

# Car, class, team, drivers, lap times in thousandths; a stop ends a lap that is marked.
CARS = (
    ("01", "GTP", "Blue Racing", ("Ann Archer", "Bea Baker"), (90_100, 90_200, 120_300, 91_000)),
    ("1", "GTD", "Red Racing", ("Cy Cole", "Dan Dent"), (95_000, 125_000, 96_000)),
    ("7", "GTP", "Green Racing", ("Eve Early", "Flo Frost"), (90_300, 90_100, 90_250, 90_400)),
    ("24", "GTD", "Grey Racing", ("Gus Grant", "Hal Hunt"), (95_500, 96_000, 96_500)),
    ("007", "GTD", "Gold Racing", ("Ian Ives", "Jo Jones"), (95_700, 96_100)),
)
STOPS = {("01", 2): 25_000, ("1", 1): 31_500}  # lap that ends in the lane, time spent there
FLAGS = {3: "FCY"}


def clock(milliseconds: int) -> str:
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes}:{rest / 1000:06.3f}" if minutes else f"{rest / 1000:.3f}"


def laps_csv(
    kind: str = "imsa", *, edit: dict[tuple[str, int], dict[str, str]] | None = None
) -> bytes:
    """Analysis file of one kind; ``edit`` replaces cells of one car's lap by their column."""
    head = HEADS[kind]
    mark = ";" if ";" in head else ","
    names = [name.strip() for name in head.split(mark)]
    lines = [head]
    for car, group, team, drivers, times in CARS:
        elapsed, driver, spent = 0, 0, ""
        for lap, time in enumerate(times, 1):
            elapsed += time
            stop = STOPS.get((car, lap))
            first, second = time // 3, time // 3
            cells = {
                "NUMBER": car, "DRIVER_NUMBER": str(driver + 1), "LAP_NUMBER": str(lap),
                "LAP_TIME": clock(time), "S1": clock(first), "S2": clock(second),
                "S3": clock(time - first - second), "ELAPSED": clock(elapsed),
                "HOUR": f"23:{58 + elapsed // 60_000}:{elapsed % 60_000 / 1000:06.3f}",
                "CROSSING_FINISH_LINE_IN_PIT": "B" if stop else "", "PIT_TIME": spent,
                "DRIVER_NAME": drivers[driver], "CLASS": group, "TEAM": team,
                "MANUFACTURER": "Toy", "FLAG_AT_FL": FLAGS.get(lap, "GF"),
            }  # fmt: skip
            spent = clock(stop) if stop else ""
            driver = driver + 1 if stop else driver
            cells |= (edit or {}).get((car, lap), {})
            lines.append(mark.join(cells.get(name, "") for name in names))
    end = "\r\n" if mark == ";" else "\n"
    return ("\ufeff" + end.join(lines) + end).encode()


RESULTS_HEAD = (
    "POSITION,NUMBER,STATUS,LAPS,TOTAL_TIME,GAP_FIRST,GAP_PREVIOUS,FL_LAPNUM,FL_TIME,FL_KPH,TEAM,"
    "CLASS,GROUP,DIVISION,VEHICLE,RUBBER,DRIVER1_FIRSTNAME,DRIVER1_SECONDNAME,"
)
# As the cars cross the Line: 7 takes 361.050 s for four laps, 01 takes 391.600 s.
ROWS = (
    "1,7,Classified,4,6:01.050,-,-,2,1:30.100,,Green Racing,GTP,,,Toy G,M,Eve,Early,",
    "2,01,Classified,4,6:31.600,+30.550,+30.550,1,1:30.100,,Blue Racing,GTP,,,Toy B,M,Ann,Archer,",
    "3,24,Classified,3,4:48.000,1 Lap,1 Lap,1,1:35.500,,Grey Racing,GTD,,,Toy Y,M,Gus,Grant,",
    '4,1,Classified,3,5:16.000,1 Lap,+28.000,1,1:35.000,,"Red Racing, Ltd",GTD,,,Toy R,M,Cy,Cole,',
    "5,007,Classified,2,3:11.800,2 Laps,1 Lap,1,1:35.700,,Gold Racing,GTD,,,Toy O,M,Ian,Ives,",
    ",80,Not started,0,,,,0,,,Late Racing,GTD,,,Toy L,M,Kim,Kerr,",
)


def results_csv(*rows: str) -> bytes:
    return ("\ufeff" + "\n".join([RESULTS_HEAD, *(rows or ROWS)]) + "\n").encode()


def folder_of(place: Path, *, laps: bytes | None = None, results: bytes | None = None) -> Path:
    """Folder of a race as it is published, in one that names the event."""
    folder = place / "imsa_2023_long_beach"
    folder.mkdir()
    for data, name in (
        (laps, "202304151405-race-laps.csv"),
        (results, "202304151405-race-results.csv"),
    ):
        if data is not None:
            (folder / name).write_bytes(data)
    (folder / "202304151405-race-weather.csv").write_bytes(b"")
    return folder
