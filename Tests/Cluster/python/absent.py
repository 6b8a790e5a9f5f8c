"""Where nobody answers, the client says so in its time: absent.py KEYS ADDRESS"""

import sys
import time

import zmq
from limn.v1 import profiles_pb2 as profiles
from limn_client import Limn, Producer, event

keys, address = sys.argv[1:]
for ask in (
    lambda: Limn(keys, address, seconds=0.5).ask(profiles.ProfileRequest(user_id="u1")),
    lambda: Producer("absent", keys, address, seconds=0.5).send([event("u1", "VIEW")], seconds=1),
):
    began = time.monotonic()
    try:
        ask()
        sys.exit("somebody answered")
    except zmq.Again:
        assert time.monotonic() - began < 5, "it took too long to say so"
print("nobody there: said in time")
