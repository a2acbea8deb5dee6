"""Who was awarded the point for the fastest lap, where results do not time laps."""

from __future__ import annotations

# Season, event, and the drivers who shared the point, by the name that Ergast's schema gives them.
_AWARDS = """
1950 british: farina
1950 monaco: fangio
1950 indianapolis-500: parsons
1950 swiss: farina
1950 belgian: farina
1950 french: fangio
1950 italian: fangio
1951 swiss: fangio
1951 indianapolis-500: wallard
1951 belgian: fangio
1951 french: fangio
1951 british: farina
1951 german: fangio
1951 italian: farina
1951 spanish: fangio
1952 swiss: taruffi
1952 indianapolis-500: vukovich
1952 belgian: ascari
1952 french: ascari
1952 british: ascari
1952 german: ascari
1952 dutch: ascari
1952 italian: ascari gonzalez
1953 argentine: ascari
1953 indianapolis-500: vukovich
1953 dutch: villoresi
1953 belgian: gonzalez
1953 french: fangio
1953 british: ascari gonzalez
1953 german: ascari
1953 swiss: ascari
1953 italian: fangio
1954 argentine: gonzalez
1954 indianapolis-500: mcgrath
1954 belgian: fangio
1954 french: herrmann
1954 british: gonzalez hawthorn marimon fangio moss behra ascari
1954 german: kling
1954 swiss: fangio
1954 italian: gonzalez
1954 spanish: ascari
1955 argentine: fangio
1955 monaco: fangio
1955 indianapolis-500: vukovich
1955 belgian: fangio
1955 dutch: mieres
1955 british: moss
1955 italian: moss
1956 argentine: fangio
1956 monaco: fangio
1956 indianapolis-500: paul_russo
1956 belgian: moss
1956 french: fangio
1956 british: moss
1956 german: fangio
1956 italian: moss
1957 argentine: moss
1957 monaco: fangio
1957 indianapolis-500: rathmann
1957 french: musso
1957 british: moss
1957 german: fangio
1957 pescara: moss
1957 italian: brooks
1958 argentine: fangio
1958 monaco: hawthorn
1958 dutch: moss
1958 indianapolis-500: bettenhausen
1958 belgian: hawthorn
1958 french: hawthorn
1958 british: hawthorn
1958 german: moss
1958 portuguese: hawthorn
1958 italian: phil_hill
1958 moroccan: moss
1959 monaco: jack_brabham
1959 indianapolis-500: thomson
1959 dutch: moss
1959 french: moss
1959 british: moss mclaren
1959 german: brooks
1959 portuguese: moss
1959 italian: phil_hill
1959 united-states: trintignant
2024 monaco: hamilton
"""


def _parsed(text: str) -> dict[tuple[int, str], tuple[str, ...]]:
    found = {}
    for line in text.strip().splitlines():
        where, _, names = line.partition(": ")
        season, _, event = where.partition(" ")
        full = event if event == "indianapolis-500" else f"{event}-grand-prix"
        found[int(season), full] = tuple(names.split())
    return found


FASTEST_LAPS = _parsed(_AWARDS)
