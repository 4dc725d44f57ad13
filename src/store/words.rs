//! The user's words of an index: a small file beside it that a person can edit and that a rebuild keeps.
//!
//! One word a line; what follows a `#` at the start of a line or behind a space is a comment. The index says itself, in the
//! payload of its commit, which words it was made with: an edit counts from the moment it is applied, never half.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyze::words::{Unfit, UserWord, Words, distinct};
use crate::files::write_at_once;

/// The name of the file in the folder of the index.
pub const WORDS_FILE: &str = "words.txt";

/// The file of one index.
#[derive(Debug, Clone, Default)]
pub struct WordsFile {
    path: PathBuf,
    /// As they stand there, each with its word if it has one.
    lines: Vec<(String, Option<UserWord>)>,
    /// Lines that say nothing, or nothing new.
    pub complaints: Vec<Complaint>,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// From 1.
    pub line: usize,
    pub text: String,
    pub reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    Unfit(Unfit),
    /// Line and text of the same word.
    Again(usize, String),
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Complaint { line, text, reason } = self;
        match reason {
            Reason::Unfit(unfit) => write!(f, "line {line}: {text}: {unfit}; it is left out"),
            Reason::Again(first, same) if same == text => write!(f, "line {line}: {text} is in line {first} already"),
            Reason::Again(first, same) => {
                write!(f, "line {line}: {text} is the same word as {same} in line {first}; one of them can go")
            }
        }
    }
}

/// What became of a word that was to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adding {
    Added,
    /// It was there in fewer parts.
    Respaced,
    Known,
}

impl WordsFile {
    /// The words of the index in `dir`; none where there is no file.
    pub fn read(dir: &Path) -> io::Result<WordsFile> {
        let path = dir.join(WORDS_FILE);
        let text = match std::fs::read(&path) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| {
                io::Error::new(io::ErrorKind::InvalidData, "not in UTF-8; save it as UTF-8 and run this again")
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        Ok(WordsFile { path, ..WordsFile::parse(&text) })
    }

    fn parse(text: &str) -> WordsFile {
        let mut file = WordsFile::default();
        let mut first: FxHashMap<String, (usize, String)> = FxHashMap::default();
        for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let number = number + 1;
            let typed = without_comment(line).trim();
            let mut complain =
                |reason| file.complaints.push(Complaint { line: number, text: typed.to_owned(), reason });
            let word = match UserWord::new(typed) {
                _ if typed.is_empty() => None,
                Err(unfit) => {
                    complain(Reason::Unfit(unfit));
                    None
                }
                Ok(word) => {
                    match first.get(&word.term()) {
                        Some((line, text)) => complain(Reason::Again(*line, text.clone())),
                        None => {
                            first.insert(word.term(), (number, typed.to_owned()));
                        }
                    }
                    Some(word)
                }
            };
            file.lines.push((line.to_owned(), word));
        }
        file
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The words, each once, in the order of their terms.
    pub fn words(&self) -> Vec<UserWord> {
        distinct(self.lines.iter().filter_map(|(_, word)| word.clone()))
    }

    /// Adds a word at the end.
    pub fn add(&mut self, word: &UserWord) -> Adding {
        let term = word.term();
        let same = |line: &&mut (String, Option<UserWord>)| line.1.as_ref().is_some_and(|it| it.term() == term);
        let line = (word.text().to_owned(), Some(word.clone()));
        match self.lines.iter_mut().find(same) {
            Some((_, Some(known))) if known.parts() >= word.parts() => Adding::Known,
            Some(known) => {
                *known = line;
                Adding::Respaced
            }
            None => {
                self.lines.push(line);
                Adding::Added
            }
        }
    }

    /// Removes a word however it is spaced; false where it is not there.
    pub fn remove(&mut self, word: &UserWord) -> bool {
        let (before, term) = (self.lines.len(), word.term());
        self.lines.retain(|(_, it)| it.as_ref().is_none_or(|it| it.term() != term));
        self.lines.len() < before
    }

    /// Writes the file in one step.
    pub fn write(&self) -> io::Result<()> {
        if let Some(dir) = self.path.parent() {
            std::fs::create_dir_all(dir)?;
        }
        let lines = self.lines.iter().map(|(line, _)| format!("{line}\n"));
        write_at_once(&self.path, lines.collect::<String>().as_bytes())
    }
}

fn without_comment(line: &str) -> &str {
    let mut places = line.match_indices('#').map(|(at, _)| at);
    let end = places.find(|&at| line[..at].chars().next_back().is_none_or(char::is_whitespace));
    &line[..end.unwrap_or(line.len())]
}

/// What an index and its file of words say differently.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pending {
    /// In the file and not in the index.
    pub added: Vec<UserWord>,
    /// In the index and not in the file.
    pub removed: Vec<UserWord>,
}

impl Pending {
    pub fn between(file: &[UserWord], index: &[UserWord]) -> Pending {
        let apart = |of: &[UserWord], other: &[UserWord]| {
            let other: FxHashSet<&UserWord> = other.iter().collect();
            of.iter().filter(|it| !other.contains(it)).cloned().collect()
        };
        Pending { added: apart(file, index), removed: apart(index, file) }
    }

    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// All words that make a difference.
    pub fn words(&self) -> Words {
        Words::new(self.added.iter().chain(&self.removed).cloned())
    }
}

/// `1 word added, 2 words removed`
impl fmt::Display for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |words: &[UserWord], what: &str| match words.len() {
            0 => None,
            1 => Some(format!("1 word {what}")),
            many => Some(format!("{many} words {what}")),
        };
        let parts = [count(&self.added, "added"), count(&self.removed, "removed")];
        f.write_str(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_as_people_write_it() {
        let file = WordsFile::parse(
            "\u{feff}# names\n마라샹궈집\n\n대학생 선교회 # one word\n?!\n2024\n마라샹궈집\n대학생선교회\nC#타입\n",
        );
        let words: Vec<String> = file.words().iter().map(ToString::to_string).collect();
        assert_eq!(words, ["C 타입", "대학생 선교회", "마라샹궈집"]);
        let complaints: Vec<String> = file.complaints.iter().map(ToString::to_string).collect();
        assert_eq!(
            complaints,
            [
                "line 5: ?!: no letters in it; it is left out",
                "line 6: 2024: no letters in it; it is left out",
                "line 7: 마라샹궈집 is in line 2 already",
                "line 8: 대학생선교회 is the same word as 대학생 선교회 in line 4; one of them can go",
            ]
        );
    }

    #[test]
    fn comments_stay_where_they_are() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(WORDS_FILE), "# names\n가나다\n\n라마바 # odd").unwrap();
        let word = |text: &str| UserWord::new(text).unwrap();
        let mut file = WordsFile::read(dir.path()).unwrap();
        assert_eq!(file.add(&word("가나다")), Adding::Known);
        assert_eq!(file.add(&word("가 나다")), Adding::Respaced);
        assert_eq!(file.add(&word("사아자")), Adding::Added);
        assert!(file.remove(&word("라 마바")) && !file.remove(&word("라마바")));
        file.write().unwrap();
        let text = std::fs::read_to_string(dir.path().join(WORDS_FILE)).unwrap();
        assert_eq!(text, "# names\n가 나다\n\n사아자\n");
    }

    #[test]
    fn what_differs() {
        let words = |texts: &[&str]| texts.iter().map(|text| UserWord::new(text).unwrap()).collect::<Vec<_>>();
        let pending = Pending::between(&words(&["가나", "다라", "마 바"]), &words(&["가나", "마바"]));
        assert_eq!(pending.to_string(), "2 words added, 1 word removed");
        assert!(Pending::between(&words(&["가나"]), &words(&["가나"])).is_empty());
    }
}
