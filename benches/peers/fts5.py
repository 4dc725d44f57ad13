#!/usr/bin/env python3
"""SQLite FTS5 as a peer, with the tokenizers it comes with: `words` (unicode61) and `trigram`.

fts5.py index CORPUS DB words|trigram store|ids   seconds, bytes of text, bytes of the index
fts5.py bench DB QUERIES                          class, queries, p50, p90, p99 in ms, second pass, top 10
fts5.py one DB QUERY                              top 10 of a fresh process
"""
import json
import math
import os
import sqlite3
import sys
import time

TOP = "SELECT rowid FROM article WHERE article MATCH ? ORDER BY rank LIMIT 10"


def index(corpus, path, tokenizer, stored):
    started, size = time.perf_counter(), 0
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    tokenize = "trigram" if tokenizer == "trigram" else "unicode61"
    content = "" if stored == "store" else ", content=''"
    db.execute(f"CREATE VIRTUAL TABLE article USING fts5(text, tokenize='{tokenize}'{content})")
    with open(corpus, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            article = json.loads(line)
            text = f"{article.get('title') or ''}\n{article.get('body') or ''}"
            size += len(text.encode())
            db.execute("INSERT INTO article(rowid, text) VALUES (?, ?)", (number, text))
    db.commit()
    db.close()
    print(f"{time.perf_counter() - started:.3f}\t{size}\t{os.path.getsize(path)}")


def match(text):
    """Any of the words; a query in quotation marks is a phrase."""
    if len(text) > 2 and text[0] == text[-1] == '"':
        return '"' + text[1:-1].replace('"', "") + '"'
    return " OR ".join('"' + word.replace('"', "") + '"' for word in text.split() if word.strip('"'))


def bench(path, queries):
    db, times = sqlite3.connect(path), {}
    with open(queries, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    for _ in range(2):
        times = {"all": []}
        for _, name, text in rows:
            started = time.perf_counter()
            db.execute(TOP, (match(text),)).fetchall()
            took = (time.perf_counter() - started) * 1e3
            times.setdefault(name, []).append(took)
            times["all"].append(took)
    for name, taken in times.items():
        taken.sort()
        shares = (taken[math.ceil(len(taken) * share) - 1] for share in (0.5, 0.9, 0.99))
        print(name, len(taken), *(f"{value:.3f}" for value in shares), sep="\t")


def one(path, text):
    for (row,) in sqlite3.connect(path).execute(TOP, (match(text),)):
        print(row)


if __name__ == "__main__":
    commands = {"index": index, "bench": bench, "one": one}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
