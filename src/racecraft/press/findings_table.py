"""Findings as a table."""

from __future__ import annotations

import polars as pl

from racecraft.model.table import Column, Table

FINDINGS = Table(
    "findings",
    key=(),
    columns=(
        Column("sentence", pl.String, "the whole sentence, as in the article"),
        Column("start", pl.Int32, "first character of the claim's words in the article"),
        Column("end", pl.Int32, "character after the last one"),
        Column("claim_type", pl.String, "what kind of claim it is"),
        Column("subject", pl.String, "whom or what it is about, in full"),
        Column("value", pl.String, "what is claimed, as JSON"),
        Column("season", pl.Int16, "season it is about"),
        Column("round", pl.Int16, "round it is about; null where it is about more than one"),
        Column("verdict", pl.String, "supported, contradicted, unclear or uncheckable"),
        Column(
            "leaning", pl.String, "what an unclear one would be if it were sure; else as verdict"
        ),
        Column("confidence", pl.Float64, "probability that the mark is right; 0 if uncheckable"),
        Column("found", pl.String, "what the data have in its place, as JSON"),
        Column("evidence", pl.String, "rows that prove it, as JSON"),
        Column("reason", pl.String, "one sentence that says why"),
        Column("read_as", pl.String, "what the words were taken to say: who, what, when"),
        Column("hedged", pl.Boolean, "the article itself is not sure"),
        Column("attributed_to", pl.String, "who is quoted as saying so; null if nobody"),
        Column("consistent", pl.Boolean, "it helped to find the event, so that it proves nothing"),
        Column("hint", pl.String, "what would make it checkable; null if nothing would"),
        Column("source", pl.String, "who read it: rules, guess or model"),
    ),
)
