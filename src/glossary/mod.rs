//! One thing, two languages: which Korean form and which English form mean the same.
//!
//! Pairs come from four places: a core table of our own ([`table`], compiled in), pairs that articles themselves gloss
//! (`국제원자력기구(IAEA)`, [`derive`]), words of articles that tell the same event ([`align`]), and pairs that a user adds. All
//! are tables of one layout, looked up by key and never read whole. What none of them has is compared by sound with the
//! archive's own words ([`hear`]).

pub mod align;
pub mod derive;
pub mod eras;
pub mod find;
pub mod hanja;
pub mod hear;
pub mod key;
pub mod layout;
pub mod likeness;
pub mod mine;
pub mod skeletons;
pub mod sound;
pub mod sources;
pub mod table;
pub mod user;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::analyze::latin::fold;
use crate::article::Lang;
use crate::query::request::DateRange;
use crate::store::sections;
use key::bare;
use skeletons::Skeletons;
pub use sources::{Origin, Sources};
use table::{Entry, Table};
pub use user::{USER_FILE, UserPairs};

/// A pair and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair<'g> {
    pub entry: Entry<'g>,
    pub origin: Origin,
}

impl<'g> Pair<'g> {
    /// A pair of a table; those that were mined say in which way.
    fn new(entry: Entry<'g>, table: Origin) -> Pair<'g> {
        let origin = match entry.value("by") {
            Some("aligned") => Origin::Aligned,
            Some("sound") => Origin::Sound,
            _ => table,
        };
        Pair { entry, origin }
    }

    /// How much a translation by this pair counts, against 1 for the typed word.
    pub fn weight(&self) -> f32 {
        match self.origin {
            Origin::User => 1.0,
            Origin::Mined => 0.8,
            Origin::Core if self.entry.has("weak") => 0.4,
            Origin::Core => 0.9,
            Origin::Aligned | Origin::Sound => 0.7,
        }
    }

    /// True where the pair holds in the years asked for: a name that was given up, or is new. The years of a person are those
    /// of an office, and the name was known before and after.
    pub fn is_of(&self, published: DateRange) -> bool {
        if self.entry.value("in") == Some("people") {
            return true;
        }
        let year = |name: &str| self.entry.number::<i16>(name);
        let begun = published.until.is_none_or(|day| year("from").is_none_or(|from| from <= day.year()));
        let ended = published.since.is_some_and(|day| year("until").is_some_and(|until| until < day.year()));
        begun && !ended
    }

    /// True for what names one thing, whose forms in one language are then one another's synonyms.
    pub fn is_name(&self) -> bool {
        const NAMES: [&str; 4] = ["cities-regions", "countries-peoples", "organisations", "people"];
        match self.origin {
            Origin::Core => self.entry.value("in").is_some_and(|section| NAMES.contains(&section)),
            Origin::User | Origin::Mined | Origin::Sound => true,
            Origin::Aligned => false,
        }
    }
}

/// Every table of an index, the telling ones first.
#[derive(Debug, Clone)]
pub struct Glossary {
    tables: Vec<(Origin, Arc<Table>)>,
    /// Pairs the user does not want, as [`bare`] Korean and [`fold`]ed English forms.
    removed: Arc<Vec<(String, String)>>,
    sources: Sources,
    words: Arc<Words>,
}

/// The archive's words by their sound, mapped when the first name is heard.
#[derive(Debug, Default)]
struct Words {
    /// The folder and the file.
    place: Option<(PathBuf, String)>,
    table: OnceLock<Option<Skeletons>>,
}

/// What the names of files with mined pairs begin with.
pub const MINED_PREFIX: &str = "glossary-";

/// The file of the pairs mined from the commit that wrote `manifest`.
pub fn file_of(manifest: &str) -> String {
    sections::file_of(MINED_PREFIX, manifest)
}

impl Glossary {
    /// The core table alone.
    pub fn core() -> Glossary {
        Glossary {
            tables: vec![(Origin::Core, Arc::new(Table::core()))],
            removed: Arc::default(),
            sources: Sources::ALL,
            words: Arc::default(),
        }
    }

    /// With a table of pairs mined from an archive.
    pub fn with_mined(mut self, mined: Table) -> Glossary {
        self.tables.insert(0, (Origin::Mined, Arc::new(mined)));
        self
    }

    /// The same tables, of which only `sources` are used.
    pub fn limited(&self, sources: Sources) -> Glossary {
        Glossary { sources, ..self.clone() }
    }

    /// True where pairs from `origin` are used.
    pub fn uses(&self, origin: Origin) -> bool {
        self.sources.has(origin)
    }

    /// The glossary of the index in `dir`, whose last commit wrote `manifest`.
    pub fn open(dir: &Path, manifest: Option<&str>) -> io::Result<Glossary> {
        let user = UserPairs::read(dir)?;
        let mut tables = vec![(Origin::User, Arc::new(user.table()))];
        // an index that was written but not mined, or not by us, has no mined pairs yet
        if let Some(mined) = manifest.map(file_of).and_then(|name| Table::open(dir, &name).ok()) {
            tables.push((Origin::Mined, Arc::new(mined)));
        }
        tables.push((Origin::Core, Arc::new(Table::core())));
        let place = manifest.map(|manifest| (dir.to_owned(), sections::SOUNDS.file_of(manifest)));
        let words = Arc::new(Words { place, table: OnceLock::new() });
        Ok(Glossary { tables, removed: Arc::new(user.removed), sources: Sources::ALL, words })
    }

    /// The archive's words by their sound; `None` where names are not looked for by sound, or the last commit has none that
    /// can be read.
    pub fn words(&self) -> Option<&Skeletons> {
        let Words { place, table } = self.words.as_ref();
        let open = || place.as_ref().and_then(|(dir, name)| Skeletons::open(dir, name).ok());
        if self.uses(Origin::Sound) { table.get_or_init(open).as_ref() } else { None }
    }

    /// The pairs under `key`. Where the user has some, those alone.
    pub fn get(&self, key: &str) -> Vec<Pair<'_>> {
        let mut found = Vec::new();
        for (origin, table) in &self.tables {
            let pairs = table.get(key).map(|entry| Pair::new(entry, *origin));
            found.extend(pairs.filter(|pair| self.uses(pair.origin) && !self.is_removed(&pair.entry)));
            if *origin == Origin::User && !found.is_empty() {
                break;
            }
        }
        found
    }

    /// Every pair of every table, also those that queries do not use.
    pub fn all(&self) -> impl Iterator<Item = Pair<'_>> {
        let tables = self.tables.iter();
        tables
            .flat_map(|(origin, table)| table.entries().map(|entry| Pair::new(entry, *origin)))
            .filter(|pair| !self.is_removed(&pair.entry))
    }

    fn is_removed(&self, entry: &Entry) -> bool {
        self.removed.iter().any(|(korean, english)| {
            entry.forms(Lang::Ko).any(|form| bare(form) == *korean)
                && entry.forms(Lang::En).any(|form| fold(form) == *english)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_table_is_compiled_in() {
        let glossary = Glossary::core();
        assert!(!glossary.get("북한").is_empty());
        assert_eq!(glossary.get("no such thing"), []);
    }
}
