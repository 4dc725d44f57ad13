//! The self-test of a freshly built dictionary: a few phrases whose parts are beyond doubt.
//!
//! It loads the files as every later start will, and touches words, unknown words, the matrix and the space penalty.

use std::borrow::Cow;
use std::path::Path;

use lindera::dictionary::load_fs_dictionary;
use lindera::mode::Mode;
use lindera::segmenter::Segmenter;

use super::DictionaryError;
use super::build::root_cause;

const CASES: [(&str, &str); 6] = [
    ("북한이", "북한/NNP 이/JKS"),
    ("학생이 학교에", "학생/NNG 이/JKS 학교/NNG 에/JKB"),
    ("신문을 읽었다.", "신문/NNG 을/JKO 읽/VV 었/EP 다/EF ./SF"),
    ("서울 시", "서울/NNP 시/NNG"),
    ("CTBT 2023", "CTBT/SL 2023/SN"),
    ("쀍뛟", "쀍뛟/UNKNOWN"),
];

pub fn run(dir: &Path) -> Result<(), DictionaryError> {
    let failed = |reason: String| DictionaryError::Build { reason };
    let dictionary = load_fs_dictionary(dir).map_err(|e| failed(root_cause(&e).to_string()))?;
    let segmenter = Segmenter::new(Mode::Normal, dictionary, None);
    for (text, wanted) in CASES {
        let tokens = segmenter.segment(Cow::Borrowed(text)).map_err(|e| failed(root_cause(&e).to_string()))?;
        let parts: Vec<String> = tokens
            .into_iter()
            .map(|mut token| token.surface.to_string() + "/" + token.get_detail(0).unwrap_or("?"))
            .collect();
        if parts.join(" ") != wanted {
            return Err(failed(format!("it reads '{text}' as '{}' and not as '{wanted}'", parts.join(" "))));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{build, fixture};
    use super::*;

    #[test]
    fn another_dictionary_fails() {
        let dir = tempfile::tempdir().unwrap();
        let (texts, out) = (dir.path().join("texts"), dir.path().join("out"));
        std::fs::create_dir(&texts).unwrap();
        build::write_texts(fixture::source(), &texts, &mut |_| ()).unwrap();
        build::compile(&texts, &out).unwrap();
        let error = run(&out).unwrap_err().to_string();
        assert!(error.contains("it reads '북한이' as '북한이/UNKNOWN' and not as"), "{error}");
    }
}
