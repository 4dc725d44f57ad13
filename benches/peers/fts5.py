#!/usr/bin/env python3
"""SQLite FTS5 as a peer, with the tokenizers it comes with: `words` (unicode61) and `trigram`.

fts5.py index CORPUS DB words|trigram store|ids   seconds, bytes of text, bytes of the index
fts5.py bench DB QUERIES [OFFSET]                 class, queries, p50, p90, p99 in ms, second pass, ten hits
fts5.py one DB QUERY                              top 10 of a fresh process
"""
import json
import math
import os
import re
import sqlite3
import sys
import time

LABELS = ("source", "lang", "day")
CONDITION = re.compile(r'\b(source|lang|date):(?:"([^"]*)"|(\S+))')


def index(corpus, path, tokenizer, stored):
    started, size = time.perf_counter(), 0
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    tokenize = "trigram" if tokenizer == "trigram" else "unicode61"
    content = "" if stored == "store" else ", content=''"
    db.execute(f"CREATE VIRTUAL TABLE article USING fts5({', '.join(f'{label} UNINDEXED' for label in LABELS)}, text, tokenize='{tokenize}'{content})")
    with open(corpus, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            article = json.loads(line)
            text = f"{article.get('title') or ''}\n{article.get('body') or ''}"
            size += len(text.encode())
            # articles labelled `mixed` are Korean to `search`, which knows two languages
            lang, day = article.get("lang"), (article.get("date") or article.get("published") or "")[:10]
            row = (number, article.get("source"), "ko" if lang == "mixed" else lang, day, text)
            db.execute("INSERT INTO article(rowid, source, lang, day, text) VALUES (?, ?, ?, ?, ?)", row)
    db.commit()
    db.close()
    print(f"{time.perf_counter() - started:.3f}\t{size}\t{os.path.getsize(path)}")


def match(text):
    """Any of the words; a query in quotation marks is a phrase."""
    if len(text) > 2 and text[0] == text[-1] == '"':
        return '"' + text[1:-1].replace('"', "") + '"'
    return " OR ".join('"' + word.replace('"', "") + '"' for word in text.split() if word.strip('"'))


def found(db, text, offset=0):
    """The rows of ten hits. `date:` has both of its days, which are included."""
    where, values = "", []
    for name, quoted, bare in CONDITION.findall(text):
        value = quoted or bare
        where += " AND day BETWEEN ? AND ?" if name == "date" else f" AND {name} = ?"
        values += value.split("..") if name == "date" else [value]
    wanted = match(CONDITION.sub("", text).strip())
    statement = f"SELECT rowid FROM article WHERE article MATCH ?{where} ORDER BY rank LIMIT 10 OFFSET ?"
    return db.execute(statement, (wanted, *values, offset)).fetchall()


def bench(path, queries, offset=0):
    db, times = sqlite3.connect(path), {}
    with open(queries, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    for _ in range(2):
        times = {"all": []}
        for _, name, text in rows:
            started = time.perf_counter()
            found(db, text, int(offset))
            took = (time.perf_counter() - started) * 1e3
            times.setdefault(name, []).append(took)
            times["all"].append(took)
    for name, taken in times.items():
        taken.sort()
        shares = (taken[math.ceil(len(taken) * share) - 1] for share in (0.5, 0.9, 0.99))
        print(name, len(taken), *(f"{value:.3f}" for value in shares), sep="\t")


def one(path, text):
    for (row,) in found(sqlite3.connect(path), text):
        print(row)


if __name__ == "__main__":
    commands = {"index": index, "bench": bench, "one": one}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
