//! One thing, two languages: which Korean form and which English form mean the same.
//!
//! Pairs come from three places: a core table of our own ([`table`], compiled in), pairs that articles themselves gloss
//! (`국제원자력기구(IAEA)`), and pairs that a user adds. All are tables of one layout, looked up by key and never read whole.

pub mod derive;
pub mod find;
pub mod hear;
pub mod key;
pub mod layout;
pub mod mine;

pub mod sound;
pub mod table;
pub mod user;

use std::fmt;
use std::io;
use std::path::Path;

use crate::analyze::latin::fold;
use crate::article::Lang;
use crate::query::request::DateRange;
use key::bare;
use table::{Entry, Table};
pub use user::{USER_FILE, UserPairs};

/// Where a pair comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Added by the user.
    User,
    /// Glossed in articles of this archive.
    Mined,
    /// The core table.
    Core,
    /// Nothing but the sound.
    Sound,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Origin::User => "your glossary",
            Origin::Mined => "glossed in this archive",
            Origin::Core => "glossary",
            Origin::Sound => "by sound",
        })
    }
}

/// A pair and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair<'g> {
    pub entry: Entry<'g>,
    pub origin: Origin,
}

impl Pair<'_> {
    /// How much a translation by this pair counts, against 1 for the typed word.
    pub fn weight(&self) -> f32 {
        match self.origin {
            Origin::User => 1.0,
            Origin::Mined => 0.8,
            Origin::Core if self.entry.has("weak") => 0.4,
            Origin::Core => 0.9,
            Origin::Sound => 0.7,
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
        }
    }
}

/// Every table of an index, the telling ones first.
#[derive(Debug)]
pub struct Glossary {
    tables: Vec<(Origin, Table)>,
    /// Pairs the user does not want, as [`bare`] Korean and [`fold`]ed English forms.
    removed: Vec<(String, String)>,
}

/// What the names of files with mined pairs begin with.
pub const MINED_PREFIX: &str = "glossary-";

/// The file of the pairs mined from the commit that wrote `manifest`.
pub fn file_of(manifest: &str) -> String {
    let mark = manifest.rsplit('-').next().unwrap_or(manifest);
    format!("{MINED_PREFIX}{mark}")
}

impl Glossary {
    /// The core table alone.
    pub fn core() -> Glossary {
        Glossary { tables: vec![(Origin::Core, Table::core())], removed: Vec::new() }
    }

    /// The glossary of the index in `dir`, whose last commit wrote `manifest`.
    pub fn open(dir: &Path, manifest: Option<&str>) -> io::Result<Glossary> {
        let user = UserPairs::read(dir)?;
        let mut tables = vec![(Origin::User, user.table())];
        // an index that was written but not mined, or not by us, has no mined pairs yet
        if let Some(mined) = manifest.map(file_of).and_then(|name| Table::open(&dir.join(name)).ok()) {
            tables.push((Origin::Mined, mined));
        }
        tables.push((Origin::Core, Table::core()));
        Ok(Glossary { tables, removed: user.removed })
    }

    /// The pairs under `key`. Where the user has some, those alone.
    pub fn get(&self, key: &str) -> Vec<Pair<'_>> {
        let mut found = Vec::new();
        for (origin, table) in &self.tables {
            let pairs = table.get(key).map(|entry| Pair { entry, origin: *origin });
            found.extend(pairs.filter(|pair| !self.is_removed(&pair.entry)));
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
            .flat_map(|(origin, table)| table.entries().map(|entry| Pair { entry, origin: *origin }))
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
