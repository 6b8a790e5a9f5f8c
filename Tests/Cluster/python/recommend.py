"""Ten recommendations, one a line: recommend.py KEYS ADDRESS USER"""

import sys

from limn.v1 import recommendations_pb2 as recommendations
from limn_client import Limn, Refused

keys, address, user = sys.argv[1:]
scoring = Limn(keys, address)
answer = scoring.ask(recommendations.RecommendRequest(user_id=user))
print(*(f"{item.item_id}  {item.score:.3f}  {item.title}" for item in answer.items), sep="\n")

# A refusal is an error with its code, not an answer of another kind.
try:
    scoring.ask(recommendations.SimilarRequest(item_id="nothing"))
    sys.exit("an item that is not there was not refused")
except Refused as refusal:
    print("refused as it should be:", refusal, file=sys.stderr)
