"""Every feature of the catalogue computed anew with pandas, and compared with what limn says.

Independent of the Swift code: whole tables of events, no fold, no tiles, no decay step by step.

features.py EVENTS.jsonl VALUES.csv [--users 1000] [--seed 1]
EVENTS is what `limn simulate --to-file` writes; VALUES what `limn features EVENTS --values` does.
"""

import argparse
import json
import math
import random
import sys

import numpy as np
import pandas as pd
import xxhash

HOUR = 3_600_000
DAY = 24 * HOUR
GAP = 30 * 60_000
RECENT, BOUGHT, CART = 50, 200, 30
KEPT_DAYS = 91
WEIGHT = {"view": 1, "search": 1, "dwell": 1, "click": 1.5, "favourite": 3, "share": 3,
          "cart_add": 4, "order": 6, "purchase": 6, "rating": 2, "review": 2}
ATTRIBUTES = {"colour", "color", "size", "material", "style", "pattern", "fit", "flavour", "flavor",
              "颜色", "尺码", "材质", "款式", "口味"}
LIMIT = {"category": 16, "brand": 8, "price_band": 8, "keyword": 8, "device": 4, "channel": 4,
         "region": 4, "attribute": 8}


def hourly_growth(half_life):
    """2^(h / half_life) for h in hours, by repeated multiplication: what a fold must do to give the
    same bytes on every machine. Two interests of exactly equal weight are common (a few events of
    few worths in few hours), and 2 ** x, wrong in another last bit, would decide such a tie by its
    rounding: of user u369 of the shop that starts on 2026-07-30 it took an equal newcomer for a
    heavier one, which exact arithmetic (Decimal, 60 digits) does not."""
    root = 1 + 1 / half_life
    while True:
        power = 1.0
        for _ in range(1, half_life):
            power *= root
        better = root - (power * root - 2) / (half_life * power)
        if better == root:
            break
        root = better
    growth = [1.0]
    for _ in range(half_life - 1):
        growth.append(growth[-1] * root)
    return growth


HALF_LIFE = 30 * 24
GROWTH = hourly_growth(HALF_LIFE)


def ratio(part, whole):
    return part / whole if whole > 0 else math.nan


def read(path):
    """Events in the order of the file, with what the catalogue said of the item before them."""
    events, items, order = [], {}, 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            kind, record = next(iter(json.loads(line).items()))
            if kind == "item":
                items[record["item_id"]] = record
            elif kind == "event":
                item = items.get(record.get("item_id", ""), {})
                record["order"] = order
                record["paid"] = record.get("price") or item.get("price", 0) or 0
                record["path"] = record.get("category") or item.get("category", "")
                record["maker"] = record.get("brand") or item.get("brand", "")
                events.append(record)
                order += 1
    frame = pd.DataFrame(events)
    for name, empty in [("item_id", ""), ("quantity", 0), ("value", 0.0), ("text", ""),
                        ("discount", 0.0), ("device", ""), ("channel", ""), ("region", ""),
                        ("properties", "")]:
        if name not in frame:
            frame[name] = empty
        frame[name] = frame[name].fillna(empty)
    frame["ms"] = frame["time_ms"].astype("int64")
    pieces = np.maximum(frame["quantity"].astype(float), 1)
    frame["pieces"] = pieces
    frame["spend"] = np.where(frame.type == "purchase", frame.paid * pieces, 0.0)
    frame["off"] = np.where(frame.type == "purchase", frame.discount, 0.0)
    back = np.where(frame.value > 0, frame.value, frame.paid * pieces)
    frame["back"] = np.where(frame.type == "refund", back, 0.0)
    return frame


def sessions(user):
    """Rows of one user by session, in the order of the log; late rows belong to none."""
    found, last, start = [], None, None
    for row in user.itertuples():
        if last is None or row.ms - last > GAP:
            found.append([row])
            start = last = row.ms
        elif row.ms >= start:
            found[-1].append(row)
            last = max(last, row.ms)
    return found


def streaks(days):
    """Lengths of runs of days in a row, with the last day of each."""
    runs, days = [], sorted(days)
    for day in days:
        if runs and runs[-1][1] == day - 1:
            runs[-1] = (runs[-1][0] + 1, day)
        else:
            runs.append((1, day))
    return runs


def affinities(user):
    """Weights by kind and name at the user's last hour: the space-saving rule, step by step."""
    kinds = {kind: {} for kind in LIMIT}

    def add(kind, name, weight):
        names = kinds[kind]
        if name in names:
            names[name] += weight
        elif len(names) < LIMIT[kind]:
            names[name] = weight
        else:
            lightest = min(names, key=lambda n: names[n])
            if names[lightest] < weight:
                # The newcomer takes its place in the list.
                kinds[kind] = {name if n == lightest else n: weight if n == lightest else w
                               for n, w in names.items()}
            else:
                names[lightest] -= weight * 0.5

    first = None
    for row in user.itertuples():
        worth = WEIGHT.get(row.type, 0)
        if not worth:
            continue
        hour = row.ms // HOUR
        first = hour if first is None else first
        weight = worth * GROWTH[(hour - first) % HALF_LIFE] * 2.0 ** ((hour - first) // HALF_LIFE)
        parts = row.path.split("/") if row.path else []
        for depth in range(1, min(len(parts), 4) + 1):
            add("category", "/".join(parts[:depth]), weight)
        for kind, name in [("brand", row.maker), ("device", row.device),
                           ("channel", row.channel), ("region", row.region)]:
            if name:
                add(kind, name, weight)
        if row.paid > 0:
            bounds = [0.01 * 10 ** (band / 4) for band in range(32)]
            add("price_band", sum(1 for bound in bounds if row.paid >= bound), weight)
        if row.properties:
            chosen = [pair for pair in row.properties.items() if pair[0] in ATTRIBUTES]
            for key, value in chosen[:4]:
                add("attribute", f"{key}: {value}", weight)
        if row.type == "search":
            words = [w for w in row.text.split(" ") if len(w.encode()) > 1]
            for word in words[:6]:
                add("keyword", word, weight)
    return kinds


def features(user, now):
    f = {}
    count = user.type.value_counts().to_dict()

    def n(kind):
        return float(count.get(kind, 0))

    hour, day = user.ms // HOUR, user.ms // DAY
    begins = set()
    visits = sessions(user)
    for visit in visits:
        begins.add(visit[0].order)
    begin = user.order.isin(begins)
    kinds = {"views": "view", "clicks": "click", "impressions": "impression",
             "searches": "search", "favourites": "favourite", "carts": "cart_add",
             "purchases": "purchase", "refunds": "refund"}
    windows = {"1h": (hour, now // HOUR, 2), "1d": (hour, now // HOUR, 24),
               "7d": (day, now // DAY, 7), "30d": (day, now // DAY, 30),
               "90d": (day, now // DAY, 90)}
    for name, (buckets, newest, length) in windows.items():
        rows = user[(buckets > newest - length) & (buckets <= newest)]
        for word, kind in kinds.items():
            f[f"{word}_{name}"] = float((rows.type == kind).sum())
        f[f"spend_{name}"], f[f"refunded_{name}"] = rows.spend.sum(), rows.back.sum()
        f[f"discount_{name}"], f[f"events_{name}"] = rows.off.sum(), float(len(rows))
        f[f"sessions_{name}"] = float(begin[rows.index].sum())
        if name.endswith("d") and name != "1d":
            f[f"active_days_{name}"] = float((rows.ms // DAY).nunique())
            f[f"click_rate_{name}"] = ratio(f[f"clicks_{name}"], f[f"impressions_{name}"])
            f[f"cart_rate_{name}"] = ratio(f[f"carts_{name}"], f[f"views_{name}"])
            f[f"conversion_rate_{name}"] = ratio(f[f"purchases_{name}"], f[f"views_{name}"])
            f[f"mean_basket_{name}"] = ratio(f[f"spend_{name}"], f[f"purchases_{name}"])
            f[f"refund_share_{name}"] = ratio(f[f"refunded_{name}"], f[f"spend_{name}"])
            f[f"discount_share_{name}"] = ratio(
                f[f"discount_{name}"], f[f"spend_{name}"] + f[f"discount_{name}"])
    f["view_trend"] = ratio(f["views_7d"] / 7, f["views_30d"] / 30)
    f["spend_trend"] = ratio(f["spend_30d"] / 30, f["spend_90d"] / 90)

    for word, kind in {**kinds, "cart_removals": "cart_remove", "orders": "order",
                       "reviews": "review", "ratings": "rating", "shares": "share",
                       "logins": "login", "sign_ups": "sign_up",
                       "coupons_received": "coupon_received", "coupons_used": "coupon_used",
                       "hides": "hide"}.items():
        f[f"{word}_life"] = n(kind)
    spend, back, off = user.spend.sum(), user.back.sum(), user.off.sum()
    pieces = user[user.type == "purchase"].pieces.sum()
    dwell = user[user.type == "dwell"].value.sum()
    f.update(events_life=float(len(user)), spend_life=spend, refunded_life=back,
             discount_life=off, pieces_life=pieces, dwell_life=dwell / 60,
             active_days_life=float(day.nunique()))
    touched = user[(user.item_id != "") & (user.type != "impression")]
    bits = {xxhash.xxh64_intdigest(item) >> 56 for item in touched.item_id.unique()}
    f["items_life"] = -256 * math.log(max(1, 256 - len(bits)) / 256)
    bought = user[user.type == "purchase"]
    f["items_bought_life"] = float(min(BOUGHT, bought.item_id.nunique()))

    age = now // HOUR - user.ms // HOUR
    fade = 0.5 ** (age / (7 * 24))
    for word in ["views", "clicks", "searches", "favourites", "carts", "purchases"]:
        f[f"{word}_decayed"] = fade[user.type == kinds[word]].sum()
    f["spend_decayed"] = (fade * user.spend).sum()

    f["click_rate"] = ratio(n("click"), n("impression"))
    f["cart_rate"] = ratio(n("cart_add"), n("view"))
    f["favourite_rate"] = ratio(n("favourite"), n("view"))
    f["conversion_rate"] = ratio(n("purchase"), n("view"))
    f["cart_removal_rate"] = ratio(n("cart_remove"), n("cart_add"))
    f["refund_rate"] = ratio(n("refund"), n("purchase"))
    f["refund_share"], f["discount_share"] = ratio(back, spend), ratio(off, spend + off)
    f["coupon_rate"] = ratio(n("coupon_used"), n("coupon_received"))
    f["mean_basket"], f["mean_price"] = ratio(spend, n("purchase")), ratio(spend, pieces)
    priced = user[(user.type == "view") & (user.paid > 0)]
    f["mean_viewed_price"] = ratio(priced.paid.sum(), len(priced))
    f["dearest_bought"] = bought.paid.max() if len(bought) else math.nan
    f["mean_dwell"] = ratio(dwell, n("dwell"))
    f["mean_rating"] = ratio(user[user.type == "rating"].value.sum(), n("rating"))

    def since(ms):
        return max(0.0, (now - ms) / DAY)

    f["days_since_first"], f["days_since_last"] = since(user.ms.min()), since(user.ms.max())
    f["days_since_purchase"] = since(bought.ms.max()) if len(bought) else math.nan
    runs = streaks(set(day))
    f["longest_streak_days"] = float(max(length for length, _ in runs))
    today = now // DAY
    kept = streaks({d for d in day if d > max(day) - KEPT_DAYS})
    f["streak_days"] = float(max(
        [length for length, end in kept if end - length < today <= end or
         end - length < today - 1 <= end] or [0]))
    f["purchase_gap"] = math.nan
    if len(bought) > 1:
        f["purchase_gap"] = (bought.ms.max() - bought.ms.min()) / DAY / (len(bought) - 1)
    gaps, newest = [], None
    for ms in bought.ms:
        if newest is not None and ms >= newest:
            gaps.append((ms - newest) / DAY)
        newest = ms if newest is None else max(newest, ms)
    f["purchase_gap_deviation"] = float(np.std(gaps)) if len(gaps) > 1 else math.nan
    decisions, recent, cart = [], [], []
    for row in touched.itertuples():
        if row.type == "purchase":
            seen = [ms for item, ms in recent[-RECENT:] if item == row.item_id]
            if seen and min(seen) <= row.ms:
                decisions.append((row.ms - min(seen)) / HOUR)
        if row.type in ("purchase", "cart_remove", "cart_add") and row.item_id in cart:
            cart.remove(row.item_id)
        if row.type == "cart_add":
            cart = (cart + [row.item_id])[-CART:]
        recent.append((row.item_id, row.ms))
    f["decision_time"] = float(np.mean(decisions)) if decisions else math.nan
    lengths = [max(r.ms for r in v) - v[0].ms for v in visits]
    f["sessions"], last = float(len(visits)), visits[-1]
    f["mean_session"] = float(np.mean(lengths)) / 60_000
    f["longest_session"] = max(lengths) / 60_000
    f["events_per_session"] = len(user) / len(visits)
    f["bounce_share"] = ratio(sum(len(v) == 1 for v in visits[:-1]), len(visits) - 1)
    f["buying_session_share"] = sum(
        any(r.type == "purchase" for r in v) for v in visits) / len(visits)
    f["session_events"] = float(len(last))
    for word, kind in [("views", "view"), ("carts", "cart_add"), ("purchases", "purchase")]:
        f[f"session_{word}"] = float(sum(r.type == kind for r in last))
    f["cart_items"] = float(len(cart))

    clock, week = (user.ms // HOUR) % 24, (user.ms // DAY + 3) % 7
    f["night_share"], f["weekend_share"] = (clock < 6).mean(), (week >= 5).mean()
    for at in range(24):
        f[f"hour_{at:02}_share"] = (clock == at).mean()
    for at, word in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday",
                               "saturday", "sunday"]):
        f[f"{word}_share"] = (week == at).mean()

    likes = affinities(user)
    weights = list(likes["category"].values())
    f["top_category_share"] = max(weights) / sum(weights) if weights else math.nan
    f["category_concentration"] = (
        sum(w * w for w in weights) / sum(weights) ** 2 if weights else math.nan)
    for word, kind in [("categories", "category"), ("brands", "brand"),
                       ("price_bands", "price_band"), ("keywords", "keyword"),
                       ("devices", "device"), ("channels", "channel"), ("regions", "region"),
                       ("attributes", "attribute")]:
        f[word] = float(len(likes[kind]))
    return f


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("events")
    parser.add_argument("values")
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    events = read(wanted.events)
    said = pd.read_csv(wanted.values, dtype={"user_id": str}).set_index("user_id")
    now = int(events.ms.max())
    groups = events.groupby("user_id", sort=True)
    if set(groups.groups) != set(said.index):
        sys.exit(f"{len(groups)} users in the events, {len(said)} in the values")
    users = sorted(groups.groups)
    random.Random(wanted.seed).shuffle(users)
    users = users[: wanted.users]
    wrong, compared = {}, 0
    for user in users:
        mine, theirs = features(groups.get_group(user), now), said.loc[user]
        if set(mine) != set(said.columns):
            sys.exit(f"features differ: {sorted(set(mine) ^ set(said.columns))}")
        for name, value in mine.items():
            compared += 1
            other = float(theirs[name])
            same = (math.isnan(value) and math.isnan(other)) or (
                abs(value - other) <= 1e-5 * max(1.0, abs(value)))
            if not same:
                wrong.setdefault(name, []).append((user, value, other))
    for name, cases in sorted(wrong.items()):
        user, value, other = cases[0]
        print(f"{name}: {len(cases)} users differ; {user}: pandas {value}, limn {other}")
    print(f"{compared} values of {len(said.columns)} features and {len(users)} users, "
          f"seed {wanted.seed}: {sum(map(len, wrong.values()))} differ")
    sys.exit(1 if wrong or compared == 0 else 0)


if __name__ == "__main__":
    main()
