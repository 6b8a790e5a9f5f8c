"""How long an event takes: to its acknowledgement, and until the profile shows it.

Usage: freshness.py FOLDER [rounds]
Fails when an event is not visible within a second.
"""

import sys
import time

from limn.v1 import profiles_pb2
from limn_client import Limn, Producer, event

LIMIT_S = 1.0
START_MS = 1_700_000_000_000


def views(scoring, user):
    profile = scoring.ask(profiles_pb2.ProfileRequest(user_id=user))
    return next((s.value for s in profile.statistics if s.name == "views_life"), 0)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main():
    folder = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    keys = f"{folder}/keys/client.json"
    producer = Producer("freshness", keys, f"ipc://{folder}/run/ingest.ipc")
    scoring = Limn(keys, f"ipc://{folder}/run/scoring-0.ipc")
    user = f"freshness-{producer.epoch}"
    acked, visible = [], []
    assert views(scoring, user) == 0
    for number in range(1, rounds + 1):
        view = event(user, "VIEW", time_ms=START_MS + number, item_id="item-1")
        start = time.perf_counter()
        result = producer.send([view])
        acked.append(time.perf_counter() - start)
        assert result.accepted == 1, result
        while views(scoring, user) != number:
            assert time.perf_counter() - start < LIMIT_S, f"round {number}: not visible in time"
        visible.append(time.perf_counter() - start)
    for name, times in (("acknowledged", acked), ("visible in the profile", visible)):
        p50, p99 = (1000 * percentile(times, share) for share in (0.5, 0.99))
        print(f"event -> {name}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, {rounds} rounds")


main()
