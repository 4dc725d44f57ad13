//! What exactly is installed: the one place where the dictionary's packages, versions and hashes stand.
//!
//! The compiled MeCab dictionary is published in two packages. They hold the same rows in another order, so the rows
//! are pinned after a bytewise sort; the other files are equal byte for byte.

use super::manifest::sha256_hex;

/// The dictionary, as its authors call it.
pub const DICTIONARY: &str = "mecab-ko-dic";
/// Its release.
pub const VERSION: &str = "2.1.1-20180720";
/// Raised whenever the same sources would be built into another dictionary.
pub const RECIPE: u32 = 1;
/// The layout of the built files, which the morphology library numbers.
pub const LAYOUT: u32 = 2;

/// A published file that holds the compiled dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Package {
    pub name: &'static str,
    pub version: &'static str,
    /// What the file is called once downloaded.
    pub file: &'static str,
    pub bytes: u64,
    pub sha256: &'static str,
}

/// A wheel, which pip downloads.
pub const WHEEL: Package = Package {
    name: "python-mecab-ko-dic",
    version: "2.1.1.post2",
    file: "python_mecab_ko_dic-2.1.1.post2-py3-none-any.whl",
    bytes: 34_457_665,
    sha256: "ef8f4e80c8976f1340a7264abb0c96f384fe059fd897584aeba0151753c6ae9b",
};

/// A gzipped tar, which npm downloads.
pub const TARBALL: Package = Package {
    name: "mecab-ko-dic",
    version: "0.1.3",
    file: "mecab-ko-dic-0.1.3.tgz",
    bytes: 24_345_138,
    sha256: "68ab9cb77b3577ba7d667fb0377103869c768b133ca4afba42673d3cab6d0b2a",
};

/// The hashes of what a dictionary is built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// All rows of `sys.dic` as CSV lines, sorted bytewise.
    pub rows: String,
    /// `matrix.bin` as it is.
    pub matrix: String,
    /// `char.bin` as it is.
    pub characters: String,
    /// `unk.dic` as it is.
    pub unknown: String,
}

impl Content {
    /// What the pinned release consists of, whichever package brought it.
    pub fn pinned() -> Content {
        Content {
            rows: "06ec4d14334cd7198115de710c0d0b6b82f7f0a694ee034e836858983ee6ae7b".into(),
            matrix: "e558a8064721b4492c465f9ed55dabd5655257b63bbe68fb15bf7d054bb5a7cc".into(),
            characters: "3d23b2d8f416f2c04f16cef28a1733f6634d0db004bb164d95ea88df3c6fe8db".into(),
            unknown: "46042dfede05bcad59e263a2039e9f2e85912adb00fc2dea040d419c691b3151".into(),
        }
    }

    /// Twelve hex digits that name this content as built by this recipe.
    pub fn fingerprint(&self) -> String {
        let named = format!(
            "rows {}\nmatrix {}\ncharacters {}\nunknown {}\nrecipe {RECIPE}\nlayout {LAYOUT}\n",
            self.rows, self.matrix, self.characters, self.unknown
        );
        sha256_hex(named.as_bytes())[..12].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_is_what_the_library_writes() {
        // where this fails, raise RECIPE too: folders of both layouts may then stand side by side
        assert_eq!(LAYOUT, lindera::dictionary::Metadata::default().format_version);
    }

    #[test]
    fn every_part_changes_the_fingerprint() {
        let pinned = Content::pinned();
        let changed = |change: fn(&mut Content)| {
            let mut other = pinned.clone();
            change(&mut other);
            other.fingerprint()
        };
        let mut all = vec![
            pinned.fingerprint(),
            changed(|c| c.rows.insert(0, '0')),
            changed(|c| c.matrix.insert(0, '0')),
            changed(|c| c.characters.insert(0, '0')),
            changed(|c| c.unknown.insert(0, '0')),
        ];
        assert!(all.iter().all(|f| f.len() == 12 && f.bytes().all(|b| b.is_ascii_hexdigit())));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 5);
    }
}
