"""What people call the countries and circuits that races are held in, as one would type it.

Every word here is folded: no accents, no capitals.
"""

from __future__ import annotations

# One row per country: how sources spell it, the adjective that names its Grand Prix, other tongues.
COUNTRIES: tuple[tuple[str, ...], ...] = (
    ("argentina", "argentine", "argentinian"),
    ("australia", "australian"),
    ("austria", "austrian", "osterreich"),
    ("azerbaijan", "azerbaijani"),
    ("bahrain", "bahraini"),
    ("belgium", "belgian", "belgique", "belgie"),
    ("brazil", "brazilian", "brasil"),
    ("canada", "canadian"),
    ("china", "chinese"),
    ("france", "french"),
    ("germany", "german", "deutschland"),
    ("hungary", "hungarian", "magyarorszag"),
    ("india", "indian"),
    ("italy", "italian", "italia"),
    ("japan", "japanese"),
    ("korea", "korean", "south korea"),
    ("malaysia", "malaysian"),
    ("mexico", "mexican"),
    ("monaco", "monegasque"),
    ("morocco", "moroccan"),
    ("netherlands", "dutch", "holland", "nederland"),
    ("portugal", "portuguese"),
    ("qatar", "qatari"),
    ("russia", "russian"),
    ("saudi arabia", "saudi arabian", "saudi", "ksa"),
    ("singapore", "singaporean"),
    ("south africa", "south african"),
    ("spain", "spanish", "espana"),
    ("sweden", "swedish"),
    ("switzerland", "swiss"),
    ("turkey", "turkish", "turkiye"),
    ("uae", "united arab emirates", "emirates"),
    ("uk", "united kingdom", "great britain", "britain", "british", "england", "gb"),
    ("usa", "united states", "united states of america", "us", "u s", "america", "american"),
)  # fmt: skip

# Nickname of a circuit or place: words of its name; then of its events, where circuits are unknown.
NICKNAMES: dict[str, tuple[str, ...]] = {
    "a1 ring": ("red bull ring", "austrian"),
    "albert park": ("albert park", "australian"),
    "austin": ("circuit of the americas", "united states"),
    "baku": ("baku", "azerbaijan"),
    "barcelona": ("barcelona", "spanish"),
    "budapest": ("hungaroring", "hungarian"),
    "catalunya": ("catalunya", "spanish"),
    "cota": ("circuit of the americas", "united states"),
    "doha": ("losail", "qatar"),
    "francorchamps": ("spa francorchamps", "belgian"),
    "hungaroring": ("hungaroring", "hungarian"),
    "imola": ("enzo e dino ferrari", "emilia romagna"),
    "indianapolis": ("indianapolis", "united states"),
    "interlagos": ("jose carlos pace", "sao paulo", "brazilian"),
    "istanbul": ("istanbul park", "turkish"),
    "jeddah": ("jeddah", "saudi arabian"),
    "losail": ("losail", "qatar"),
    "lusail": ("losail", "qatar"),
    "marina bay": ("marina bay", "singapore"),
    "melbourne": ("albert park", "australian"),
    "mexico city": ("hermanos rodriguez", "mexican"),
    "montecarlo": ("circuit de monaco", "monaco"),
    "montreal": ("gilles villeneuve", "canadian"),
    "monza": ("monza", "italian"),
    "mugello": ("mugello", "tuscan"),
    "paul ricard": ("paul ricard", "french"),
    "portimao": ("algarve", "portuguese"),
    "red bull ring": ("red bull ring", "austrian"),
    "rio": ("nelson piquet", "brazilian"),
    "sakhir": ("bahrain international", "bahrain"),
    "sao paulo": ("jose carlos pace", "brazilian"),
    "shanghai": ("shanghai", "chinese"),
    "silverstone": ("silverstone", "british"),
    "sochi": ("sochi", "russian"),
    "spa": ("spa francorchamps", "belgian"),
    "spielberg": ("red bull ring", "austrian"),
    "suzuka": ("suzuka", "japanese"),
    "texas": ("circuit of the americas", "united states"),
    "vegas": ("las vegas", "las vegas"),
    "yas marina": ("yas marina", "abu dhabi"),
    "zandvoort": ("zandvoort", "dutch"),
}


def country_of(words: str) -> tuple[str, ...]:
    """Every way to spell a country, given one of them; just that one if it is none we know."""
    return next((spellings for spellings in COUNTRIES if words in spellings), (words,))
