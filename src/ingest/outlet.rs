//! The outlet, as a copyright line or a feed names it, and the portals that only republish.

use super::boilerplate::{LineKind, kind};

/// The forms a company takes; the paper goes by its name without them.
const COMPANIES: [&str; 12] = [
    "company",
    "co",
    "corp",
    "corporation",
    "inc",
    "incorporated",
    "limited",
    "ltd",
    "llc",
    "plc",
    "publishing",
    "주식회사",
];
/// What a feed or a page calls a selection of its articles.
const SELECTIONS: [&str; 16] = [
    "전체기사",
    "전체",
    "최신기사",
    "최신뉴스",
    "주요기사",
    "주요뉴스",
    "속보",
    "뉴스",
    "헤드라인",
    "rss",
    "feed",
    "all articles",
    "latest",
    "latest news",
    "headlines",
    "top stories",
];
/// Desks, as a feed of one desk adds them to the outlet's name.
const DESKS: [&str; 18] = [
    "정치",
    "경제",
    "사회",
    "국제",
    "세계",
    "문화",
    "연예",
    "스포츠",
    "과학",
    "기술",
    "오피니언",
    "전국",
    "지역",
    "생활",
    "산업",
    "증권",
    "부동산",
    "건강",
];

/// The outlet's name without the company's form and without the selection that a feed holds:
/// `달무리일보 - 전체기사`, `누리방송 국제·과학`, `(주)한결일보`, `The Harbour Post Company`.
pub fn outlet(name: &str) -> String {
    let mut name = name.trim().trim_start_matches("(주)").trim_start_matches('㈜').trim_end_matches("(주)").trim();
    for separator in [" - ", " | ", " :: ", " : ", " – ", " > "] {
        if let Some((head, tail)) = name.rsplit_once(separator)
            && (SELECTIONS.contains(&tail.trim().to_lowercase().as_str()) || are_desks(tail))
        {
            name = head.trim();
        }
    }
    while let Some((head, last)) = name.rsplit_once(' ') {
        let word = last.trim_matches(['.', ',']).to_lowercase();
        // `Co` alone may be half of a name; a form stands behind two words or more, or behind a name in Hangul
        let whole = head.trim_end_matches([',', ' ']);
        let named = whole.contains(' ') || whole.chars().any(|ch| ('가'..='힣').contains(&ch));
        if !(named && (COMPANIES.contains(&word.as_str()) || are_desks(last) || last == "RSS")) {
            break;
        }
        name = whole;
    }
    name.to_owned()
}

fn are_desks(text: &str) -> bool {
    text.split(['·', '/', ',', '&']).all(|desk| DESKS.contains(&desk.trim()))
}

/// Portals republish; the outlet is someone else.
pub fn is_portal(name: &str) -> bool {
    let name = name.to_lowercase();
    ["네이버", "다음", "네이트", "naver", "daum", "nate", "yahoo", "msn", "google", "kakao", "카카오", "zum", "줌"]
        .iter()
        .any(|portal| name.starts_with(portal))
}

/// `© The Harbour Post(www.example.com). All rights reserved.` -> `The Harbour Post`.
pub fn copyright_holder(line: &str) -> Option<String> {
    if kind(line) != LineKind::Copyright {
        return None;
    }
    let mark = line.char_indices().find(|(_, ch)| matches!(ch, 'ⓒ' | '©')).map(|(at, ch)| at + ch.len_utf8());
    let mark = mark.or_else(|| line.to_ascii_lowercase().find("(c)").map(|at| at + 3));
    let at = mark.or_else(|| line.to_ascii_lowercase().find("copyright").map(|at| at + "copyright".len()))?;
    let rest = line.get(at.min(line.len())..)?.trim_start_matches(|ch: char| !ch.is_alphanumeric() && ch != '㈜');
    let rest = rest.trim_start_matches(['ⓒ', '©', ' ', '\'', '"', '‘']).trim_start_matches("(c)");
    let years = rest.trim_start_matches(|ch: char| ch.is_ascii_digit() || matches!(ch, ' ' | '-' | '–' | ',' | '.'));
    let rest = if rest.starts_with(|ch: char| ch.is_ascii_digit()) { years } else { rest };
    // a motto in quotation marks stands before the name now and then
    let rest = match rest.split_once(['\'', '’', '"', '”']) {
        Some((motto, name)) if motto.chars().count() < 30 && name.trim().starts_with(char::is_alphanumeric) => {
            name.trim()
        }
        _ => rest,
    };
    let end =
        ["(", "[", ".", ",", "<", "&", " All ", " all ", " 무단", " -", "|", "·", "/", " Inc", "재배포", "’", "' "]
            .iter()
            .filter_map(|stop| rest.find(stop))
            .min();
    let name = rest[..end.unwrap_or(rest.len())].trim().trim_matches(['\'', '"', '>', '‘']).trim();
    let name = name.trim_start_matches("by ").trim();
    let name = outlet(name);
    let sensible = (2..=40).contains(&name.chars().count())
        && name.chars().any(char::is_alphabetic)
        && !name.contains("무단")
        && !name.to_lowercase().contains("rights");
    sensible.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_outlets() {
        let table = [
            ("한결일보 - 전체기사", "한결일보"),
            ("누리방송 국제·과학", "누리방송"),
            ("(주)한결일보", "한결일보"),
            ("The Harbour Post Company", "The Harbour Post"),
            ("Harbour Ledger Publishing Co., Ltd.", "Harbour Ledger"),
            ("Harbour - Politics of the coast", "Harbour - Politics of the coast"),
            ("한국경제", "한국경제"),
            ("Company", "Company"),
        ];
        for (name, expected) in table {
            assert_eq!(outlet(name), expected, "{name}");
        }
    }

    #[test]
    fn holders() {
        let table = [
            ("© The Harbour Post(www.harbour.example). All rights reserved.", Some("The Harbour Post")),
            ("Copyright ⓒ 한결일보. All rights reserved. 무단 전재 및 재배포 금지.", Some("한결일보")),
            ("<저작권자 ⓒ 가람통신, 무단 전재-재배포 금지>", Some("가람통신")),
            ("ⓒ 2019 누리방송 무단전재 및 재배포 금지", Some("누리방송")),
            ("<저작권자(c) 가람통신, 무단 전재-재배포 금지>", Some("가람통신")),
            ("Copyright 2025 The Harbour Post. Reproduction by permission only.", Some("The Harbour Post")),
            ("Copyright © 2015 Harbour Media Inc. All Rights Reserved", Some("Harbour Media")),
            ("Copyright © '강과 도시의 신문' 나루타임스 (http://naru.example) 무단전재 금지", Some("나루타임스")),
            ("©나루타임스. All rights reserved", Some("나루타임스")),
            ("무단전재 및 재배포 금지", None),
            ("강물이 돌아왔다.", None),
        ];
        for (line, expected) in table {
            assert_eq!(copyright_holder(line).as_deref(), expected, "{line}");
        }
    }
}
