"""Write the words of numbers in every language that articles are read in, from the library."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from racecraft.press.lexicon import number_words
from racecraft.press.lexicon.vocabulary import languages

FILE = Path(number_words.__file__).with_name("number_words.json")


def main() -> int:
    """A line a language."""
    lines = (
        f"{json.dumps(lang)}: {json.dumps(number_words.asked(lang), ensure_ascii=False)}"
        for lang in languages()
    )
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
