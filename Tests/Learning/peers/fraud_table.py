#!/usr/bin/env python3
"""Turns the "Fraud_Data" table of purchases into numbers that were known at each purchase.

  fraud_table.py Fraud_Data.csv[.xz] > rows.csv
  compare_learning.py --table rows.csv --label class \\
      --limn 'limn risk table {csv} --label class --json'

The input has the columns user_id, signup_time, purchase_time, purchase_value, device_id, source,
browser, sex, age, class. Rows come out in order of purchase, so that the last fifth of them is
later than what is learnt from. What is said of a device counts earlier purchases only: how many
sign-ups it has had so far, when the last of its purchases was, and never a label.
"""
import csv
import lzma
import sys
from datetime import datetime

SOURCES = ("SEO", "Ads", "Direct")
BROWSERS = ("Chrome", "IE", "Safari", "FireFox", "Opera")


def moment(text):
    for form in ("%m/%d/%y %H:%M", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise SystemExit(f"no time: {text!r}")


def main():
    path = sys.argv[1]
    opened = lzma.open(path, "rt") if path.endswith(".xz") else open(path)
    with opened as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        row["at"] = (moment(row["purchase_time"]), number)
        row["joined"] = moment(row["signup_time"])
    rows.sort(key=lambda row: row["at"])
    users, last = {}, {}
    out = csv.writer(sys.stdout)
    out.writerow(
        ["class", "minutes_since_signup", "value", "age", "is_male", "hour", "weekday",
         "signup_hour", "users_on_device_before", "minutes_since_device"]
        + [f"source_{name}" for name in SOURCES] + [f"browser_{name}" for name in BROWSERS])
    for row in rows:
        at, device = row["at"][0], row["device_id"]
        before = users.setdefault(device, set())
        gap = (at - last[device]).total_seconds() / 60 if device in last else ""
        out.writerow(
            [row["class"], (at - row["joined"]).total_seconds() / 60, row["purchase_value"],
             row["age"], int(row["sex"] == "M"), at.hour, at.weekday(), row["joined"].hour,
             len(before), gap]
            + [int(row["source"] == name) for name in SOURCES]
            + [int(row["browser"] == name) for name in BROWSERS])
        before.add(row["user_id"])
        last[device] = at


if __name__ == "__main__":
    main()
