//! The hanja of headlines: what a sign stands for beside how it reads.
//!
//! A Korean headline writes 北 for 북한, 前대통령 for 전 대통령, 삼성重 for 삼성중공업. `hanja.tsv` lists such signs with their
//! readings, where they must stand, and what they mean there. Inside a hanja word (北京) a sign means nothing by itself;
//! a row of countries (韓美日) means each of them. Surnames (尹, 朴) have readings only: whom they mean changes with the years.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::script::{Script, script_of};

/// Where a sign must stand in its run to mean what its row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// No letter or digit before it, or Hangul behind it.
    Free,
    /// Directly before Hangul, and not after a letter or digit.
    Before,
    /// Directly after a letter or digit.
    After,
}

struct Row {
    reading: &'static str,
    place: Place,
    meanings: Vec<&'static str>,
}

static SIGNS: LazyLock<FxHashMap<char, Vec<Row>>> = LazyLock::new(|| {
    let mut signs: FxHashMap<char, Vec<Row>> = FxHashMap::default();
    for line in include_str!("hanja.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let mut field = || fields.next().unwrap_or("");
        let (sign, reading, place, meanings) = (field(), field(), field(), field());
        let Some(sign) = sign.chars().next() else { continue };
        let place = match place {
            "before" => Place::Before,
            "after" => Place::After,
            _ => Place::Free,
        };
        let meanings = meanings.split(',').filter(|meaning| !meaning.is_empty()).collect();
        signs.entry(sign).or_default().push(Row { reading, place, meanings });
    }
    signs
});

/// How a sign of the table reads; the dictionary is asked first, and lacks some.
pub fn reading(sign: char) -> Option<&'static str> {
    SIGNS.get(&sign).and_then(|rows| rows.first()).map(|row| row.reading)
}

/// What `hanja`, a hanja word of a run, stands for between what is before and behind it in the run.
pub fn meanings(hanja: &str, before: &str, behind: &str) -> Vec<&'static str> {
    let last = before.chars().next_back().map(script_of);
    let next = behind.chars().next().map(script_of);
    let touches = matches!(last, Some(Script::Hangul | Script::Digit | Script::Latin));
    let leads = next == Some(Script::Hangul);
    let fits = |place: Place| match place {
        Place::Free => !touches || leads && last == Some(Script::Hangul),
        Place::Before => !touches && leads,
        Place::After => touches && !leads,
    };
    let of = |sign: char, fits: &dyn Fn(Place) -> bool| {
        let rows = SIGNS.get(&sign).map_or(&[][..], Vec::as_slice);
        rows.iter().find(|row| fits(row.place) && !row.meanings.is_empty()).map(|row| &row.meanings[..])
    };
    let mut signs = hanja.chars();
    match (signs.next(), signs.next()) {
        (Some(sign), None) => of(sign, &fits).unwrap_or_default().to_vec(),
        // a row of signs that each stand for something; any other word is that word
        _ => {
            let each: Option<Vec<&[&str]>> =
                hanja.chars().map(|sign| of(sign, &|place| place == Place::Free)).collect();
            each.filter(|_| !touches).map(|each| each.concat()).unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_in_their_places() {
        let rows: [(&str, &str, &str, &[&str]); 14] = [
            ("", "北", "", &["북한"]),
            ("", "北", "미사일", &["북한"]),
            ("", "北京", "", &[]),
            ("", "美", "국무", &["미국"]),
            ("측근", "韓", "기업", &["한국"]),
            ("회의", "中", "", &[]),
            ("17", "日", "", &[]),
            ("", "韓美", "정상회담", &["한국", "미국"]),
            ("", "前", "대통령", &["전"]),
            ("", "前", "", &[]),
            ("삼성", "重", "", &["중공업"]),
            ("", "重", "", &[]),
            ("전년", "比", "", &["대비"]),
            ("", "尹", "", &[]),
        ];
        for (before, hanja, behind, expected) in rows {
            assert_eq!(meanings(hanja, before, behind), expected, "{before}{hanja}{behind}");
        }
    }
}
