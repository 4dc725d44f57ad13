#!/usr/bin/env python3
"""compose.py SAMPLE.jsonl N ARTICLES.jsonl QUERIES.tsv: N articles and 600 queries from a small archive, always the same ones.

Article i depends on the seed and i only, so that a smaller corpus is the beginning of a larger one: the title of one
article over paragraphs of others in its language. Queries are words that stand side by side in titles.
"""
import json
import random
import sys

SEED = 20240317


def compose(archive, pools, number):
    chance = random.Random(f"{SEED}:{number}")
    like = chance.choice(archive)
    body = [chance.choice(pools[like["lang"]]) for _ in range(chance.randint(3, 8))]
    kept = {key: like.get(key) for key in ("title", "lang", "published", "source") if like.get(key)}
    return {"id": f"composed-{number:07d}", **kept, "body": "\n\n".join(body)}


def queries(archive):
    chance = random.Random(f"{SEED}:queries")
    for name, length in (("one word", 1), ("two words", 2), ("four words", 4), ("phrase", 2)):
        for lang, count in (("ko", 100), ("en", 50)):
            titles = [a["title"].replace('"', "").split() for a in archive if a["lang"] == lang]
            titles = [words for words in titles if len(words) >= length]
            for _ in range(count if titles else 0):
                words = chance.choice(titles)
                start = chance.randint(0, len(words) - length)
                text = " ".join(words[start : start + length])
                yield f"{lang}, {name}", f'"{text}"' if name == "phrase" else text


def main(sample, count, articles, queries_to):
    with open(sample, encoding="utf-8") as lines:
        archive = [json.loads(line) for line in lines]
    archive = sorted((a for a in archive if a.get("title") and a.get("body") and a.get("lang")), key=lambda a: a["id"])
    pools = {}
    for article in archive:
        paragraphs = [text for text in article["body"].split("\n\n") if text.strip()]
        pools.setdefault(article["lang"], []).extend(paragraphs)
    with open(articles, "w", encoding="utf-8") as out:
        for number in range(int(count)):
            out.write(json.dumps(compose(archive, pools, number), ensure_ascii=False) + "\n")
    with open(queries_to, "w", encoding="utf-8") as out:
        for number, (name, text) in enumerate(queries(archive)):
            out.write(f"q{number:04d}\t{name}\t{text}\n")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
