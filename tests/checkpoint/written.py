"""Small checkpoints, written byte by byte as the formats' specifications say."""

from __future__ import annotations

import json
import math
import struct

WIDTH = {"F32": 4, "BF16": 2, "F16": 2, "F8_E4M3": 1, "I32": 4, "U8": 1}  # byte
HEADER = struct.Struct("<4sIQQ")  # magic, version, tensors, fields
TEXT, ARRAY, INT = 8, 9, 4


def safetensors(path, tensors):
    """Write a file of tensors given as type and shape, their data left as zeros."""
    header, end = {}, 0
    for name, (dtype, shape) in tensors.items():
        size = WIDTH[dtype] * math.prod(shape)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps({"__metadata__": {"format": "pt"}} | header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"\0" * end)
    return path


def text(value):
    return struct.pack("<Q", len(value.encode())) + value.encode()


def field(value):
    if isinstance(value, str):
        return struct.pack("<I", TEXT) + text(value)
    if isinstance(value, int):
        return struct.pack("<II", INT, value)
    of = TEXT if isinstance(value[0], str) else INT
    items = b"".join(text(v) if of == TEXT else struct.pack("<I", v) for v in value)
    return struct.pack("<IIQ", ARRAY, of, len(value)) + items


def gguf(path, fields, tensors):
    """Write a file of fields and of tensors given as ggml's number of the type and shape, without their data."""
    data = HEADER.pack(b"GGUF", 3, len(tensors), len(fields))
    data += b"".join(text(key) + field(value) for key, value in fields.items())
    for name, (kind, shape) in tensors.items():
        data += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, 0)
    path.write_bytes(data)
    return path
