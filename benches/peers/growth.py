"""How figures grow with the archive: what ten times the articles cost, as a table and as plots over the number of articles."""
from plot import NAMES, lines, number


def per_article(speed, engine, threads):
    """Seconds of indexing."""
    rate, text = speed.get(engine, f"index_mb_s_{threads}"), speed.get("corpus", "text_mb")
    return text / rate if rate else None


def figures(threads):
    """Of one size of archive: name, unit, and the value of an engine."""
    of = lambda figure, name="-": lambda speed, engine, count: speed.get(engine, figure, name)

    def stored(speed, engine, count):
        share = speed.get(engine, "size_store")
        return share and share * speed.get("corpus", "text_mb") * 1000 / count

    with_threads = f"{threads} thread{'s' * (threads != '1')}"
    return {
        "index": (f"Indexing, MB of text a second, {with_threads}", of(f"index_mb_s_{threads}")),
        "index-memory": (f"Peak memory while indexing, MiB, {with_threads}", of(f"index_mib_{threads}")),
        "size": ("Index with the text, KB an article", stored),
        "p50": ("Median latency of ten hits, warm, ms", of("p50", "all")),
        "p99": ("99th percentile of the latency, ms", of("p99", "all")),
        "queries-memory": ("Peak memory of queries, MiB", of("search_mib")),
        "fresh": ("A fresh process, p50, ms", of("fresh_ms")),
    }


def ratio(before, after):
    return f"{after / before:.2f}" if before and after else "-"


def ratios(speeds, smaller, larger, threads, table):
    """What grows with the archive, as multiples; what is of an article, a query or a process should stay near 1."""
    measured = figures(threads)
    head = ["", *(f"indexing an article, {n} thread{'s' * (n != '1')}" for n in speeds[larger].threads())]
    head += ["bytes an article", "p50", "p99", "memory, indexing", "memory, queries", "fresh process"]
    body = []
    for engine in speeds[larger].engines:
        cells = []
        for n in speeds[larger].threads():
            seconds = [per_article(speeds[count], engine, n) for count in (smaller, larger)]
            cells.append(ratio(*(s and s / count for s, count in zip(seconds, (smaller, larger)))))
        for name in ("size", "p50", "p99", "index-memory", "queries-memory", "fresh"):
            value = measured[name][1]
            cells.append(ratio(value(speeds[smaller], engine, smaller), value(speeds[larger], engine, larger)))
        body.append([NAMES[engine], *cells])
    return table(head, body)


def growth(folder, speeds, table):
    """Lines of the report; `speeds` has the figures by the number of articles."""
    counts = sorted(speeds)
    largest = speeds[counts[-1]]
    threads = largest.threads()[0]
    out = ["## Growth\n"]
    for smaller, larger in zip(counts, counts[1:]):
        out.append(f"From {smaller:,} to {larger:,} articles, the second over the first:\n")
        out.append(ratios(speeds, smaller, larger, threads, table))
    for name, (title, value) in figures(threads).items():
        file = f"growth-{name}.svg"
        if lines(f"{folder}/{file}", title, counts, largest.engines, lambda engine, count: value(speeds[count], engine, count)):
            out.append(f"![{title}]({file})")
    out.append("")
    return out
