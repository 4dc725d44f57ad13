#!/usr/bin/env python3
"""report.py DIR: the figures of a run (machine.tsv, speed.tsv, ranking.tsv) as tables in DIR/peers.md and plots DIR/*.svg."""
import os
import statistics
import sys
from html import escape

NAMES = {
    "search": "search",
    "search-plain": "search, no highlights",
    "nori": "Lucene Nori",
    "nori-bigram": "Lucene Nori + bigram",
    "fts5-words": "SQLite FTS5 words",
    "fts5-trigram": "SQLite FTS5 trigram",
}
COLOURS = {
    "search": "#1f6feb",
    "search-plain": "#79b0f7",
    "nori": "#8b8b8b",
    "nori-bigram": "#bdbdbd",
    "fts5-words": "#c9a36a",
    "fts5-trigram": "#e2cda9",
}


def rows(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def number(value):
    """Three significant digits; a dash for what was not measured."""
    if value is None:
        return "-"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


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

    def latency(self):
        head = ["class", "queries", *(NAMES[engine] for engine in self.engines)]
        body = []
        for name in [*self.classes, "all"]:
            cells = [f"{self.get('search', 'queries', name) or 0:.0f}"]
            for engine in self.engines:
                cells.append(" / ".join(number(self.get(engine, share, name)) for share in ("p50", "p90", "p99")))
            body.append([name, *cells])
        return table(head, body)


def bars(path, title, groups, series, value):
    """Grouped horizontal bars: groups down the page, one bar for each series, its figure at its end."""
    known = [[(s, value(s, g)) for s in series] for g in groups]
    known = [[(s, v) for s, v in bar if v is not None] for bar in known]
    top = max((v for bar in known for _, v in bar), default=0) or 1
    left, wide, thick = 130, 460, 14
    y, parts = 34, []
    for group, bar in zip(groups, known):
        middle = y + thick * len(bar) / 2 + 4
        parts.append(f'<text x="{left - 8}" y="{middle:.0f}" text-anchor="end">{escape(group)}</text>')
        for name, v in bar:
            parts.append(f'<rect x="{left}" y="{y}" width="{max(1, wide * v / top):.1f}" height="{thick - 2}" fill="{COLOURS[name]}"/>')
            parts.append(f'<text x="{left + wide * v / top + 5:.1f}" y="{y + thick - 4}" class="n">{number(v)}</text>')
            y += thick
        y += 10
    x = left
    for name in series:
        parts.append(f'<rect x="{x}" y="{y}" width="10" height="10" fill="{COLOURS[name]}"/>')
        parts.append(f'<text x="{x + 14}" y="{y + 9}" class="n">{escape(NAMES[name])}</text>')
        x += 30 + 6 * len(NAMES[name])
    width = max(left + wide + 60, x)
    with open(path, "w", encoding="utf-8") as out:
        out.write(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y + 22}" viewBox="0 0 {width} {y + 22}" '
            'font-family="sans-serif" font-size="12"><style>text{fill:#333}.n{font-size:10px}</style>'
            f'<rect width="100%" height="100%" fill="#fff"/><text x="8" y="18" font-weight="bold">{escape(title)}</text>'
            + "".join(parts)
            + "</svg>\n"
        )


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
    sizes = {}
    for count, *line in rows(f"{folder}/speed.tsv"):
        sizes.setdefault(int(count), []).append(line)
    for count, lines in sorted(sizes.items()):
        speed = Speed(lines)
        rounds = {name: int(speed.get("corpus", "rounds", name)) for name in ("indexing", "queries")}
        out.append(f"## {count:,} articles, {number(speed.get('corpus', 'text_mb'))} MB of text\n")
        out.append(
            f"Medians: {rounds['indexing']} x indexing, {rounds['queries']} x queries. "
            f"Reading the file alone, from the page cache: {number(speed.get('corpus', 'read_mb_s'))} MB/s.\n"
        )
        out.append(speed.summary())
        out.append("Latency by class of query, warm, ten hits, p50 / p90 / p99 in ms:\n")
        out.append(speed.latency())
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
