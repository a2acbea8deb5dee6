"""Charts of a race as SVG: who would win, places, battles, tyres, overtakes, pace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from racecraft.show.svg.pen import WIDTH, Sheet, crossings, element, ticks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from racecraft.show.charts.battle import BattleChart
    from racecraft.show.charts.lap_chart import LapChart
    from racecraft.show.charts.overtakes import OvertakesChart
    from racecraft.show.charts.shapes import Mark, Trace
    from racecraft.show.charts.strategy import StrategyChart
    from racecraft.show.charts.win_probability import WinChart

LAP_ROW, STRIP_ROW, KIND_ROW, PACE_ROW = 14.0, 14.0, 22.0, 14.0
HEAP = 5  # dots of one lap that stand apart on either side of the first
NEAR_THE_END = 4  # laps: a car that stopped so late is named with those that finished
ROOM_FOR_LETTER = 11.0
BAND = 1.645  # standard errors on either side: 90 %
COMPOUND_COLOURS = {
    "soft": "#d55e00", "medium": "#e69f00", "hard": "#4a4a4a", "intermediate": "#009e73",
    "wet": "#0072b2", "unknown": "#8c8c8c",
}  # fmt: skip


def win_svg(chart: WinChart, words: Mapping[str, str]) -> Element:
    """The chance to win, lap by lap, with its moments numbered."""
    end = max(trace.x[-1] for trace in chart.traces)
    sheet = Sheet(f"{chart.title}: {words['win']}", 270.0, (0.0, end), (0.0, 1.0))
    sheet.bands(chart.bands)
    sheet.up([(share, f"{share * 100:.0f} %") for share in (0, 0.25, 0.5, 0.75, 1)])
    winner = chart.traces[0]
    area = sheet.path(winner.x, winner.y)
    sheet.add("path", d=f"{area}V{sheet.at_y(0):.1f}H{sheet.at_x(winner.x[0]):.1f}Z",
              class_="area c0")  # fmt: skip
    for trace in reversed(chart.traces):
        sheet.line(trace.x, trace.y, _kind(trace, "thin dotted soft-line"))
    sheet.names(chart.traces)
    for mark in chart.marks:
        x, y = sheet.at_x(mark.x), sheet.at_y(mark.y)
        sheet.add("circle", element("title", mark.words), cx=x, cy=y, r=7.5, class_="mark")
        sheet.text(str(mark.number), x, y + 3.6, "strong middle")
    sheet.across(words["laps_done"], chart.laps)
    return sheet.done()


def lap_chart_svg(chart: LapChart, words: Mapping[str, str]) -> Element:
    """Places of all cars, those that mattered in colour."""
    height = 46 + LAP_ROW * max(chart.cars, 4)
    sheet = Sheet(f"{chart.title}: {words['places']}", height, (0.0, float(chart.laps)),
                  (chart.cars + 0.5, 0.5))  # fmt: skip
    sheet.bands(chart.bands)
    for place in (1, *range(5, chart.cars + 1, 5)):
        sheet.text(str(place), 30, sheet.at_y(place) + 3.5, "small soft end")
    home = []
    for trace in chart.traces:
        sheet.line(trace.x, trace.y, _kind(trace, "thin"))
        if chart.out.get(trace.car, chart.laps) >= chart.laps - NEAR_THE_END:
            home.append(trace)
            continue
        x, y = (f(v) for f, v in zip((sheet.at_x, sheet.at_y), trace.last, strict=True))
        cross = f"M{x - 3:.1f} {y - 3:.1f}l6 6m0-6l-6 6"
        sheet.add("path", d=cross, class_=f"line {_kind(trace, 'thin')}")
        sheet.text(trace.name, x + 6, y + 3.5, f"small name {_kind(trace)}".strip())
    sheet.names(home, least=min(LAP_ROW, 13.0))
    sheet.across(words["laps_done_grid"], chart.laps)
    return sheet.done()


def battle_svg(chart: BattleChart, words: Mapping[str, str]) -> Element:
    """Interval of a battle at every timing line, with its swaps."""
    low, high = min(0.0, *chart.behind), max(0.0, *chart.behind)
    room = 0.18 * (high - low) or 0.1
    title = f"{chart.names[chart.first]}, {chart.names[chart.second]}: {words['interval']}"
    sheet = Sheet(title, 190.0, (chart.at[0], chart.at[-1]), (low - room, high + room),
                  (34.0, 8.0, 12.0, 30.0))  # fmt: skip
    step = next(
        step for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 1e9) if (high - low) < 5 * step
    )
    marks = [step * i for i in range(int(low / step) - 1, int(high / step) + 2)]
    sheet.up([(at, f"{abs(at):.1f}") for at in marks if low - room < at < high + room])
    xs, ys = crossings(chart.at, chart.behind)
    for sign, car, colour in ((1, chart.first, "c0"), (-1, chart.second, "c1")):
        side = [max(sign * y, 0.0) * sign for y in ys]
        if not any(side):
            continue
        zero = sheet.at_y(0)
        area = sheet.path(xs, side)
        sheet.add("path", d=f"{area}V{zero:.1f}H{sheet.at_x(xs[0]):.1f}Z", class_=f"area {colour}")
        y = sheet.at_y(high + room) + 12 if sign > 0 else sheet.at_y(low - room) - 4
        ahead = words["ahead"].format(name=chart.names[car])
        sheet.text(ahead, sheet.margins[0] + 4, y, f"name strong {colour}")
    for swap in chart.swaps:
        colour = "c0" if swap.car == chart.first else "c1"
        x = sheet.at_x(swap.x)
        down = f"M{x:.1f} {sheet.at_y(high + room):.1f}V{sheet.at_y(low - room):.1f}"
        words_of_swap = element("title", swap.words)
        sheet.add("path", words_of_swap, d=down, class_=f"line thin dotted {colour}")
    sheet.line(chart.at, chart.behind, "thin ink")
    sheet.across(words["laps_done"], chart.at[-1], chart.at[0])
    return sheet.done()


def strategy_svg(chart: StrategyChart, words: Mapping[str, str]) -> Element:
    """Stints of every car by compound."""
    sheet = Sheet(f"{chart.title}: {words['tyres']}", 40 + STRIP_ROW * len(chart.rows),
                  (0.0, float(chart.laps)), (float(len(chart.rows)), 0.0),
                  (82.0, 4.0, 8.0, 30.0))  # fmt: skip
    for row, (name, stints) in enumerate(chart.rows):
        y = sheet.at_y(row)
        sheet.text(name, 78, y + 10.5, "end")
        for stint in stints:
            left, right = sheet.at_x(stint.first), sheet.at_x(stint.last)
            told = f"{name}: {stint.compound}, {stint.first + 1:g}-{stint.last:g}"
            sheet.add("rect", element("title", told), x=left + 0.5, y=y + 1.5, height=11.0,
                      width=max(right - left - 1, 1.0), rx=2,
                      fill=COMPOUND_COLOURS[stint.compound])  # fmt: skip
            if right - left > ROOM_FOR_LETTER and stint.compound != "unknown":
                dark = stint.compound == "medium"
                sheet.add("text", words[f"letter_{stint.compound}"], x=(left + right) / 2,
                          y=y + 10.3, class_="small strong middle",
                          style=f"fill:{'#000' if dark else '#fff'}")  # fmt: skip
    sheet.across(words["laps_done"], chart.laps)
    return sheet.done()


def overtakes_svg(chart: OvertakesChart, words: Mapping[str, str]) -> Element:
    """Changes of position, a row a kind, a dot for each, over the bands of flags."""
    sheet = Sheet(f"{chart.title}: {words['overtakes']}", 56 + KIND_ROW * len(chart.rows),
                  (0.0, float(chart.laps)), (float(len(chart.rows)), 0.0),
                  (112.0, 16.0, 30.0, 30.0))  # fmt: skip
    sheet.bands(chart.bands)
    for row, (kind, changes) in enumerate(chart.rows):
        y = sheet.at_y(row + 0.5)
        sheet.text(words[f"kind_{kind}"], 106, y + 3.5, "end")
        sheet.text(str(len(changes)), WIDTH - 24, y + 3.5, "strong")
        dots = [
            element("circle", element("title", "; ".join(told)), cx=sheet.at_x(x), cy=y + up, r=2.4)
            for (x, up), told in _heaped(changes).items()
        ]
        sheet.add("g", *dots, class_=f"fill c{row % 8}", fill_opacity=0.75)
    sheet.across(words["laps"], chart.laps)
    return sheet.done()


def _heaped(changes: Sequence[Mark]) -> dict[tuple[float, float], list[str]]:
    """What each dot of a row tells, by its lap and how far it stands above or below the row.

    The first few of a lap stand apart, and all further ones share a dot.
    """
    stacked: dict[int, int] = {}
    dots: dict[tuple[float, float], list[str]] = {}
    for one in changes:
        level = stacked[int(one.x)] = stacked.get(int(one.x), -1) + 1
        up = min(level, HEAP) * 2.6 * (1 if min(level, HEAP) % 2 else -1) / 1.6
        dots.setdefault((one.x, up), []).append(one.words)
    return dots


def pace_svg(
    rows: Sequence[tuple[str, float, float]],
    title: str,
    words: Mapping[str, str],
    *,
    classes: bool = False,
) -> Element:
    """Race pace of every driver: name, seconds a lap behind the fastest, standard error.

    With `classes`, behind the fastest of its class.
    """
    most = max(behind + BAND * error for _, behind, error in rows)
    least = min(behind - BAND * error for _, behind, error in rows)
    sheet = Sheet(f"{title}: {words['pace']}", 40 + PACE_ROW * len(rows), (min(least, 0.0), most),
                  (float(len(rows)), 0.0), (82.0, 4.0, 40.0, 30.0))  # fmt: skip
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 1e9) if most / s <= 7)
    for i in range(int(most / step) + 1):
        x = sheet.at_x(i * step)
        sheet.add("path", d=f"M{x:.1f} 4V{sheet.height - 30:.1f}", class_="grid")
        sheet.text(f"{i * step:g}", x, sheet.height - 18, "small soft middle")
    sheet.text(
        words["behind_class_s" if classes else "behind_s"],
        WIDTH / 2,
        sheet.height - 5,
        "small soft middle",
    )
    for row, (name, behind, error) in enumerate(rows):
        y = sheet.at_y(row + 0.5)
        left, right = sheet.at_x(behind - BAND * error), sheet.at_x(behind + BAND * error)
        sheet.text(name, 78, y + 3.5, "end")
        sheet.add("path", d=f"M{left:.1f} {y:.1f}H{right:.1f}", class_="line thin c0")
        sheet.add("circle", cx=sheet.at_x(behind), cy=y, r=3.2, class_="fill c0")
        sheet.text(f"{behind:.2f}", WIDTH - 4, y + 3.5, "small soft end")
    return sheet.done()


def points_svg(traces: Sequence[Trace], title: str, words: Mapping[str, str]) -> Element:
    """Points over a season, the first of the standings first."""
    last = max(trace.x[-1] for trace in traces)
    top = max(max(trace.y) for trace in traces) or 1.0
    sheet = Sheet(title, 290.0, (0.0, last), (0.0, top * 1.02))
    sheet.up([(value, f"{value:g}") for value in ticks(0, top, 6)])
    for trace in reversed(traces):
        sheet.line((0.0, *trace.x), (0.0, *trace.y), _kind(trace, "thin"))
    sheet.names(traces)
    sheet.across(words["round"], last, 1)
    return sheet.done()


def _kind(trace: Trace, grey: str = "") -> str:
    return grey if trace.colour is None else f"c{trace.colour}"
