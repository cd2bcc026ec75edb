"""Small checkpoints, written byte by byte as the formats' specifications say."""

from __future__ import annotations

import json
import math
import struct

WIDTH = {"F32": 4, "BF16": 2, "F16": 2, "F8_E4M3": 1, "I32": 4, "U8": 1}  # byte
BLOCKS = {
    0: (1, 4),
    1: (1, 2),
    2: (32, 18),
    8: (32, 34),
    12: (256, 144),
    14: (256, 210),
    30: (1, 2),
    31: (32, 18),
}  # elements and bytes: F32, F16, Q4_0, Q8_0, Q4_K, Q6_K, BF16, Q4_0_4_4
HEADER = struct.Struct("<4sIQQ")  # magic, version, tensors, fields
TEXT, ARRAY, INT, FLOAT = 8, 9, 4, 6
ALIGNMENT = 32  # byte


def safetensors(path, tensors):
    """Write a file of tensors given as type and shape, their data left as a hole."""
    header, end = {}, 0
    for name, (dtype, shape) in tensors.items():
        size = WIDTH[dtype] * math.prod(shape)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps({"__metadata__": {"format": "pt"}} | header).encode()
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + end)
    return path


def text(value):
    return struct.pack("<Q", len(value.encode())) + value.encode()


def field(value):
    """The number of a value's type, and the value."""
    if isinstance(value, str):
        return struct.pack("<I", TEXT) + text(value)
    if isinstance(value, int):
        return struct.pack("<II", INT, value)
    if isinstance(value, float):
        return struct.pack("<If", FLOAT, value)
    items = [field(v) for v in value]
    return (
        struct.pack("<I", ARRAY) + items[0][:4] + struct.pack("<Q", len(value)) + b"".join(item[4:] for item in items)
    )


def gguf(path, fields, tensors):
    """Write a file of fields and of tensors given as ggml's number of the type and shape, their data left as a hole."""
    data = HEADER.pack(b"GGUF", 3, len(tensors), len(fields))
    data += b"".join(text(key) + field(value) for key, value in fields.items())
    end = 0
    for name, (kind, shape) in tensors.items():
        data += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, end)
        elements, nbytes = BLOCKS[kind]
        end += aligned(math.prod(shape) // elements * nbytes)
    with path.open("wb") as file:
        file.write(data)
        file.truncate(aligned(len(data)) + end)
    return path


def aligned(size):
    return -(-size // ALIGNMENT) * ALIGNMENT
