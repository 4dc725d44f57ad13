//! The fields of an index, and what each of them is for.
//!
//! Korean and English articles have fields of their own for the same evidence: document frequencies and lengths are then
//! those of one language, and a mixed archive ranks each language as if it were alone. Words carry positions (phrases,
//! closeness, highlighting); bigrams, printed forms, titles and leads carry counts only.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};

use crate::article::Lang;

/// The fields that hold one language's evidence.
#[derive(Debug, Clone, Copy)]
pub struct LanguageFields {
    /// Morphemes, lemmas, stems, numbers; title, lead, body and captions, with positions.
    pub text: Field,
    /// Printed forms: compounds without particles, Latin words before stemming.
    pub exact: Field,
    /// The words of the title.
    pub title: Field,
}

/// Every field of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    pub id: Field,
    /// The compressed record (see [`super::record`]).
    pub article: Field,
    pub ko: LanguageFields,
    pub en: LanguageFields,
    /// Pairs of syllables that are no word where they stand, of articles in either language.
    pub bigram: Field,
    /// The Latin words that open an English article.
    pub opening: Field,
    pub lang: Field,
    pub source: Field,
    pub section: Field,
    /// As the article states it.
    pub byline: Field,
    /// Where its address leads: `news.example.com`, without `www.`.
    pub host: Field,
    /// Seconds since 1970 that order articles; see [`crate::article::Published::sort_key`].
    pub published: Field,
    /// Days since 1970 of the day printed on the page: what filters and counts by date go by.
    pub day: Field,
    /// What orders articles that nothing else tells apart; see [`order_key`].
    pub key: Field,
    /// What the article glosses; see [`crate::glossary::mine`].
    pub gloss: Field,
    /// The wire group; see [`super::wire`].
    pub group: Field,
    /// The words of the headline as printed, and pairs of them; see [`crate::suggest::printed`].
    pub headline: Field,
}

impl Fields {
    pub fn of(&self, lang: Lang) -> &LanguageFields {
        match lang {
            Lang::Ko => &self.ko,
            Lang::En => &self.en,
        }
    }

    /// The language whose articles make the statistics of a field with evidence.
    pub fn lang_of(&self, field: Field) -> Lang {
        let english = [self.en.text, self.en.exact, self.en.title, self.opening];
        if english.contains(&field) { Lang::En } else { Lang::Ko }
    }

    /// The fields that list pairs of syllables: those that are words where they stand are among the words.
    pub fn of_pairs(&self) -> [Field; 3] {
        [self.bigram, self.ko.text, self.en.text]
    }
}

fn evidence(builder: &mut SchemaBuilder, name: &str, option: IndexRecordOption) -> Field {
    // tantivy never cuts a text into words here: articles come to it as posting lists, queries as terms
    let indexing = TextFieldIndexing::default().set_tokenizer("raw").set_index_option(option).set_fieldnorms(true);
    builder.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
}

fn label(builder: &mut SchemaBuilder, name: &str, fast: bool) -> Field {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    let options = TextOptions::default().set_indexing_options(indexing);
    builder.add_text_field(name, if fast { options.set_fast("raw") } else { options })
}

/// A number that has a list of its articles as well as a column; nothing is ranked by it, so it has no lengths.
fn listed() -> NumericOptions {
    NumericOptions::default().set_fast().set_indexed()
}

/// A number of 40 bits made from an article's id alone: the same in every index the article is in, so what ties is ordered
/// alike after every rebuild, and a cursor knows an article again. Of a million articles one in a million shares its number.
pub fn order_key(id: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(id.as_bytes()) >> 24
}

/// The host of an address, in small letters and without `www.`.
pub fn host_of(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().filter(|host| host.contains('.'))?.to_lowercase();
    Some(host.strip_prefix("www.").map(str::to_owned).unwrap_or(host))
}

/// The schema and its fields, always made by this function so that names exist once.
pub fn schema() -> (Schema, Fields) {
    use IndexRecordOption::{WithFreqs, WithFreqsAndPositions};
    let mut builder = Schema::builder();
    let id = label(&mut builder, "id", false);
    let article = builder.add_bytes_field("article", STORED);
    let [ko, en] = ["ko", "en"].map(|lang| LanguageFields {
        text: evidence(&mut builder, &format!("text_{lang}"), WithFreqsAndPositions),
        exact: evidence(&mut builder, &format!("exact_{lang}"), WithFreqs),
        title: evidence(&mut builder, &format!("title_{lang}"), WithFreqs),
    });
    let bigram = evidence(&mut builder, "bigram", WithFreqs);
    let opening = evidence(&mut builder, "opening", WithFreqs);
    let lang = label(&mut builder, "lang", true);
    let source = label(&mut builder, "source", true);
    let section = label(&mut builder, "section", true);
    let published = builder.add_i64_field("published", FAST);
    let day = builder.add_i64_field("day", listed());
    let key = builder.add_u64_field("key", FAST);
    let group = builder.add_u64_field("group", listed());
    let gloss = label(&mut builder, "gloss", false);
    let byline = label(&mut builder, "byline", false);
    let host = label(&mut builder, "host", false);
    let headline = label(&mut builder, "headline", false);
    let fields = Fields {
        id,
        article,
        ko,
        en,
        bigram,
        opening,
        lang,
        source,
        section,
        published,
        day,
        key,
        gloss,
        group,
        headline,
        byline,
        host,
    };
    (builder.build(), fields)
}
