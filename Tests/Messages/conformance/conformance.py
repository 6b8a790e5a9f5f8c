"""Holds Limn's wire format against Google's protobuf.

1. Every golden vector is decoded, compared with its JSON in index.json, and encoded again to the
   same bytes. The samples follow a rule (text = name of its field, integer = 1000 x its number),
   checked here from the schema, so that two fields swapped by both coder and decoder are found.
2. Random and damaged messages are written as vectors for the Swift test VectorTests.

--write-index writes index.json anew from the vectors; look at the difference before you commit it.
"""

import argparse
import json
import math
import pathlib
import random
import struct
import sys

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor as F
from google.protobuf.internal import encoder
from google.protobuf.message import DecodeError

FILES = ["control", "events", "frame", "log", "models", "profiles", "recommendations", "rejects"]
FLOATS = (F.TYPE_DOUBLE, F.TYPE_FLOAT)
SKIPPED_BY_RULE = (F.TYPE_MESSAGE, F.TYPE_BOOL, F.TYPE_ENUM, F.TYPE_BYTES)


def load(generated):
    """Message classes of the schema by name."""
    sys.path.insert(0, str(generated))
    classes = {}
    for name in FILES:
        module = __import__(f"limn.v1.{name}_pb2", fromlist=["DESCRIPTOR"])
        for message in module.DESCRIPTOR.message_types_by_name:
            classes[message] = getattr(module, message)
    return classes


def canonical(message):
    """The encoding that Limn writes: deterministic, without unknown fields."""
    message.DiscardUnknownFields()
    return message.SerializeToString(deterministic=True)


def as_json(message):
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


# Golden vectors.


def check_rule(message):
    """Every field of a sample is set, and has the value that follows from the schema."""
    for field in message.DESCRIPTOR.fields:
        if field.containing_oneof and not message.HasField(field.name):
            continue
        value = getattr(message, field.name)
        repeated = field.label == F.LABEL_REPEATED
        values = list(value) if repeated else [value]
        where = f"{message.DESCRIPTOR.name}.{field.name}"
        assert values and (not repeated or len(values) == 2), f"{where}: not set in the sample"
        for place, one in enumerate(values, 1 if repeated else 0):
            if field.type == F.TYPE_MESSAGE:
                assert repeated or message.HasField(field.name), f"{where}: not set in the sample"
                check_rule(one)
            elif field.type in SKIPPED_BY_RULE:
                assert one, f"{where}: not set in the sample"
            elif field.type == F.TYPE_STRING:
                expected = f"{field.name} {place}" if repeated else field.name
                assert one == expected, f"{where}: {one!r}, not {expected!r}"
            elif field.type in FLOATS:
                assert one == field.number + place + 0.5, f"{where}: {one}"
            else:
                assert one == 1000 * field.number + place, f"{where}: {one}"


def check_frame(data, classes):
    """The golden frame: delimited header, delimited body of the kind's message."""
    length, header_end = data[0], 1 + data[0]
    assert length < 128
    header = classes["Header"].FromString(data[1:header_end])
    assert header.version == 1 and header.kind == 30 and header.request_id == 0x0102030405060708
    assert header.timeout_ms == 250 and header.trace_id == bytes(range(16, 32))
    assert data[header_end] == len(data) - header_end - 1
    assert classes["ProfileRequest"].FromString(data[header_end + 1 :]).user_id == "u1"


def check_golden(folder, classes, write_index):
    found = {}
    for path in sorted(folder.glob("*.hex")):
        data = bytes.fromhex(path.read_text())
        if path.stem == "Frame":
            check_frame(data, classes)
            continue
        kind, _, variant = path.stem.partition("-")
        message = classes[kind].FromString(data)
        encoded = message.SerializeToString(deterministic=True)
        assert encoded == data, f"{path.stem}: encodes differently"
        again = json_format.ParseDict(as_json(message), classes[kind]())
        encoded = again.SerializeToString(deterministic=True)
        assert encoded == data, f"{path.stem}: JSON loses something"
        if not variant:
            check_rule(message)
        found[path.stem] = {"message": f"limn.v1.{kind}", "json": as_json(message)}
    missing = set(classes) - set(found)
    assert not missing, f"no golden vector of {sorted(missing)}"
    index = folder / "index.json"
    if write_index:
        index.write_text(json.dumps(found, indent=1, ensure_ascii=True) + "\n")
    assert json.loads(index.read_text()) == found, "index.json does not say what the vectors say"
    print(f"golden: {len(found)} vectors and a frame agree with Google's implementation")


# Random vectors.

TEXTS = ["", "a", "item-1", "é", "用户/画像", "\U0001f642", "\0"]
TEXTS += ["x" * 127, "y" * 128, "z" * 300]
EDGES = [0, 1, 127, 128, 255, 16383, 16384, 2**31 - 1, 2**31, 2**32 - 1]
EDGES += [2**63 - 1, 2**63, 2**64 - 1]
DOUBLES = [0.0, -0.0, 1.0, -1.5, 19.99, math.inf, -math.inf, math.nan]
DOUBLES += [5e-324, 1.7976931348623157e308]


def scalar(rng, field):
    kind = field.type
    if kind == F.TYPE_STRING:
        return rng.choice(TEXTS)
    if kind == F.TYPE_BYTES:
        return rng.randbytes(rng.choice([0, 1, 16, 200]))
    if kind == F.TYPE_BOOL:
        return rng.random() < 0.5
    if kind == F.TYPE_DOUBLE:
        return rng.choice(DOUBLES) if rng.random() < 0.5 else rng.gauss(0, 1e6)
    if kind == F.TYPE_FLOAT:
        value = rng.choice(DOUBLES[:8] + [rng.gauss(0, 9)])
        return struct.unpack("<f", struct.pack("<f", value))[0]
    value = rng.choice(EDGES) if rng.random() < 0.5 else rng.getrandbits(64) >> rng.randrange(64)
    if kind in (F.TYPE_UINT64, F.TYPE_FIXED64):
        return value
    if kind == F.TYPE_UINT32:
        return value % 2**32
    signed = 64 if kind == F.TYPE_INT64 else 32
    return (value + 2 ** (signed - 1)) % 2**signed - 2 ** (signed - 1)


def fill(rng, message, depth=0):
    for field in message.DESCRIPTOR.fields:
        if rng.random() < 0.35:
            continue
        repeated = field.label == F.LABEL_REPEATED
        for _ in range(rng.randrange(4) if repeated else 1):
            if field.type == F.TYPE_MESSAGE:
                part = getattr(message, field.name)
                if repeated:
                    part = part.add()
                else:
                    part.SetInParent()
                fill(rng, part, depth + 1)
            elif repeated:
                getattr(message, field.name).append(scalar(rng, field))
            else:
                setattr(message, field.name, scalar(rng, field))
    return message


UNKNOWN = [
    encoder.TagBytes(1000, 0) + b"\x96\x01",
    encoder.TagBytes(1001, 1) + bytes(8),
    encoder.TagBytes(1002, 2) + b"\x03abc",
    encoder.TagBytes(1003, 5) + bytes(4),
    encoder.TagBytes(1004, 3) + encoder.TagBytes(1005, 0) + b"\x01" + encoder.TagBytes(1004, 4),
]


def damage(rng, data):
    data = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        place = rng.randint(0, len(data))
        match rng.randrange(4):
            case 0:
                data[place:place] = rng.randbytes(1)
            case 1:
                del data[place : place + rng.randint(1, 4)]
            case 2:
                data[place:place] = data[place : place + rng.randint(1, 12)]
            case _:
                data[place : place + 1] = rng.randbytes(1)
    return bytes(data)


def delimited(data):
    return encoder._VarintBytes(len(data)) + data


def write_vectors(folder, classes, count, seed):
    folder.mkdir(parents=True, exist_ok=True)
    total = refused = 0
    for name, cls in sorted(classes.items()):
        rng = random.Random(f"{seed} {name}")
        out = bytearray()
        for number in range(count):
            data = fill(rng, cls()).SerializeToString(deterministic=True)
            style = number % 4
            if style == 1:  # two messages run together merge
                data += fill(rng, cls()).SerializeToString(deterministic=True)
            elif style == 2:
                data = rng.choice(UNKNOWN) + data + rng.choice(UNKNOWN)
            elif style == 3:
                data = damage(rng, data)
            try:
                verdict, expected = b"\x01", canonical(cls.FromString(data))
            except (DecodeError, UnicodeDecodeError):
                verdict, expected = b"\x00", b""
                refused += 1
            out += delimited(data) + verdict + delimited(expected)
            total += 1
        (folder / f"{name}.vectors").write_bytes(bytes(out))
    print(f"random: {total} vectors of {len(classes)} messages, {refused} invalid, seed {seed}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--generated", type=pathlib.Path, required=True)
    parser.add_argument("--golden", type=pathlib.Path, required=True)
    parser.add_argument("--vectors", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write-index", action="store_true")
    options = parser.parse_args()
    classes = load(options.generated)
    check_golden(options.golden, classes, options.write_index)
    if options.vectors:
        write_vectors(options.vectors, classes, options.count, options.seed)


if __name__ == "__main__":
    main()
