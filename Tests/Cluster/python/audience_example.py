import json, sys, zmq
from google.protobuf.internal import decoder
from limn.v1 import frame_pb2 as frame, profiles_pb2 as profiles

keys = json.load(open(sys.argv[1]))  # keys/client.json of the data folder
socket = zmq.Context().socket(zmq.SUB)
socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = (
    keys[name].encode() for name in ("server_public", "public", "secret"))
socket.subscribe(b"")
socket.connect(sys.argv[2])  # audiences.listen, such as tcp://127.0.0.1:7440
heard = None
while True:
    message, at = socket.recv(), 0
    for part in (frame.Header(), profiles.AudiencesChanged()):
        size, at = decoder._DecodeVarint(message, at)
        at += part.MergeFromString(message[at : at + size])
    if heard not in (None, (part.incarnation, part.sequence - 1)):
        print("moves were lost: ask for the members again", flush=True)
    heard = part.incarnation, part.sequence
    for move in part.moves:
        print("joined" if move.joined else "left", move.tag, move.user_id, flush=True)
    for count in part.counts if part.complete else []:
        print(count.tag, count.users, flush=True)
