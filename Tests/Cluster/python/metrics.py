"""Reads a metrics page with Prometheus' own parser: usage metrics.py URL METRICS.md"""

import math
import re
import sys
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

with urllib.request.urlopen(sys.argv[1], timeout=5) as answer:
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"), answer.headers
    text = answer.read().decode()
families = list(text_string_to_metric_families(text))
samples = [sample for family in families for sample in family.samples]
table = open(sys.argv[2]).read()
documented = {
    name.replace("<role>", role)
    for name in re.findall(r"^\| `([^`{]+)", table, re.M)
    for role in ("ingest", "features", "trainer", "scoring")
}

assert len(families) > 60, f"only {len(families)} metrics"
seen = set()
for family in families:
    assert family.type in ("counter", "gauge"), family
    assert family.documentation, family
    for sample in family.samples:
        assert sample.name in documented, f"{sample.name} is not in {sys.argv[2]}"
        assert math.isfinite(sample.value), sample
        key = (sample.name, tuple(sorted(sample.labels.items())))
        assert key not in seen, f"twice: {key}"
        seen.add(key)
up = [sample for sample in samples if sample.name == "limn_up"]
assert len(up) == 4 and all(sample.value == 1 for sample in up), up
print(f"metrics: {len(families)} metrics, {len(samples)} samples, all parsed and documented")
