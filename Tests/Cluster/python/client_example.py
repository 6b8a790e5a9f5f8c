import json, sys, zmq
from google.protobuf.internal import decoder, encoder
from limn.v1 import frame_pb2 as frame, recommendations_pb2 as rec

keys = json.load(open(sys.argv[1]))  # keys/client.json of the data folder
socket = zmq.Context().socket(zmq.DEALER)
socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = (
    keys[name].encode() for name in ("server_public", "public", "secret"))
socket.connect(sys.argv[2])  # such as tcp://127.0.0.1:7420
parts = frame.Header(version=1, kind=32, request_id=1), rec.RecommendRequest(user_id=sys.argv[3])
socket.send(b"".join(encoder._VarintBytes(p.ByteSize()) + p.SerializeToString() for p in parts))
answer, at = socket.recv(), 0
for part in (frame.Header(), rec.Recommendations()):
    size, at = decoder._DecodeVarint(answer, at)
    at += part.MergeFromString(answer[at : at + size])
print(*(f"{item.item_id}  {item.score:.3f}  {item.title}" for item in part.items), sep="\n")
