//! Finds the date of an article among the lines of its page.
//!
//! Korean pages print `입력 2024.01.05 오전 9:12 | 수정 …` near the headline, English ones `Published: …` or a line that is
//! only a date. A date inside a sentence is the story's, not the page's, so long lines do not count; a date of a
//! correction is never the date of publication.

use std::sync::LazyLock;

use regex::Regex;

use super::first;
use crate::article::Published;

/// The dates a page states about its article.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dateline {
    pub published: Option<Published>,
    pub updated: Option<Published>,
}

#[derive(Clone, Copy, PartialEq)]
enum Label {
    Published,
    Updated,
}

static UPDATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(최종\s?수정|수정|업데이트|갱신|updated|update|modified|edited|revised)[\s:일시시간]{0,8}$")
        .expect("fixed pattern")
});
static PUBLISHED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(입력|등록|승인|작성|게재|발행|송고|게시|보도|기사전송|방송일?|published|posted|created|issued|date)[\s:일시시간]{0,8}(?:on|at)?[\s:]*$")
        .expect("fixed pattern")
});

/// Reads the lines between the headline and the body, or those of the whole page. A labelled date wins over a bare one.
pub fn dateline<'a>(lines: impl IntoIterator<Item = &'a str>) -> Dateline {
    let mut found = Dateline::default();
    let mut bare = None;
    let mut label_above = None;
    for line in lines {
        if line.len() > 400 || line.trim().is_empty() {
            continue;
        }
        let mut rest = line.trim();
        let mut label = std::mem::take(&mut label_above);
        let mut any = false;
        while let Some((span, at)) = first(rest) {
            any = true;
            let before = rest[..span.start].trim_end();
            label = label_of(before).or(label);
            match label {
                Some(Label::Updated) => found.updated = found.updated.or(Some(at)),
                Some(Label::Published) => found.published = found.published.or(Some(at)),
                None if bare.is_none() && stands_alone(before, rest[span.end..].trim()) => bare = Some(at),
                None => {}
            }
            label = None;
            rest = &rest[span.end..];
        }
        if !any || label_of(rest.trim_end()).is_some() {
            label_above = label_of(rest.trim_end()).filter(|_| rest.chars().count() < 24);
        }
    }
    found.published = found.published.or(bare);
    found
}

fn label_of(before: &str) -> Option<Label> {
    if UPDATED.is_match(before) {
        Some(Label::Updated)
    } else if PUBLISHED.is_match(before) {
        Some(Label::Published)
    } else {
        None
    }
}

/// A line that is a date and little else: an outlet, a reporter, a weekday.
fn stands_alone(before: &str, after: &str) -> bool {
    let size = |part: &str| part.chars().filter(|ch| ch.is_alphanumeric()).count();
    // outlet | author | date
    let columns = before.contains('|') && size(before) <= 60;
    (size(before) <= 28 || columns) && size(after) <= 40 && !after.ends_with("다.") && !before.contains(['ⓒ', '©'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_the_article_and_not_of_the_story() {
        let table: [(&[&str], Option<&str>, Option<&str>); 9] = [
            (
                &["입력 2024.01.05 오전 9:12 | 수정 2024.01.06 오후 1:00"],
                Some("2024-01-05T09:12:00"),
                Some("2024-01-06T13:00:00"),
            ),
            (&["기사입력", "2024-01-05 09:12"], Some("2024-01-05T09:12:00"), None),
            (
                &["최종수정 2024.01.06 10:00 기사입력 2024.01.05 09:12"],
                Some("2024-01-05T09:12:00"),
                Some("2024-01-06T10:00:00"),
            ),
            (&["2025년 06월 19일 (목)", "승인 2025.06.18 18:05"], Some("2025-06-18T18:05:00"), None),
            (
                &["Published: Jan 5, 2024 9:12 a.m.", "Updated Jan 6, 2024"],
                Some("2024-01-05T09:12:00"),
                Some("2024-01-06"),
            ),
            (&["한결 기자 | 2024.01.05 09:12"], Some("2024-01-05T09:12:00"), None),
            (&["January 5, 2024"], Some("2024-01-05"), None),
            (
                &[
                    "정부는 2024년 1월 5일 국무회의를 열어 새 예산안을 의결하고 이를 국회에 보낸 뒤 설명하는 자리를 마련하기로 했다고 밝혔다.",
                ],
                None,
                None,
            ),
            (&["Updated Jan 6, 2024"], None, Some("2024-01-06")),
        ];
        for (lines, published, updated) in table {
            let found = dateline(lines.iter().copied());
            assert_eq!(found.published.map(|at| at.to_string()).as_deref(), published, "{lines:?}");
            assert_eq!(found.updated.map(|at| at.to_string()).as_deref(), updated, "{lines:?}");
        }
    }
}
