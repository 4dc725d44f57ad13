#!/usr/bin/env python3
"""further.py ARTICLES.jsonl FURTHER.tsv DEEP.tsv OFFSET: queries that depend on the archive they are asked of, the same for
the same archive: rare and common words, filters, and the words whose hits after the first OFFSET are asked for.

Prints for each class of words the articles that hold the least and the most frequent one: class<TAB>fewest<TAB>most<TAB>articles counted.

A Korean word is the beginning of a word between spaces, so that its particles count with it. It stands alone in a title, and
with a particle of nouns in a tenth of its articles at least; and without its last syllable it is not much more frequent (else
it is a word and a particle). An English word is one in a title, in lower case and without an inflection. Common ones are the
60 that most articles hold, up to a third of them; rare ones are of the tenth that fewest hold, though two at least. Filters
are written in the query language of `search`, which the peers read as far as it is used here.
"""
import calendar
import json
import random
import re
import sys
from collections import Counter

SEED = 20240317
COUNTED = 100_000
EACH = 50
COMMON = 60
LONGEST = 4
HANGUL = re.compile("[가-힣]+")
LATIN = re.compile("(?<![A-Za-z0-9'-])[A-Za-z]{4,}(?![A-Za-z0-9'-])")
INFLECTED = ("s", "ed", "ing", "ly")
PARTICLES = "을를이가은는의에"


class Frequencies:
    """How many articles hold a word, of those counted."""

    def __init__(self):
        self.articles = 0
        self.holding = {"ko": Counter(), "en": Counter()}
        self.alone, self.titled = Counter(), set()

    def add(self, title, body):
        self.articles += 1
        text = f"{title}\n{body}"
        eojeols = set(HANGUL.findall(text))
        self.alone.update(eojeols)
        beginnings = {word[:length] for word in eojeols for length in range(1, min(LONGEST, len(word)) + 1)}
        self.holding["ko"].update(beginnings)
        self.holding["en"].update({word.lower() for word in LATIN.findall(text)})
        self.titled.update(HANGUL.findall(title))
        self.titled.update(word.lower() for word in LATIN.findall(title))

    def words(self, lang):
        """Words by falling frequency, the alphabet deciding."""
        holding = self.holding[lang]
        words = [word for word in self.titled if 2 <= holding[word] <= self.articles / 3 and self.whole(word, lang)]
        return sorted(words, key=lambda word: (-holding[word], word))

    def whole(self, word, lang):
        if lang == "en":
            return not word.endswith(INFLECTED)
        held = self.holding["ko"]
        with_particle = sum(self.alone[word + particle] for particle in PARTICLES)
        return len(word) > 1 and with_particle * 10 >= held[word] and held[word[:-1]] < 3 * held[word]


def every(path, step):
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % step == 0:
                yield json.loads(line)


def plain_words(title):
    """Words of a title that no query language takes for a sign."""
    return [word.lower() for word in title.split() if HANGUL.fullmatch(word) and len(word) > 1 or LATIN.fullmatch(word)]


def month_of(day):
    year, month = int(day[:4]), int(day[5:7])
    return f"{day[:7]}-01..{day[:7]}-{calendar.monthrange(year, month)[1]}"


def filtered(articles, chance):
    """Two words of a title with its outlet, its month or its language: at least one article is found."""
    labels = {article.get("source") or "" for article in articles}
    # `source:` finds a part of a label too; these are the ones that are part of no other
    whole = {label for label in labels if label and '"' not in label and sum(label.lower() in other.lower() for other in labels) == 1}
    drawn = {"filter: outlet": [], "filter: month": [], "filter: language": []}
    for article in chance.sample(articles, len(articles)):
        words = plain_words(article.get("title") or "")
        day = (article.get("date") or article.get("published") or "")[:10]
        conditions = {
            "filter: outlet": f'source:"{article["source"]}"' if article.get("source") in whole else "",
            "filter: month": f"date:{month_of(day)}" if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else "",
            "filter: language": f"lang:{article['lang']}" if article.get("lang") in ("ko", "en") else "",
        }
        for name, condition in conditions.items():
            if condition and len(words) > 1 and len(drawn[name]) < EACH:
                start = chance.randint(0, len(words) - 2)
                drawn[name].append(f"{words[start]} {words[start + 1]} {condition}")
    return drawn


def write(path, classes):
    with open(path, "w", encoding="utf-8") as out:
        for name, texts in classes.items():
            for number, text in enumerate(texts):
                out.write(f"{name}-{number:02d}\t{name}\t{text}\n")


def main(path, further_to, deep_to, offset):
    with open(path, "rb") as lines:
        total = sum(1 for _ in lines)
    step = -(-total // COUNTED)
    frequencies, articles, kept = Frequencies(), [], max(1, total // step // 2000)
    for number, article in enumerate(every(path, step)):
        frequencies.add(article.get("title") or "", article.get("body") or "")
        if number % kept == 0:
            articles.append(article)
    chance = random.Random(f"{SEED}:further")
    further, deep = {}, {}
    for lang in ("ko", "en"):
        words, holding = frequencies.words(lang), frequencies.holding[lang]
        common = words[:COMMON]
        rare = words[COMMON:][-max(EACH, len(words) // 10) :]
        enough = [word for word in common if holding[word] * step >= 2 * int(offset)]
        draw = lambda pool: chance.sample(pool, min(EACH, len(pool)))
        further[f"{lang}, rare word"] = draw(rare)
        further[f"{lang}, common word"] = draw(common)
        further[f"{lang}, three common words"] = [" ".join(chance.sample(common, 3)) for _ in range(EACH if len(common) > 2 else 0)]
        deep[f"{lang}, hits {int(offset) + 1} to {int(offset) + 10}"] = draw(enough)
        for name, pool in (("rare word", rare), ("common word", common)):
            if pool:
                held = [holding[word] for word in pool]
                print(f"{lang}, {name}", min(held), max(held), frequencies.articles, sep="\t")
    further |= filtered(articles, chance)
    for name in [name for name, texts in (further | deep).items() if not texts]:
        print(f"{name}: left out, this archive has no such words or labels", file=sys.stderr)
    write(further_to, further)
    write(deep_to, deep)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
