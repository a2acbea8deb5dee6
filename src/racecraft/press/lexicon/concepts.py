"""Everything that a word can stand for: concepts, and kinds of names and numbers."""

from __future__ import annotations

from enum import StrEnum, auto


class Named(StrEnum):
    """Members whose value is their name."""

    @staticmethod
    def _generate_next_value_(name: str, *_: object) -> str:
        return name


class Concept(Named):
    """What a word of a language file can stand for; other names in such a file are an error."""

    # words that hold a sentence together
    THE = auto()
    A = auto()
    HIS = auto()
    HE = auto()
    HIM = auto()
    THEY = auto()
    IT = auto()
    BOTH = auto()
    EACH = auto()
    AND = auto()
    BUT = auto()
    WHEN = auto()
    IF = auto()
    WHO = auto()
    WHOSE = auto()
    THAT = auto()
    OF = auto()
    FOR = auto()
    FOUGHT_FOR = auto()
    AGO = auto()  # after so many years: "ago"
    AGO_BEFORE = auto()  # before them: "vor", "hace"
    TO = auto()
    FROM = auto()
    AT = auto()
    HERE = auto()  # at the place that is spoken of: "here", "at this track"
    ON = auto()
    WITH = auto()
    BY = auto()
    AS = auto()
    OVER = auto()
    THAN = auto()
    SINCE = auto()
    PRIOR = auto()
    AFTER = auto()
    IN_CAR = auto()
    NOT = auto()
    WITHOUT = auto()
    MODAL = auto()
    SEEM = auto()
    SAID = auto()
    # words that a person is called by
    PERSON = auto()
    TEAM_MATE = auto()
    PAIR = auto()
    COUNTRYMAN = auto()
    FORMER = auto()
    SENIOR = auto()
    YEAR_OLD = auto()
    AGED = auto()
    WINNER = auto()
    LEADER = auto()
    POLESITTER = auto()
    CHAMPION = auto()
    REIGNING = auto()
    # verbs, and what is said instead of one
    WIN = auto()
    FINISH = auto()
    BE = auto()
    TAKE = auto()
    HAVE = auto()
    START = auto()
    QUALIFY = auto()
    LEADS = auto()
    LED = auto()
    BEAT = auto()
    FOLLOW = auto()
    TRAIL = auto()
    LOSE = auto()
    COST = auto()
    NEARLY = auto()  # reached: "within a whisker of third"
    WON_BY = auto()
    FOLLOWED_BY = auto()
    COMPLETE_PODIUM = auto()
    COMPLETE_TOP_FIVE = auto()
    COMPLETE_TOP_SIX = auto()
    COMPLETE_TOP_TEN = auto()
    RETIRE = auto()
    DEBUT = auto()
    CRASH = auto()  # which is not always the end of a race
    AT_THE_FLAG = auto()  # which makes a place one of the race
    REACH = auto()  # come as far as a part of qualifying
    NO_START = auto()
    PASS = auto()
    BRAKE = auto()
    SWAP = auto()
    PIT = auto()
    SCORE = auto()
    CLINCH = auto()
    CUT = auto()
    EXTEND = auto()
    BACK_FROM = auto()
    CHASE = auto()
    CLIMB = auto()  # or fall, to another place, of a race or of the standings
    IS_OVER = auto()  # a race, for somebody
    RUNNING = auto()
    LAPS_LED = auto()
    # nouns, adverbs and adjectives
    VICTORY = auto()
    PODIUM = auto()
    PLACE = auto()
    RESULT = auto()  # the classification of a race
    COLUMN_OF_PLACES = auto()  # the head of such a column: "pos."
    TOP = auto()
    POLE = auto()
    FRONT_ROW = auto()
    BACK_ROW = auto()
    BACK_OF_GRID = auto()
    ROW = auto()
    PIT_LANE = auto()
    GRID = auto()
    SPRINT = auto()
    GP = auto()
    RACE = auto()
    STANDINGS = auto()
    CHAMPIONSHIP = auto()
    CONSTRUCTORS = auto()
    LEAD = auto()
    AHEAD = auto()
    LESS = auto()
    BEFORE = auto()
    ARRIVE = auto()
    BEHIND = auto()
    LEVEL = auto()
    SEASON = auto()
    THIS_SEASON = auto()
    CAREER = auto()
    IN_A_ROW = auto()
    MAIDEN = auto()
    FIRST = auto()
    RECORD = auto()
    ALL_TIME_LIST = auto()
    MOST = auto()
    DISQUALIFIED = auto()
    COMPARED = auto()  # with a place that was or was not reached: "better than"
    PROVISIONAL = auto()  # what tells of results that were changed after the flag
    YOUNGEST = auto()
    OLDEST = auto()
    DIFFERENT = auto()
    TITLE = auto()
    UNASSAILABLE = auto()
    CERTAIN = auto()
    STILL_POSSIBLE = auto()
    VERSUS = auto()
    ENGINE = auto()
    GEARBOX = auto()
    HYDRAULICS = auto()
    BRAKES = auto()
    SUSPENSION = auto()
    PUNCTURE = auto()
    ELECTRICAL = auto()
    COLLISION = auto()
    ACCIDENT = auto()
    POWER = auto()
    FUEL = auto()
    OIL = auto()
    WATER = auto()
    LAP = auto()
    LAPS = auto()
    TO_GO = auto()
    LAST_LAP = auto()
    PENULTIMATE_LAP = auto()
    FIRST_LAP = auto()
    BATTLE = auto()
    PENALTY = auto()
    GRID_PENALTY = auto()
    FASTEST_LAP = auto()
    RED_FLAG = auto()
    SAFETY_CAR = auto()
    VSC = auto()
    POINTS = auto()
    OUT_OF_POINTS = auto()
    IN_POINTS = auto()
    HOME = auto()
    ONE_TWO = auto()
    ALL = auto()
    NEXT = auto()
    LAST_TIME = auto()  # that something was done: "last won"
    PREVIOUS = auto()
    OPENER = auto()
    FINALE = auto()
    NUMBER_PLATE = auto()
    CORNER = auto()
    WEEK_EARLIER = auto()  # before the race that is told of
    LAST_YEAR = auto()
    YEAR_LATER = auto()
    OTHER = auto()
    ATTEMPT = auto()
    TIME = auto()
    MORE = auto()
    STARTS = auto()
    FORM = auto()
    MISTAKE = auto()
    TURN = auto()
    WEATHER = auto()
    TYRES = auto()
    MONEY = auto()
    SPECTATORS = auto()
    ODDS = auto()
    TEAM_ORDERS = auto()
    ONLY = auto()
    EVER = auto()
    DEFICIT = auto()
    GAP = auto()
    OUT_OF_TOP_TEN = auto()
    FURTHER = auto()


class Kind(Named):
    """What a name, a number or a day is."""

    DRIVER = auto()
    GIVEN = auto()
    TEAM = auto()
    VENUE = auto()
    NATIONALITY = auto()
    NATIONAL = auto()  # an adjective of a country, where it differs from what people are called
    NUMBER = auto()
    ORDINAL = auto()
    TIMES = auto()
    AGE = auto()
    UNIT = auto()
    HEDGE = auto()
    SECONDS = auto()
    YEAR = auto()
    DATE = auto()
    MONTH = auto()
    WEEKDAY = auto()
    PARTICLE = auto()
    WORD = auto()
    PUNCT = auto()


GRAMMAR = frozenset(Concept) & frozenset(
    Concept[name]
    for name in (
        "THE",
        "A",
        "HIS",
        "HE",
        "HIM",
        "THEY",
        "IT",
        "BOTH",
        "EACH",
        "AND",
        "BUT",
        "WHEN",
        "IF",
        "WHO",
        "WHOSE",
        "THAT",
        "OF",
        "FOR",
        "FOUGHT_FOR",
        "AGO",
        "AGO_BEFORE",
        "TO",
        "FROM",
        "AT",
        "HERE",
        "ON",
        "WITH",
        "BY",
        "AS",
        "OVER",
        "THAN",
        "SINCE",
        "PRIOR",
        "AFTER",
        "IN_CAR",
        "NOT",
        "MODAL",
        "SEEM",
        "SAID",
    )
)
VERBS = frozenset(
    Concept[name]
    for name in (
        "WIN",
        "FINISH",
        "BE",
        "TAKE",
        "HAVE",
        "START",
        "QUALIFY",
        "LEADS",
        "LED",
        "BEAT",
        "FOLLOW",
        "TRAIL",
        "LOSE",
        "COST",
        "WON_BY",
        "FOLLOWED_BY",
        "COMPLETE_PODIUM",
        "COMPLETE_TOP_FIVE",
        "COMPLETE_TOP_SIX",
        "COMPLETE_TOP_TEN",
        "RETIRE",
        "CRASH",
        "DEBUT",
        "REACH",
        "NO_START",
        "PASS",
        "BRAKE",
        "SWAP",
        "PIT",
        "SCORE",
        "CLINCH",
        "CUT",
        "EXTEND",
        "BACK_FROM",
        "CHASE",
        "CLIMB",
        "IS_OVER",
        "RUNNING",
        "LAPS_LED",
    )
)
