import json, sys, zmq
from google.protobuf.internal import decoder, encoder
from limn.v1 import frame_pb2 as frame, profiles_pb2 as profiles

keys = json.load(open(sys.argv[1]))  # keys/client.json of the data folder
context = zmq.Context()

def connect(kind, address):
    socket = context.socket(kind)
    socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = (
        keys[name].encode() for name in ("server_public", "public", "secret"))
    socket.connect(address)
    return socket

def read(message, body):
    at = 0
    for part in (frame.Header(), body):
        size, at = decoder._DecodeVarint(message, at)
        at += part.MergeFromString(message[at : at + size])
    return body

def members(asked, tag):
    question = profiles.AudienceRequest(tag=tag)
    while question.after or not question.limit:
        question.limit = 1000
        parts = frame.Header(version=1, kind=55, request_id=1), question
        asked.send(
            b"".join(encoder._VarintBytes(p.ByteSize()) + p.SerializeToString() for p in parts))
        page = read(asked.recv(), profiles.AudienceMembers())
        yield from page.user_ids
        question.after = page.next

host, port = sys.argv[2].rsplit(":", 1)  # audiences.listen, such as tcp://127.0.0.1:7440
news, asked = connect(zmq.SUB, sys.argv[2]), connect(zmq.DEALER, f"{host}:{int(port) + 1}")
news.subscribe(b"")
heard = None
while True:
    change = read(news.recv(), profiles.AudiencesChanged())
    if heard != (change.incarnation, change.sequence - 1):  # the first, or some were lost
        for tag in sys.argv[3:]:
            print("all of", tag, len(list(members(asked, tag))), flush=True)
    heard = change.incarnation, change.sequence
    for move in change.moves:
        print("joined" if move.joined else "left", move.tag, move.user_id, flush=True)
    for count in change.counts if change.complete else []:
        print(count.tag, count.users, flush=True)
