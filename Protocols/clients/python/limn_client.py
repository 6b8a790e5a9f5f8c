"""A small client for Limn: sends events, and asks scoring, trainer and supervisor.

Needs pyzmq and the types that protoc makes of Protocols/limn/v1. Every question has an end: what
does not answer in time raises zmq.Again, what answers with a refusal raises Refused.
"""

import json
import time

import zmq
from google.protobuf.internal import decoder, encoder
from limn.v1 import events_pb2 as events, frame_pb2 as frame, models_pb2 as models
from limn.v1 import profiles_pb2 as profiles, recommendations_pb2 as recommendations

# Question: its kind, the kind of its answer, the answer.
QUESTIONS = {
    events.EventBatch: (
        frame.KIND_EVENT_BATCH, frame.KIND_BATCH_RESULT, events.BatchResult),
    profiles.ProfileRequest: (
        frame.KIND_PROFILE_REQUEST, frame.KIND_PROFILE, profiles.Profile),
    profiles.PredictRequest: (
        frame.KIND_PREDICT_REQUEST, frame.KIND_PREDICTIONS, profiles.Predictions),
    profiles.AudienceRequest: (
        frame.KIND_AUDIENCE_REQUEST, frame.KIND_AUDIENCE_MEMBERS, profiles.AudienceMembers),
    recommendations.RecommendRequest: (
        frame.KIND_RECOMMEND_REQUEST, frame.KIND_RECOMMENDATIONS,
        recommendations.Recommendations),
    recommendations.SimilarRequest: (
        frame.KIND_SIMILAR_REQUEST, frame.KIND_SIMILAR_ITEMS, recommendations.SimilarItems),
    recommendations.ScoreRequest: (
        frame.KIND_SCORE_REQUEST, frame.KIND_SCORES, recommendations.Scores),
    models.ModelsRequest: (frame.KIND_MODELS_REQUEST, frame.KIND_MODELS, models.Models),
}
LATER = (frame.ERROR_UNAVAILABLE, frame.ERROR_OVERLOADED, frame.ERROR_SHUTTING_DOWN)


class Refused(Exception):
    """An answer of kind ERROR; `code` is its stable number."""

    def __init__(self, error):
        super().__init__(f"{frame.ErrorCode.Name(error.code)}: {error.message}")
        self.code = error.code


def connect(kind, keys_file, address, seconds=5.0):
    """A socket with the keys of keys/client.json in the data folder."""
    with open(keys_file) as file:
        keys = json.load(file)
    socket = zmq.Context.instance().socket(kind)
    socket.curve_serverkey = keys["server_public"].encode()
    socket.curve_publickey = keys["public"].encode()
    socket.curve_secretkey = keys["secret"].encode()
    socket.immediate = 1  # nothing is queued for a server that is not there
    socket.linger = 0
    socket.sndtimeo = socket.rcvtimeo = int(1000 * seconds)
    socket.connect(address)
    return socket


def delimited(message):
    data = message.SerializeToString()
    return encoder._VarintBytes(len(data)) + data


def parts_of(data):
    """Header and body of a frame, as bytes."""
    size, at = decoder._DecodeVarint(data, 0)
    head = data[at : at + size]
    size, at = decoder._DecodeVarint(data, at + size)
    if at + size != len(data):
        raise ValueError("bytes behind the body")
    return frame.Header.FromString(head), data[at:]


class Limn:
    """One connection to one role; one question at a time, from one thread."""

    def __init__(self, keys_file, address, seconds=5.0):
        self.socket = connect(zmq.DEALER, keys_file, address, seconds)
        self.seconds = seconds
        self.number = 0

    def ask(self, question, seconds=None):
        """The answer; refused for now, asks again after the pause that the server names."""
        deadline = time.monotonic() + (seconds or self.seconds)
        while True:
            try:
                return self.once(question, deadline)
            except Refused as refusal:
                pause = self.pause_s
                if refusal.code not in LATER or not pause or time.monotonic() + pause > deadline:
                    raise
                time.sleep(pause)

    def once(self, question, deadline):
        kind, answer_kind, answer = QUESTIONS[type(question)]
        self.number += 1
        left = max(1, int(1000 * (deadline - time.monotonic())))
        header = frame.Header(
            version=1, kind=kind, request_id=self.number, timeout_ms=left)
        self.socket.send(delimited(header) + delimited(question))
        while True:
            left = int(1000 * (deadline - time.monotonic()))
            if left <= 0 or not self.socket.poll(left):
                raise zmq.Again()
            header, body = parts_of(self.socket.recv())
            if header.request_id != self.number:
                continue  # the late answer to a question that was given up
            if header.kind == frame.KIND_ERROR:
                error = frame.Error.FromString(body)
                self.pause_s = error.retry_after_ms / 1000
                raise Refused(error)
            if header.kind != answer_kind:
                raise ValueError(f"an answer of kind {header.kind}, not {answer_kind}")
            return answer.FromString(body)


class Producer:
    """Sends records so that each counts once, whatever breaks between. A name belongs to the
    first key that uses it; two processes need two names."""

    def __init__(self, name, keys_file, address, seconds=5.0):
        self.limn = Limn(keys_file, address, seconds)
        self.name = name
        self.epoch = int(time.time() * 1000)  # higher than that of every earlier start
        self.sequence = 0

    def send(self, records, seconds=60.0):
        """Returns when the records are on disk: counts, and the refused ones with reasons. A batch
        that was not answered is sent again under its number, which makes the second one nothing."""
        self.sequence += 1
        batch = events.EventBatch(
            producer=self.name, epoch=self.epoch, sequence=self.sequence, records=records)
        deadline = time.monotonic() + seconds
        while True:
            try:
                return self.limn.ask(batch)
            except zmq.Again:
                if time.monotonic() >= deadline:
                    raise


def event(user_id, type, time_ms=None, **fields):
    """A record of one event, such as event("u1", "VIEW", item_id="i42")."""
    number = events.EventType.Value("EVENT_TYPE_" + type)
    made = events.Event(
        user_id=user_id, type=number, time_ms=time_ms or int(time.time() * 1000), **fields)
    return events.Record(event=made)
