//! From MeCab's compiled files to a dictionary of the morphology library.
//!
//! mecab-ko adds a cost to particles, endings, suffixes and the copula that come right after a space. The library can do
//! that too, but works out which of the 816,283 words are concerned at every start (75-110 ms). Only the word for a
//! space has its right id, and all words with one left id begin with one tag, so the same costs can be added to one row
//! of the connection matrix, once, here.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use lindera::dictionary::{DictionaryBuilder, Metadata, Schema};
use sha2::{Digest, Sha256};

use super::characters::characters;
use super::connection::Matrix;
use super::lexicon::{Entry, Lexicon};
use super::manifest::{hex, sha256_hex};
use super::pins::{Content, DICTIONARY};
use super::source::Source;
use super::{DictionaryError, Step};

/// The real dictionary has 58 MB of rows.
const MAX_TEXT: usize = 256 << 20;

/// Which rows the space penalty concerns, by first tag, as in mecab-ko-dic's `dicrc`.
const SPACE_PENALTIES: [(&[&str], i16); 2] = [
    (&["EC", "EF", "EP", "ETM", "ETN", "VCP", "XSA", "XSN", "XSV"], 3000),
    (&["JC", "JKB", "JKC", "JKG", "JKO", "JKQ", "JKS", "JKV", "JX"], 6000),
];

/// The columns of a row, by the names the morphology library knows.
const COLUMNS: [&str; 12] = [
    "surface",
    "left_context_id",
    "right_context_id",
    "cost",
    "part_of_speech_tag",
    "meaning",
    "presence_absence",
    "reading",
    "type",
    "first_part_of_speech",
    "last_part_of_speech",
    "expression",
];
/// The columns of a user dictionary's short form.
const SHORT_COLUMNS: [&str; 3] = ["surface", "part_of_speech_tag", "reading"];
/// The ids of a proper noun that ends in a consonant, for rows of a user dictionary that name none.
const PROPER_NOUN: (u16, u16) = (1786, 3546);

/// Writes the source texts of the dictionary to `texts` and says what they were made of. Releases the compiled files.
pub fn write_texts(source: Source, texts: &Path, notice: &mut dyn FnMut(Step)) -> Result<Content, DictionaryError> {
    let mut ids = Ids::default();
    let sys = Lexicon::parse("sys.dic", &source.sys)?;
    let mut done = 0;
    let rows = write_rows(&sys, &texts.join("words.csv"), |_, entry| {
        if done % 16_384 == 0 {
            notice(Step::Decompiling { rows: done, of: sys.len() });
        }
        done += 1;
        ids.see(entry)
    })?;

    let unk = Lexicon::parse("unk.dic", &source.unk)?;
    let (mut spaces, mut space) = (0, None);
    write_rows(&unk, &texts.join("unk.def"), |category, entry| {
        if category == "SPACE" {
            spaces += 1;
            space = Some(entry.right).filter(|&right| spaces == 1 && !ids.has_right(right));
            Ok(())
        } else {
            ids.see(entry)
        }
    })?;
    let Some(space) = space.filter(|&right| !ids.has_right(right)) else {
        return Err(DictionaryError::source("unk.dic", "has no right id of its own for spaces"));
    };

    let mut matrix = Matrix::parse(&source.matrix)?;
    if ids.rights.len().max(usize::from(space) + 1) > matrix.rights || ids.penalties.len() > matrix.lefts {
        return Err(DictionaryError::source("matrix.bin", "is smaller than the ids of the words"));
    }
    matrix.penalise_after(space, |left| ids.penalty(left));
    write_matrix(&matrix, &texts.join("matrix.def"))?;

    let char_def = texts.join("char.def");
    fs::write(&char_def, characters(&source.chars)?).map_err(|e| DictionaryError::io(&char_def, "write", e))?;
    Ok(Content {
        rows,
        matrix: sha256_hex(&source.matrix),
        characters: sha256_hex(&source.chars),
        unknown: sha256_hex(&source.unk),
    })
}

/// Builds the dictionary in `out` from the texts.
pub fn compile(texts: &Path, out: &Path) -> Result<(), DictionaryError> {
    fs::create_dir_all(out).map_err(|e| DictionaryError::io(out, "make", e))?;
    DictionaryBuilder::new(metadata()).build_dictionary(texts, out).map_err(|e| {
        match root_cause(&e).downcast_ref::<io::Error>() {
            Some(error) => DictionaryError::io(out, "write", error.kind().into()),
            None => DictionaryError::Build { reason: root_cause(&e).to_string() },
        }
    })
}

/// The error at the end of the chain: the library's own messages show their inner workings.
pub fn root_cause<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    error.source().map_or(error, root_cause)
}

fn metadata() -> Metadata {
    let names = |columns: &[&str]| Schema::new(columns.iter().map(|&name| name.to_owned()).collect());
    Metadata {
        name: DICTIONARY.to_owned(),
        encoding: "UTF-8".to_owned(),
        default_left_context_id: PROPER_NOUN.0,
        default_right_context_id: PROPER_NOUN.1,
        dictionary_schema: names(&COLUMNS),
        user_dictionary_schema: names(&SHORT_COLUMNS),
        ..Metadata::default()
    }
}

/// What the rows say about their ids.
#[derive(Default)]
struct Ids {
    /// By left id: the space penalty of its words.
    penalties: Vec<Option<i16>>,
    /// By right id: whether a word has it.
    rights: Vec<bool>,
}

impl Ids {
    fn see(&mut self, entry: &Entry) -> Result<(), DictionaryError> {
        let (left, right) = (usize::from(entry.left), usize::from(entry.right));
        if right >= self.rights.len() {
            self.rights.resize(right + 1, false);
        }
        self.rights[right] = true;
        if left >= self.penalties.len() {
            self.penalties.resize(left + 1, None);
        }
        let penalty = space_penalty(entry.first_tag());
        if *self.penalties[left].get_or_insert(penalty) != penalty {
            return Err(DictionaryError::source("sys.dic", "has a left id whose words differ in their space penalty"));
        }
        Ok(())
    }

    fn has_right(&self, right: u16) -> bool {
        self.rights.get(usize::from(right)).copied().unwrap_or(false)
    }

    fn penalty(&self, left: u16) -> i16 {
        self.penalties.get(usize::from(left)).copied().flatten().unwrap_or(0)
    }
}

fn space_penalty(tag: &str) -> i16 {
    SPACE_PENALTIES.iter().find(|(tags, _)| tags.contains(&tag)).map_or(0, |&(_, cost)| cost)
}

/// Writes all rows as CSV lines in bytewise order and returns the SHA-256 of the file.
fn write_rows(
    lexicon: &Lexicon,
    path: &Path,
    mut see: impl FnMut(&str, &Entry) -> Result<(), DictionaryError>,
) -> Result<String, DictionaryError> {
    // lines come in order but for those of quoted surfaces, which belong where the quote sorts
    let (mut before, mut after) = (String::new(), String::new());
    let (mut quoted, mut lines) = (Vec::new(), Vec::new());
    lexicon.for_each_surface(|surface, entries| {
        for entry in entries {
            see(surface, entry)?;
            let Entry { left, right, cost, features } = entry;
            lines.push(format!("{},{left},{right},{cost},{features}\n", csv_field(surface)));
        }
        if before.len() + after.len() > MAX_TEXT {
            return Err(DictionaryError::source("sys.dic", "has more rows than the dictionary could"));
        }
        lines.sort_unstable();
        for line in lines.drain(..) {
            match line.as_bytes().cmp(b"\"") {
                Ordering::Less => before += &line,
                Ordering::Greater if line.starts_with('"') => quoted.push(line),
                _ => after += &line,
            }
        }
        Ok(())
    })?;
    quoted.sort_unstable();

    let quoted = quoted.concat();
    let parts = [before.as_bytes(), quoted.as_bytes(), after.as_bytes()];
    let mut hash = Sha256::new();
    let mut write = || -> io::Result<()> {
        let mut out = File::create(path)?;
        for part in parts {
            hash.update(part);
            out.write_all(part)?;
        }
        Ok(())
    };
    write().map_err(|e| DictionaryError::io(path, "write", e))?;
    Ok(hex(&hash.finalize()))
}

fn csv_field(text: &str) -> Cow<'_, str> {
    if text.contains([',', '"', '\n', '\r']) || text.trim() != text {
        Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(text)
    }
}

/// Writes `right left cost` for every pair, after a line with the sizes.
fn write_matrix(matrix: &Matrix, path: &Path) -> Result<(), DictionaryError> {
    let write = || -> io::Result<()> {
        let mut out = BufWriter::with_capacity(1 << 18, File::create(path)?);
        writeln!(out, "{} {}", matrix.rights, matrix.lefts)?;
        for right in 0..matrix.rights {
            for left in 0..matrix.lefts {
                writeln!(out, "{right} {left} {}", matrix.costs[right + matrix.rights * left])?;
            }
        }
        out.flush()
    };
    write().map_err(|e| DictionaryError::io(path, "write", e))
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn texts_of(source: Source) -> Result<tempfile::TempDir, DictionaryError> {
        let texts = tempfile::tempdir().unwrap();
        write_texts(source, texts.path(), &mut |_| ()).map(|_| texts)
    }

    #[test]
    fn space_penalties_by_tag() {
        for (tag, cost) in [("EF", 3000), ("VCP", 3000), ("XSN", 3000), ("JX", 6000), ("VV", 0), ("NNG", 0), ("", 0)] {
            assert_eq!(space_penalty(tag), cost, "{tag}");
        }
    }

    #[test]
    fn only_particles_and_endings_after_a_space_cost_more() {
        let texts = texts_of(fixture::source()).unwrap();
        let matrix = fs::read_to_string(texts.path().join("matrix.def")).unwrap();
        let mut lines = matrix.lines();
        assert_eq!(lines.next(), Some("6 5"));
        let costly: Vec<&str> = lines.filter(|line| !line.ends_with(" 0")).collect();
        // right id 5 is the space; left id 2 begins 이/JKS, 4 begins 는다/EP+EF
        assert_eq!(costly, ["5 2 6000", "5 4 3000"]);
    }

    #[test]
    fn lines_are_sorted_with_quotes_where_they_sort() {
        let words: Vec<fixture::Row> =
            [",", "x ", "!", "\"", "가", "가!"].iter().map(|&s| (s, 1, 1, 5, "SY,*")).collect();
        let source = Source { sys: fixture::lexicon(&words), ..fixture::source() };
        let texts = texts_of(source).unwrap();
        let csv = fs::read_to_string(texts.path().join("words.csv")).unwrap();
        let surfaces: Vec<&str> = csv.lines().map(|line| line.strip_suffix(",1,1,5,SY,*").unwrap()).collect();
        assert_eq!(surfaces, ["!", "\"\"\"\"", "\",\"", "\"x \"", "가!", "가"]);
        assert!(csv.lines().is_sorted());
    }

    #[test]
    fn rows_that_the_penalty_cannot_serve_are_refused() {
        let with = |row: fixture::Row<'static>| Source {
            sys: fixture::lexicon(&[&fixture::WORDS[..], &[row]].concat()),
            ..fixture::source()
        };
        for (source, fault) in [
            (with(("을", 1, 1, 0, "JKO,*")), "sys.dic: has a left id whose words differ in their space penalty"),
            (with(("을", 2, fixture::SPACE, 0, "JKO,*")), "unk.dic: has no right id of its own for spaces"),
            (with(("을", 99, 1, 0, "JKO,*")), "matrix.bin: is smaller than the ids of the words"),
            (with(("을", 2, 99, 0, "JKO,*")), "matrix.bin: is smaller than the ids of the words"),
            (
                Source { unk: fixture::lexicon(&fixture::CATEGORIES[..2]), ..fixture::source() },
                "unk.dic: has no right id of its own for spaces",
            ),
        ] {
            assert_eq!(texts_of(source).unwrap_err().to_string(), fault);
        }
    }
}
