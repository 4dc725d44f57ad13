"""Plots as SVG files, and the names and colours that engines have in them and in the tables."""
import math
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


def number(value):
    """Three significant digits; a dash for what was not measured."""
    if value is None:
        return "-"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def write(path, title, width, height, parts):
    with open(path, "w", encoding="utf-8") as out:
        out.write(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
            'font-family="sans-serif" font-size="12"><style>text{fill:#333}.n{font-size:10px}</style>'
            f'<rect width="100%" height="100%" fill="#fff"/><text x="8" y="18" font-weight="bold">{escape(title)}</text>'
            + "".join(parts)
            + "</svg>\n"
        )


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
    write(path, title, width, y + 22, parts)


def steps(low, high):
    """1, 2, 5, 10, 20 and so on, from the last at or below `low` to the first at or above `high`."""
    ladder = [head * 10.0**power for power in range(-6, 13) for head in (1, 2, 5)]
    first = max(at for at, step in enumerate(ladder) if step <= low)
    last = min(at for at, step in enumerate(ladder) if step >= high)
    return ladder[first : max(last, first + 1) + 1]


def apart(heights, gap):
    """Heights from the top down, moved down where one would stand on another."""
    out = []
    for height in heights:
        out.append(max(height, out[-1] + gap) if out else height)
    return out


def lines(path, title, counts, series, value):
    """A line for each series over the number of articles, both axes logarithmic, its name and last figure at its end."""
    drawn = {name: [(count, value(name, count)) for count in counts] for name in series}
    drawn = {name: [(count, v) for count, v in points if v] for name, points in drawn.items()}
    drawn = {name: points for name, points in drawn.items() if points}
    figures = [v for points in drawn.values() for _, v in points]
    if not figures:
        return False
    marks = steps(min(figures), max(figures))
    left, top, wide, high = 60, 34, 340, 220
    first, last = math.log(counts[0]), math.log(counts[-1])
    x_of = lambda count: left + wide * (math.log(count) - first) / (last - first)
    y_of = lambda v: top + high * (1 - math.log(v / marks[0]) / math.log(marks[-1] / marks[0]))
    parts = []
    for mark in marks:
        y = y_of(mark)
        parts.append(f'<path d="M{left} {y:.1f}H{left + wide}" stroke="#e4e4e4"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end" class="n">{mark:,.10g}</text>')
    for count in counts:
        x = x_of(count)
        parts.append(f'<path d="M{x:.1f} {top}V{top + high}" stroke="#e4e4e4"/>')
        parts.append(f'<text x="{x:.1f}" y="{top + high + 16}" text-anchor="middle" class="n">{count:,}</text>')
    parts.append(f'<text x="{left + wide / 2:.0f}" y="{top + high + 32}" text-anchor="middle" class="n">articles</text>')
    for name, points in drawn.items():
        path_of = "L".join(f"{x_of(count):.1f} {y_of(v):.1f}" for count, v in points)
        parts.append(f'<path d="M{path_of}" fill="none" stroke="{COLOURS[name]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x_of(count):.1f}" cy="{y_of(v):.1f}" r="3" fill="{COLOURS[name]}"/>' for count, v in points]
    ends = sorted((y_of(points[-1][1]), name) for name, points in drawn.items())
    for y, (_, name) in zip(apart([y + 4 for y, _ in ends], 13), ends):
        parts.append(f'<circle cx="{left + wide + 14}" cy="{y - 4:.1f}" r="3" fill="{COLOURS[name]}"/>')
        parts.append(f'<text x="{left + wide + 21}" y="{y:.1f}" class="n">{number(drawn[name][-1][1])} {escape(NAMES[name])}</text>')
    write(path, title, left + wide + 190, top + high + 44, parts)
    return True
