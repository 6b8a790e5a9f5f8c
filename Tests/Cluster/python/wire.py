"""Frames and sockets of Limn for the scripts beside this file."""

import json
import pathlib
import time

import zmq
from google.protobuf.internal import decoder, encoder
from limn.v1 import events_pb2, frame_pb2, profiles_pb2, recommendations_pb2

BODIES = {
    frame_pb2.KIND_ERROR: frame_pb2.Error,
    frame_pb2.KIND_BATCH_RESULT: events_pb2.BatchResult,
    frame_pb2.KIND_PROFILE: profiles_pb2.Profile,
    frame_pb2.KIND_RECOMMENDATIONS: recommendations_pb2.Recommendations,
}


class Refused(Exception):
    """An answer of kind ERROR."""


LATER = (frame_pb2.ERROR_UNAVAILABLE, frame_pb2.ERROR_OVERLOADED, frame_pb2.ERROR_SHUTTING_DOWN)


class Client:
    """One DEALER with the client's keys; one question at a time."""

    def __init__(self, folder, endpoint):
        keys = json.loads((pathlib.Path(folder) / "keys/client.json").read_text())
        self.socket = zmq.Context.instance().socket(zmq.DEALER)
        self.socket.curve_serverkey = keys["server_public"].encode()
        self.socket.curve_publickey = keys["public"].encode()
        self.socket.curve_secretkey = keys["secret"].encode()
        self.socket.setsockopt(zmq.IMMEDIATE, 1)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.RCVTIMEO, 5000)
        self.socket.setsockopt(zmq.SNDTIMEO, 5000)
        self.socket.connect(endpoint)
        self.number = 0

    def ask(self, kind, body, within=5.0):
        """The answer; refused for now, asks again after the pause that the server names."""
        deadline = time.monotonic() + within
        while True:
            header, answer = self.once(kind, body)
            if header.kind != frame_pb2.KIND_ERROR:
                return answer
            pause = answer.retry_after_ms / 1000
            again = answer.code in LATER and pause > 0
            if not again or time.monotonic() + pause >= deadline:
                raise Refused(f"{frame_pb2.ErrorCode.Name(answer.code)}: {answer.message}")
            time.sleep(pause)

    def once(self, kind, body):
        self.number += 1
        header = frame_pb2.Header(version=1, kind=kind, request_id=self.number, timeout_ms=1000)
        self.socket.send(delimited(header) + delimited(body))
        while True:
            header, answer = decode(self.socket.recv())
            if header.request_id == self.number:
                return header, answer


def delimited(message):
    data = message.SerializeToString()
    return encoder._VarintBytes(len(data)) + data


def decode(data):
    size, at = decoder._DecodeVarint(data, 0)
    header = frame_pb2.Header.FromString(data[at : at + size])
    size, at = decoder._DecodeVarint(data, at + size)
    assert at + size == len(data), "bytes behind the body"
    return header, BODIES[header.kind].FromString(data[at:])
