//! Where pairs come from, and which of it a query uses.

use std::fmt;
use std::str::FromStr;

/// Where a pair comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Added by the user.
    User,
    /// Glossed in articles of this archive.
    Mined,
    /// Used alike by articles of this archive that tell the same.
    Aligned,
    /// The core table.
    Core,
    /// The sound.
    Sound,
}

impl Origin {
    pub const ALL: [Origin; 5] = [Origin::User, Origin::Mined, Origin::Aligned, Origin::Core, Origin::Sound];

    /// The name that requests and tables use.
    pub fn name(self) -> &'static str {
        match self {
            Origin::User => "user",
            Origin::Mined => "mined",
            Origin::Aligned => "aligned",
            Origin::Core => "core",
            Origin::Sound => "sound",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Origin::User => "your glossary",
            Origin::Mined => "glossed in this archive",
            Origin::Aligned => "used alike in this archive",
            Origin::Core => "glossary",
            Origin::Sound => "by sound",
        })
    }
}

/// The origins that a query uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sources(u8);

impl Sources {
    pub const ALL: Sources = Sources(u8::MAX);

    pub fn has(self, origin: Origin) -> bool {
        self.0 & (1 << origin as u8) != 0
    }
}

impl Default for Sources {
    fn default() -> Self {
        Sources::ALL
    }
}

/// Reads names between commas, such as `core,user`.
impl FromStr for Sources {
    type Err = String;

    fn from_str(text: &str) -> Result<Sources, String> {
        let mut sources = Sources(0);
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let origin = Origin::ALL.into_iter().find(|origin| origin.name() == name);
            let origin =
                origin.ok_or_else(|| format!("{name}: no such table; write user, mined, aligned, core or sound"))?;
            sources.0 |= 1 << origin as u8;
        }
        Ok(sources)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let sources: Sources = "core, mined".parse().unwrap();
        let has: Vec<Origin> = Origin::ALL.into_iter().filter(|&origin| sources.has(origin)).collect();
        assert_eq!(has, [Origin::Mined, Origin::Core]);
        assert!(Origin::ALL.into_iter().all(|origin| Sources::ALL.has(origin)));
        assert!("core,kore".parse::<Sources>().is_err());
    }
}
