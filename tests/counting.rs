//! Totals, facets, offsets and cursors against a brute-force scan, over random archives and queries.
//!
//! The words of these archives share no syllable and no stem, so which articles hold a word is plain from their text.

mod harness;

use std::collections::{BTreeMap, BTreeSet};

use harness::Folder;
use jiff::civil::{Date, DateTime};
use proptest::prelude::*;
use search::analyze::Analyzer;
use search::analyze::dictionary::find_or_install;
use search::article::Lang;
use search::engine::{Answer, Engine};
use search::query::request::{DateRange, Facet, Request, Sort};

const KOREAN: [&str; 8] = ["북한", "미사일", "경제", "태풍", "선거", "철도", "반도체", "올림픽"];
const ENGLISH: [&str; 8] = ["treaty", "missile", "storm", "budget", "railway", "harbor", "senate", "vaccine"];
const OUTLETS: [&str; 3] = ["가람일보", "Harbor Times", "온누리통신"];
const SECTIONS: [&str; 2] = ["국제", "Business"];
const FACETS: [Facet; 6] = [Facet::Source, Facet::Lang, Facet::Section, Facet::Year, Facet::Month, Facet::Day];

/// What is known of an article before it is indexed.
#[derive(Debug, Clone)]
struct Made {
    id: u32,
    korean: bool,
    /// Numbers of words of its language.
    words: Vec<usize>,
    outlet: Option<usize>,
    section: Option<usize>,
    /// Days after 2022-12-30, the hour where it is said, hours east of Greenwich where those are.
    published: Option<(i32, Option<i8>, Option<i8>)>,
}

impl Made {
    fn id(&self) -> String {
        format!("article-{}", self.id)
    }

    fn has(&self, word: &str) -> bool {
        let words = if self.korean { KOREAN } else { ENGLISH };
        self.words.iter().any(|&at| words[at] == word)
    }

    fn time(&self) -> Option<(DateTime, Option<i8>, Option<i8>)> {
        let (days, hour, zone) = self.published?;
        let day = Date::constant(2022, 12, 30).checked_add(jiff::Span::new().days(days)).unwrap();
        Some((day.at(hour.unwrap_or(12), 0, 0, 0), hour, zone.filter(|_| hour.is_some())))
    }

    fn day(&self) -> Option<Date> {
        self.time().map(|(time, ..)| time.date())
    }

    /// The instant that orders it.
    fn instant(&self) -> Option<i64> {
        let (time, _, zone) = self.time()?;
        let utc = jiff::tz::Offset::UTC.to_timestamp(time).unwrap().as_second();
        Some(utc - i64::from(zone.unwrap_or(0)) * 3600)
    }

    fn value(&self, facet: Facet) -> Option<String> {
        match facet {
            Facet::Source => self.outlet.map(|at| OUTLETS[at].to_owned()),
            Facet::Section => self.section.map(|at| SECTIONS[at].to_owned()),
            Facet::Lang => Some(if self.korean { "ko" } else { "en" }.to_owned()),
            Facet::Year => self.day().map(|day| day.to_string()[..4].to_owned()),
            Facet::Month => self.day().map(|day| day.to_string()[..7].to_owned()),
            Facet::Day => self.day().map(|day| day.to_string()),
        }
    }

    fn line(&self) -> String {
        let words = if self.korean { KOREAN } else { ENGLISH };
        let text: Vec<&str> = self.words.iter().map(|&at| words[at]).collect();
        let published = self.time().map(|(time, hour, zone)| match (hour, zone) {
            (None, _) => time.date().to_string(),
            (Some(_), None) => time.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
            (Some(_), Some(zone)) => {
                let sign = if zone < 0 { '-' } else { '+' };
                format!("{}{sign}{:02}:00", time.strftime("%Y-%m-%dT%H:%M:%S"), zone.abs())
            }
        });
        let mut record = serde_json::json!({
            "id": self.id(), "title": text[0], "body": text[1..].join(" ") + ".", "published": published,
            "lang": if self.korean { "ko" } else { "en" },
        });
        if let Some(at) = self.outlet {
            record["source"] = OUTLETS[at].into();
        }
        if let Some(at) = self.section {
            record["section"] = SECTIONS[at].into();
        }
        record.to_string() + "\n"
    }
}

fn made() -> impl Strategy<Value = Made> {
    let published = (0i32..70, prop::option::of(0i8..24), prop::option::of(-11i8..13));
    (
        any::<bool>(),
        prop::collection::vec(0usize..8, 2..7),
        prop::option::weighted(0.8, 0usize..3),
        prop::option::weighted(0.5, 0usize..2),
        prop::option::weighted(0.9, published),
    )
        .prop_map(|(korean, words, outlet, section, published)| Made {
            id: 0,
            korean,
            words,
            outlet,
            section,
            published,
        })
}

/// An archive in which some stories are told by several outlets.
fn archive(most: usize) -> impl Strategy<Value = Vec<Made>> {
    let story = (any::<bool>(), prop::collection::vec(0usize..8, 60..90));
    let stories = prop::collection::vec((story, prop::collection::vec(made(), 1..5)), 0..4);
    (prop::collection::vec(made(), 1..most), stories).prop_map(|(mut articles, stories)| {
        for ((korean, words), copies) in stories {
            articles.extend(copies.into_iter().map(|copy| Made { korean, words: words.clone(), ..copy }));
        }
        (0..).zip(&mut articles).for_each(|(id, article)| article.id = id);
        articles
    })
}

/// Words with `+`, `-` or no sign, and the conditions beside them.
#[derive(Debug, Clone)]
struct Asked {
    words: Vec<(char, &'static str)>,
    published: DateRange,
    lang: Option<Lang>,
    source: Option<usize>,
    section: Option<usize>,
    sort: Sort,
}

impl Asked {
    fn finds(&self, article: &Made) -> bool {
        let with = |sign: char| self.words.iter().filter(move |(it, _)| *it == sign).map(|&(_, word)| word);
        let required = with('+').all(|word| article.has(word));
        let any = with('+').count() > 0 || with(' ').count() == 0 || with(' ').any(|word| article.has(word));
        let lang = self.lang.is_none_or(|lang| (lang == Lang::Ko) == article.korean);
        let since = self.published.since.is_none_or(|since| article.day().is_some_and(|day| day >= since));
        let until = self.published.until.is_none_or(|until| article.day().is_some_and(|day| day <= until));
        let labels = self.source.is_none_or(|at| article.outlet == Some(at))
            && self.section.is_none_or(|at| article.section == Some(at));
        required && any && !with('-').any(|word| article.has(word)) && lang && since && until && labels
    }

    fn request(&self) -> Request {
        let words: Vec<String> = self.words.iter().map(|(sign, word)| format!("{sign}{word}")).collect();
        Request {
            query: words.join(" "),
            limit: 10_000,
            list_copies: true,
            published: self.published,
            lang: self.lang,
            // in another case, as people type names
            source: self.source.map(|at| OUTLETS[at].to_uppercase()),
            section: self.section.map(|at| SECTIONS[at].to_lowercase()),
            sort: self.sort,
            no_expand: true,
            ..Request::default()
        }
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let word = prop_oneof![prop::sample::select(&KOREAN[..]), prop::sample::select(&ENGLISH[..])];
    let sign = prop_oneof![4 => Just(' '), 2 => Just('+'), 1 => Just('-')];
    let day =
        (0i32..70).prop_map(|days| Date::constant(2022, 12, 30).checked_add(jiff::Span::new().days(days)).unwrap());
    (
        prop::collection::vec((sign, word), 1..4),
        prop::option::weighted(0.3, day.clone()),
        prop::option::weighted(0.3, day),
        prop::option::weighted(0.2, prop::sample::select(vec![Lang::Ko, Lang::En])),
        prop::option::weighted(0.2, 0usize..3),
        prop::option::weighted(0.2, 0usize..2),
        prop::sample::select(vec![Sort::Relevance, Sort::Newest, Sort::Oldest]),
    )
        .prop_map(|(words, since, until, lang, source, section, sort)| Asked {
            words,
            published: DateRange { since, until },
            lang,
            source,
            section,
            sort,
        })
}

fn put(folder: &Folder, articles: &[Made]) {
    folder.put("news/a.jsonl", articles.iter().map(Made::line).collect::<String>());
    folder.index("news");
}

fn open(folder: &Folder) -> Engine {
    let dictionary = find_or_install(None, &mut |_| {}).expect("the Korean dictionary");
    Engine::open(&folder.at("index"), Analyzer::new(dictionary)).unwrap()
}

fn ask(engine: &Engine, request: &Request) -> Answer {
    engine.search(request, &mut engine.worker()).unwrap()
}

fn ids(answer: &Answer) -> Vec<String> {
    answer.hits.iter().map(|hit| hit.id.clone()).collect()
}

/// The hits and all that stands behind them.
fn stories(answer: &Answer) -> Vec<String> {
    let behind = |hit: &search::engine::Hit| hit.duplicates.iter().map(|copy| copy.id.clone()).collect::<Vec<_>>();
    answer.hits.iter().flat_map(|hit| [vec![hit.id.clone()], behind(hit)].concat()).collect()
}

/// All pages of a request by its cursors, `size` hits each; between two pages `change` is called.
fn by_cursor(folder: &Folder, request: &Request, size: usize, mut change: impl FnMut()) -> Vec<Answer> {
    let mut pages: Vec<Answer> = Vec::new();
    loop {
        let cursor = pages.last().and_then(|page| page.next_cursor.as_ref());
        let cursor = cursor.map(|text| text.parse().unwrap());
        let page = ask(&open(folder), &Request { limit: size, cursor, ..request.clone() });
        let last = page.next_cursor.is_none();
        pages.push(page);
        if last {
            return pages;
        }
        change();
    }
}

fn sorted(ids: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut ids: Vec<String> = ids.into_iter().collect();
    ids.sort();
    ids
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn counts_agree_with_a_scan(articles in archive(40), queries in prop::collection::vec(asked(), 6), size in 1usize..9) {
        let folder = Folder::new();
        put(&folder, &articles);
        let engine = open(&folder);
        let by_id: BTreeMap<String, &Made> = articles.iter().map(|article| (article.id(), article)).collect();
        for asked in &queries {
            let found: Vec<&Made> = articles.iter().filter(|article| asked.finds(article)).collect();
            let wanted = sorted(found.iter().map(|article| article.id()));
            let request = Request { facets: FACETS.to_vec(), ..asked.request() };
            let all = ask(&engine, &Request { ungroup: true, ..request.clone() });
            prop_assert_eq!(all.total as usize, found.len(), "{:?}", asked);
            prop_assert_eq!(sorted(ids(&all)), wanted.clone(), "{:?}", asked);

            for (facet, counts) in &all.facets.0 {
                let mut scan: BTreeMap<Option<String>, u64> = BTreeMap::new();
                found.iter().for_each(|article| *scan.entry(article.value(*facet)).or_default() += 1);
                let counted: BTreeMap<Option<String>, u64> =
                    counts.iter().map(|count| (count.value.clone(), count.count)).collect();
                prop_assert_eq!(counted.len(), counts.len(), "a value twice");
                prop_assert_eq!(counted, scan, "{:?} {}", asked, facet);
            }

            if asked.sort != Sort::Relevance {
                let mut times: Vec<Option<i64>> = all.hits.iter().map(|hit| by_id[&hit.id].instant()).collect();
                if asked.sort == Sort::Newest {
                    times.iter_mut().for_each(|at| *at = at.map(|at| -at));
                }
                let last = |at: &Option<i64>| (at.is_none(), *at);
                prop_assert!(times.is_sorted_by_key(last), "{:?}: {:?}", asked, times);
            }

            for ungroup in [true, false] {
                let request = Request { ungroup, ..asked.request() };
                let whole = ask(&engine, &request);
                prop_assert_eq!(sorted(stories(&whole)), wanted.clone(), "every article is a hit or behind one, once");
                let mut paged = Vec::new();
                for offset in (0..=whole.hits.len()).step_by(size) {
                    let page = ask(&engine, &Request { offset, limit: size, ..request.clone() });
                    prop_assert!(page.hits.iter().zip(offset + 1..).all(|(hit, rank)| hit.rank == rank));
                    paged.extend(ids(&page));
                }
                prop_assert_eq!(&paged, &ids(&whole), "offsets: {:?}", asked);
                let pages = by_cursor(&folder, &request, size, || ());
                let turned: Vec<String> = pages.iter().flat_map(ids).collect();
                prop_assert_eq!(&turned, &ids(&whole), "cursors: {:?}", asked);
                prop_assert!(pages.iter().flat_map(|page| &page.hits).zip(1..).all(|(hit, rank)| hit.rank == rank));
            }
        }
    }

    /// Between two pages articles come, go and change: what was there all the time is seen once, and nothing twice.
    #[test]
    fn a_cursor_survives_a_changing_index(
        articles in archive(30),
        mut asked in asked(),
        size in 1usize..4,
        ungroup in any::<bool>(),
        changes in prop::collection::vec((made(), any::<prop::sample::Index>(), 0u8..4), 12),
    ) {
        // a question with many answers: there have to be pages to turn
        let words = [KOREAN[0], KOREAN[1], ENGLISH[0], ENGLISH[1]].map(|word| (' ', word));
        asked = Asked { words: words.to_vec(), sort: asked.sort, published: DateRange::default(), lang: None, source: None, section: None };
        let folder = Folder::new();
        put(&folder, &articles);
        let mut now = articles.clone();
        let mut steady: BTreeSet<String> = articles.iter().filter(|it| asked.finds(it)).map(Made::id).collect();
        let mut changes = changes.into_iter();
        let mut next_id = 1000;
        let request = Request { ungroup, ..asked.request() };
        let pages = by_cursor(&folder, &request, size, || {
            let Some((new, at, what)) = changes.next() else { return };
            let at = at.index(now.len());
            match what {
                0 => now.push(Made { id: next_id, ..new }),
                // a copy of a story that is there
                1 => now.insert(0, Made { id: next_id, words: now[at].words.clone(), korean: now[at].korean, ..new }),
                2 if now.len() > 1 => {
                    steady.remove(&now.remove(at).id());
                }
                _ => {
                    steady.remove(&now[at].id());
                    now[at] = Made { id: now[at].id, ..new };
                }
            }
            next_id += 1;
            put(&folder, &now);
        });
        let hits: Vec<String> = pages.iter().flat_map(ids).collect();
        let once: BTreeSet<&String> = hits.iter().collect();
        prop_assert_eq!(once.len(), hits.len(), "a hit twice: {:?}", hits);
        let seen: BTreeSet<String> = pages.iter().flat_map(stories).collect();
        let missed: Vec<&String> = steady.difference(&seen).collect();
        prop_assert!(missed.is_empty(), "{:?} never seen, of {:?}", missed, hits);
    }
}
