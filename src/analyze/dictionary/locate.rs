//! Where the dictionary is: where the user says, else in the user's data folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::DictionaryError;
use super::pins::{RECIPE, VERSION};

/// Names a dictionary folder for every command.
pub const VARIABLE: &str = "SEARCH_KO_DICT";

/// What the environment says about folders.
#[derive(Debug, Clone, Default)]
pub struct Places {
    pub dictionary: Option<OsString>,
    pub data_home: Option<OsString>,
    pub home: Option<PathBuf>,
}

/// Where to look, and whether the user said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Chosen(PathBuf),
    PerUser(PathBuf),
}

impl Places {
    pub fn of_this_process() -> Places {
        Places {
            dictionary: std::env::var_os(VARIABLE),
            data_home: std::env::var_os("XDG_DATA_HOME"),
            home: std::env::home_dir(),
        }
    }

    /// The folder to look in: `explicit`, else the variable's, else the user's own.
    pub fn place(&self, explicit: Option<&Path>) -> Result<Place, DictionaryError> {
        let said = |path: &OsString| (!path.is_empty()).then(|| PathBuf::from(path));
        match explicit.map(Path::to_owned).or_else(|| self.dictionary.as_ref().and_then(said)) {
            Some(path) => Ok(Place::Chosen(path)),
            None => Ok(Place::PerUser(self.per_user()?)),
        }
    }

    /// `$XDG_DATA_HOME/search/ko-dic-...`, or the same below `~/.local/share`. A relative `$XDG_DATA_HOME` counts for
    /// nothing, as the base directory specification has it.
    pub fn per_user(&self) -> Result<PathBuf, DictionaryError> {
        let absolute = |path: PathBuf| path.is_absolute().then_some(path);
        let data = (self.data_home.clone().map(PathBuf::from).and_then(absolute))
            .or_else(|| Some(self.home.clone().and_then(absolute)?.join(".local/share")))
            .ok_or(DictionaryError::NoHome)?;
        Ok(data.join("search").join(format!("ko-dic-{VERSION}.{RECIPE}")))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let own = |folder: &str| Some(Place::PerUser(format!("{folder}/search/ko-dic-{VERSION}.{RECIPE}").into()));
        let chosen = |folder: &str| Some(Place::Chosen(folder.into()));
        // --dict, the variable, XDG_DATA_HOME, home
        let cases = [
            (Some("/d"), Some("/v"), Some("/x"), Some("/h"), chosen("/d")),
            (Some("d"), None, None, None, chosen("d")),
            (None, Some("/v"), Some("/x"), Some("/h"), chosen("/v")),
            (None, Some(""), Some("/x"), Some("/h"), own("/x")),
            (None, None, Some("/x"), Some("/h"), own("/x")),
            (None, None, Some("x"), Some("/h"), own("/h/.local/share")),
            (None, None, Some(""), Some("/h"), own("/h/.local/share")),
            (None, None, None, Some("/h"), own("/h/.local/share")),
            (None, None, None, Some(""), None),
            (None, None, None, None, None),
        ];
        for (explicit, variable, data_home, home, wanted) in cases {
            let places = Places {
                dictionary: variable.map(OsString::from),
                data_home: data_home.map(OsString::from),
                home: home.map(PathBuf::from),
            };
            let found = places.place(explicit.map(Path::new));
            assert_eq!(found.as_ref().ok(), wanted.as_ref(), "{explicit:?} {places:?}");
            if let Err(error) = found {
                assert!(error.to_string().contains(VARIABLE));
            }
        }
    }
}
