"""Frozen records as rows of Arrow tables, and back: every field a column, records in records as structs.

The Arrow type of a record follows from its annotations: int, float, bool, str and literals; tuples of such, arrays of
floats or of true and false, records, tuples of records; any of them or None. Floats come back bit for bit, nan and
infinity too.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

Record = TypeVar("Record")


def table(kind: type, records: Iterable[Any]) -> pa.Table:
    """One row per record; every record is a `kind`."""
    import pyarrow as pa

    return pa.Table.from_pylist([asdict(each) for each in records], schema=pa.schema(list(_arrow(kind))))


def records(kind: type[Record], rows: pa.Table) -> tuple[Record, ...]:
    """The records that `table` made rows of."""
    return tuple(_value(kind, row) for row in rows.to_pylist())


STAMP = b"trialstart"
"""The key of the metadata of a file that says whose it is."""


def as_parquet(rows: pa.Table, stamp: str) -> bytes:
    """A table as the bytes of a Parquet file, which says whose it is and whether it is damaged."""
    import pyarrow.parquet as pq

    file = io.BytesIO()
    said = rows.replace_schema_metadata({**(rows.schema.metadata or {}), STAMP: stamp.encode()})
    pq.write_table(said, file, compression="zstd", write_page_checksum=True)
    return file.getvalue()


def digest(rows: pa.Table) -> str:
    """The sha256 of all that a table says; checksums of pages do not cover what says where the pages are."""
    found = hashlib.sha256(json.dumps(rows.column_names).encode())
    for column in rows.columns:
        for part in _parts(column.combine_chunks()):
            found.update(part)
    return found.hexdigest()


def _parts(column: pa.Array) -> Iterator[bytes]:
    """What a column says: which values there are, how many each list has, and all of them one after the other."""
    import pyarrow as pa

    yield column.is_valid().to_numpy(zero_copy_only=False).tobytes()
    if pa.types.is_struct(column.type):
        for field, each in zip(column.type, column.flatten(), strict=True):
            yield field.name.encode()
            yield from _parts(each)
    elif pa.types.is_list(column.type):
        yield column.value_lengths().fill_null(0).to_numpy(zero_copy_only=False).tobytes()
        yield from _parts(column.flatten())
    elif pa.types.is_string(column.type):
        yield json.dumps(column.to_pylist()).encode()
    else:
        yield column.fill_null(column.type.to_pandas_dtype()()).to_numpy(zero_copy_only=False).tobytes()


def _arrow(kind: Any) -> pa.DataType:
    """The Arrow type of an annotation."""
    import pyarrow as pa

    if isinstance(kind, type) and is_dataclass(kind):
        return pa.struct([(name, _arrow(hint)) for name, hint in _fields(kind)])
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _arrow(arguments[0])
    if origin is tuple:
        return pa.list_(_arrow(arguments[0]))
    if origin is np.ndarray:
        return pa.list_(pa.bool_() if _element(kind) is np.bool_ else pa.float64())
    plain = {int: pa.int64(), float: pa.float64(), bool: pa.bool_(), str: pa.string()}
    return plain[str if origin is Literal else kind]


def _value(kind: Any, given: Any) -> Any:
    """What a field annotated with `kind` held, from what Arrow gives for it."""
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(*(_value(hint, given[name]) for name, hint in _fields(kind)))
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if given is None else _value(arguments[0], given)
    if origin is tuple:
        return tuple(_value(arguments[0], each) for each in given)
    return np.array(given, _element(kind)) if origin is np.ndarray else given


def _element(array: Any) -> Any:
    """The type of the elements of an array's annotation."""
    return get_args(get_args(array)[1])[0]


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((each.name, hints[each.name]) for each in fields(kind))
