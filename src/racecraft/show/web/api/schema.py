"""Tables as OpenAPI describes them, made from their promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from racecraft.show.export import AS_JSON

if TYPE_CHECKING:
    from polars._typing import PolarsDataType

    from racecraft.model.table import Table

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong, as RFC 9457 has it.",
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "hint": {"type": "string"},
    },
    "required": ["type", "title", "status", "detail"],
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": why,
        "content": {"application/problem+json": {"schema": PROBLEM_SCHEMA}},
    }
    for status, why in (
        (400, "The request cannot be read."),
        (404, "There is none; the hint names what is nearest."),
        (405, "Nothing here can be changed."),
        (413, "The body is too long."),
        (414, "The address is too long."),
        (415, "The body is of a type that is not read."),
        (421, "Asked for by a foreign name."),
        (422, "No such value can be."),
        (431, "The headers are too long."),
        (501, "A library that this answer needs is not installed."),
        (503, "Busy, or no answer in time."),
    )
}
HEADERS = {
    "ETag": {"description": "Mark of the answer, for If-None-Match.", "schema": {"type": "string"}},
    "X-Total-Count": {
        "description": "Rows there are, on all pages.", "schema": {"type": "integer"}
    },
    "Link": {"description": "The next and the previous page.", "schema": {"type": "string"}},
}  # fmt: skip


def responses_of(table: Table | dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    """Every answer that a request for a table can have; a dictionary is the schema of an object."""
    schema = object_schema(table) if isinstance(table, dict) else rows_schema(table)
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    if not isinstance(table, dict):
        content["text/csv"] = {"schema": {"type": "string"}}
        content["application/vnd.apache.parquet"] = {"schema": {"type": "string"}}
    good = {"description": "The answer.", "headers": HEADERS, "content": content}
    same = {"description": "It is as it was when If-None-Match was made."}
    return {200: good, 304: same, **PROBLEMS}


def rows_schema(table: Table) -> dict[str, Any]:
    """Schema of a list of rows.

    >>> from racecraft.analysis.order.laps import LAPS
    >>> rows_schema(LAPS)["items"]["properties"]["lap"]["type"]
    'integer'
    """
    properties = {}
    for column in table.columns:
        timed = column.dtype == pl.Duration
        kind = {"type": "object"} if column.name in AS_JSON else _kind(column.dtype)
        if column.name not in table.key:
            kind = {**kind, "type": [kind["type"], "null"]}
        properties[f"{column.name}_s" if timed else column.name] = {
            **kind,
            "description": f"{column.meaning}; seconds" if timed else column.meaning,
        }
    row = {
        "title": "".join(part.capitalize() for part in table.name.split("_")),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {"type": "array", "items": row}


def with_names(description: dict[str, Any]) -> dict[str, Any]:
    """A description whose rows are named once, so that a client made of it has a class for each.

    Parameters
    ----------
    description
        As OpenAPI has it; its objects with a title become its components.
    """
    parts = description.get("components", {})
    schemas = dict(parts.get("schemas", {}))
    paths = _named(description["paths"], schemas)
    return {**description, "paths": paths, "components": {**parts, "schemas": schemas}}


def object_schema(properties: dict[str, Any]) -> dict[str, Any]:
    """Schema of an object that has at least these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def _named(value: Any, schemas: dict[str, Any]) -> Any:
    """A value with a reference for every object of a title; two of one title are not one."""
    if isinstance(value, list):
        return [_named(each, schemas) for each in value]
    if not isinstance(value, dict):
        return value
    inner = {name: _named(each, schemas) for name, each in value.items()}
    title = inner.get("title")
    if not isinstance(title, str) or inner.get("type") != "object":
        return inner
    same = schemas.setdefault(title, inner) == inner
    return {"$ref": f"#/components/schemas/{title}"} if same else inner


def _kind(dtype: PolarsDataType) -> dict[str, Any]:
    """Schema of a value of a column."""
    if isinstance(dtype, pl.List):
        inner = _kind(dtype.inner)
        return {"type": "array", "items": {**inner, "type": [inner["type"], "null"]}}
    if dtype == pl.Boolean:
        return {"type": "boolean"}
    if dtype == pl.Date:
        return {"type": "string", "format": "date"}
    if dtype == pl.Datetime:
        return {"type": "string", "format": "date-time"}
    if dtype == pl.Duration or dtype.is_float():
        return {"type": "number"}
    return {"type": "integer"} if dtype.is_integer() else {"type": "string"}
