#!/usr/bin/env python3
"""report.py DIR: the figures of a run (machine.tsv, speed.tsv, ranking.tsv) as tables in DIR/peers.md and plots DIR/*.svg."""
import os
import statistics
import sys

from growth import growth
from plot import NAMES, bars, number

def rows(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def table(head, body):
    align = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, align, *body]) + "\n"


class Speed:
    """Medians over the rounds of one size of archive."""

    def __init__(self, lines):
        values = {}
        for engine, figure, name, value in lines:
            values.setdefault((engine, figure, name), []).append(float(value))
        self.median = {key: statistics.median(taken) for key, taken in values.items()}
        self.engines = [e for e in NAMES if any(key[0] == e for key in values)]
        self.further = list(dict.fromkeys(key[2] for key in values if key[1] == "further_p50"))
        self.classes = list(dict.fromkeys(key[2] for key in values if key[1] == "p50" and key[2] != "all"))

    def get(self, engine, figure, name="-"):
        return self.median.get((engine, figure, name))

    def threads(self):
        return sorted({key[1].rsplit("_", 1)[1] for key in self.median if key[1].startswith("index_mb_s_")}, key=int)

    def summary(self):
        threads = self.threads()
        head = ["", *(f"index MB/s, {n} thread{'s' * (n != '1')}" for n in threads)]
        head += [f"index MiB, {n} thread{'s' * (n != '1')}" for n in threads]
        head += ["index / text", "without text", "p50 ms", "p90 ms", "p99 ms", "queries MiB", "fresh process ms"]
        figures = [f"index_mb_s_{n}" for n in threads] + [f"index_mib_{n}" for n in threads] + ["size_store", "size_ids"]
        body = []
        for engine in self.engines:
            cells = [self.get(engine, figure) for figure in figures]
            cells += [self.get(engine, share, "all") for share in ("p50", "p90", "p99")]
            cells += [self.get(engine, "search_mib"), self.get(engine, "fresh_ms")]
            body.append([NAMES[engine], *map(number, cells)])
        return table(head, body)

    def latencies(self, name, of=""):
        """A cell for each engine, a dash for what it was not asked."""
        shares = [[self.get(engine, of + share, name) for share in ("p50", "p90", "p99")] for engine in self.engines]
        return ["-" if None in row else " / ".join(map(number, row)) for row in shares]

    def latency(self):
        head = ["class", "queries", *(NAMES[engine] for engine in self.engines)]
        body = []
        for name in [*self.classes, "all"]:
            body.append([name, f"{self.get('search', 'queries', name) or 0:.0f}", *self.latencies(name)])
        return table(head, body)

    def further_latency(self):
        """Words of a class with how many articles hold the rarest and the most common of them."""
        head = ["class", "queries", "articles that hold a word", *(NAMES[engine] for engine in self.engines)]
        body = []
        for name in self.further:
            fewest, most, counted = (self.get("corpus", figure, name) for figure in ("fewest", "most", "counted"))
            held = f"{fewest:,.0f} to {most:,.0f} of {counted:,.0f}" if counted else ""
            body.append([name, f"{self.get('search', 'further_queries', name) or 0:.0f}", held, *self.latencies(name, "further_")])
        return table(head, body)


def ranking(lines):
    engines = [e for e in NAMES if any(line[1] == e for line in lines)]
    scored = {(name, engine): (count, float(ndcg), float(mrr), float(recall)) for name, engine, count, ndcg, mrr, recall in lines}
    body = []
    for name in dict.fromkeys(line[0] for line in lines):
        cells = [scored.get((name, engine)) for engine in engines]
        best = max(cell[1] for cell in cells if cell)
        texts = []
        for cell in cells:
            ndcg = f"{cell[1]:.4f}" if cell else "-"
            rest = f" / {cell[2]:.4f} / {cell[3]:.4f}" if cell else ""
            texts.append((f"**{ndcg}**" if cell and cell[1] == best else ndcg) + rest)
        body.append([name, next(cell[0] for cell in cells if cell), *texts])
    return table(["set", "queries", *(NAMES[e] for e in engines)], body)


def main(folder):
    out = ["# search and its peers\n"]
    out += [f"- {name}: {text}" for name, text in rows(f"{folder}/machine.tsv")] + [""]
    sizes, speeds = {}, {}
    for count, *line in rows(f"{folder}/speed.tsv"):
        sizes.setdefault(int(count), []).append(line)
    for count, lines in sorted(sizes.items()):
        speed = speeds[count] = Speed(lines)
        rounds = {name: int(speed.get("corpus", "rounds", name)) for name in ("indexing", "queries")}
        out.append(f"## {count:,} articles, {number(speed.get('corpus', 'text_mb'))} MB of text\n")
        out.append(
            f"Medians: {rounds['indexing']} x indexing, {rounds['queries']} x queries. "
            f"Reading the file alone, from the page cache: {number(speed.get('corpus', 'read_mb_s'))} MB/s.\n"
        )
        out.append(speed.summary())
        out.append("Latency by class of query, warm, ten hits, p50 / p90 / p99 in ms:\n")
        out.append(speed.latency())
        if speed.further:
            out.append("Rare and common words, filters and deep pages:\n")
            out.append(speed.further_latency())
        threads = speed.threads()
        engines = [e for e in speed.engines if e != "search-plain"]
        plots = {
            "index": ("Indexing, MB of text a second", [f"{n} thread{'s' * (n != '1')}" for n in threads], engines,
                      lambda e, g: speed.get(e, f"index_mb_s_{g.split()[0]}")),
            "size": ("Index, as a share of the text", ["with text", "without"], engines,
                     lambda e, g: speed.get(e, "size_store" if g == "with text" else "size_ids")),
            "latency": ("Median latency of ten hits, warm, ms", [*speed.classes, "all"], [e for e in speed.engines if not e.startswith("fts5")],
                        lambda e, g: speed.get(e, "p50", g)),
        }
        for name, (title, groups, series, value) in plots.items():
            file = f"{name}-{count}.svg"
            bars(f"{folder}/{file}", f"{title} ({count:,} articles)", groups, series, value)
            out.append(f"![{title}]({file})")
        out.append("")
    if len(speeds) > 1:
        out += growth(folder, speeds, table)
    judged = rows(f"{folder}/ranking.tsv")
    if judged:
        out.append("## Ranking, nDCG@10 / MRR@10 / Recall@100\n")
        out.append(ranking(judged))
    with open(f"{folder}/peers.md", "w", encoding="utf-8") as page:
        page.write("\n".join(out))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
