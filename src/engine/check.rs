//! Is an index whole? Its files against their checksums, its articles against the manifest and against themselves.

use std::path::Path;

use serde::Serialize;
use tantivy::DocAddress;

use crate::glossary::file_of;
use crate::glossary::table::Table;
use crate::ingest::manifest::Manifest;
use crate::store::dictionary::Dictionary;
use crate::store::reader::Reader;
use crate::store::sections::DERIVED;
use crate::store::version::StoreError;
use crate::store::wire::WireGroups;

/// The most faults that are listed.
const LISTED: usize = 20;

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Checkup {
    pub articles: u64,
    pub files: u64,
    /// What is broken, in words; empty where the index is whole. The first [`LISTED`] of each kind.
    pub faults: Vec<String>,
    /// What is broken of what is derived: the next run makes them again.
    pub unmined: Vec<String>,
}

impl Checkup {
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty() && self.unmined.is_empty()
    }
}

/// Reads every byte of the index in `dir`. An index that cannot even be opened is an error, which says how to mend it.
pub fn check(dir: &Path) -> Result<Checkup, StoreError> {
    let reader = Reader::open_unchecked(dir)?;
    let mut checkup = Checkup { articles: reader.articles(), ..Checkup::default() };
    let index = reader.searcher.index();
    let damaged = index.validate_checksum().map_err(|error| StoreError::broken(dir, error))?;
    let mut damaged: Vec<String> = damaged.into_iter().map(|path| path.display().to_string()).collect();
    damaged.sort();
    checkup
        .faults
        .extend(damaged.iter().take(LISTED).map(|file| format!("{file}: its checksum does not match its content")));
    if checkup.dictionary(&reader) && damaged.is_empty() {
        checkup.records(&reader);
    }
    checkup.manifest(&reader);
    checkup.derived(&reader);
    Ok(checkup)
}

impl Checkup {
    /// True where the dictionary of the stored articles is what it was, or there is none.
    fn dictionary(&mut self, reader: &Reader) -> bool {
        let Some(name) = &reader.stamp.dictionary else { return true };
        let read = Dictionary::read(reader.dir(), name);
        let fault =
            read.err().map(|error| format!("{name}: the dictionary of the stored articles is damaged ({error})"));
        self.faults.extend(fault.clone());
        fault.is_none()
    }

    /// Every stored article can be expanded and has an id that leads back to it.
    fn records(&mut self, reader: &Reader) {
        let mut faults = Vec::new();
        for (ord, segment) in reader.searcher.segment_readers().iter().enumerate() {
            for doc in segment.doc_ids_alive() {
                let address = DocAddress::new(ord as u32, doc);
                let fault = match reader.article(address) {
                    Err(error) => Some(error.to_string()),
                    Ok(unpacked) => match unpacked.record() {
                        Err(error) => Some(format!("article {ord}/{doc}: {error}")),
                        Ok(record) => match reader.find(record.id) {
                            Ok(Some(found)) if found == address => None,
                            Ok(_) => Some(format!("article {}: its id leads elsewhere", record.id)),
                            Err(error) => Some(error.to_string()),
                        },
                    },
                };
                faults.extend(fault);
                if faults.len() >= LISTED {
                    break;
                }
            }
        }
        self.faults.append(&mut faults);
    }

    /// The tables that every commit derives, which a run without changes makes again where they are missing.
    fn derived(&mut self, reader: &Reader) {
        let Some(manifest) = reader.stamp.manifest.as_deref() else { return };
        for kind in DERIVED {
            let (name, of) = (kind.file_of(manifest), kind.of);
            match kind.is_whole(reader.dir(), &name) {
                Ok(true) => {}
                Ok(false) => self.unmined.push(format!("{name}: the {of} are damaged")),
                Err(error) => self.unmined.push(format!("{name}: the {of} cannot be read ({error})")),
            }
        }
    }

    /// The manifest is there and counts the same articles.
    fn manifest(&mut self, reader: &Reader) {
        let Some(name) = &reader.stamp.manifest else {
            self.faults.push("the index names no manifest".to_owned());
            return;
        };
        let mined = file_of(name);
        // an index may be made without mined pairs
        if let Err(error) = Table::open(reader.dir(), &mined)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            self.unmined.push(format!("{mined}: the mined pairs cannot be read ({error})"));
        }
        match Manifest::read(&reader.dir().join(name)) {
            Err(error) => self.faults.push(format!("{name}: cannot be read ({error})")),
            Ok(manifest) => {
                self.files = manifest.files.len() as u64;
                let articles: u64 = manifest.files.values().map(|file| file.articles.len() as u64).sum();
                if let Some(wire) = &manifest.wire
                    && let Err(error) = WireGroups::read(&reader.dir().join(wire))
                {
                    self.faults.push(format!("{wire}: the wire groups cannot be read ({error})"));
                }
                if articles != self.articles {
                    self.faults.push(format!("{name}: counts {articles} articles, the index holds {}", self.articles));
                }
            }
        }
    }
}
