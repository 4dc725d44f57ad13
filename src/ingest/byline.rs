//! Reads who wrote it: `한결 기자`, `특파원`, `논설위원`, `By Jane Doe`, with the mail address kept apart.

use std::sync::LazyLock;

use regex::Regex;

use super::date::is_month;

const OFFICES: &str = "기자|특파원|논설위원|논설실장|편집위원|전문위원|선임기자|인턴기자|객원기자|통신원|앵커|캐스터|기상캐스터|에디터|칼럼니스트|평론가|PD";

static MAIL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+").expect("fixed pattern"));
static KOREAN: LazyLock<Regex> = LazyLock::new(|| {
    // a name of two to four syllables before an office, with the outlet or the desk between them at most
    let pattern = format!(
        r"(?:^|[\s=\[(/·,|])(?P<name>[가-힣]{{2,4}}\s(?:[가-힣A-Za-z]{{2,8}}\s)?(?:[가-힣]{{1,5}})?(?:{OFFICES}))(?:$|[\s=\])/·,|.])"
    );
    Regex::new(&pattern).expect("fixed pattern")
});
static ENGLISH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:(?i:written\s)?(?i:by)):?\s+(?P<name>\p{Lu}[\w.'’-]*(?:\s(?:and|&|de|van|von|al|[\w.'’-]*\p{Lu}[\w.'’-]*)|,)*)")
        .expect("fixed pattern")
});

/// The byline a short line states, if it states one.
pub fn byline(line: &str) -> Option<String> {
    let line = line.trim();
    if line.is_empty() || line.len() > 300 {
        return None;
    }
    let without_mail = MAIL.replace_all(line, " ");
    if let Some(found) = ENGLISH.captures(&without_mail) {
        let behind = &without_mail[found.get(0).map_or(0, |whole| whole.end())..];
        let name = without_month(found["name"].trim_end_matches([',', ' ', '.']), behind);
        let words = name.split_whitespace().count();
        return (1..=12).contains(&words).then(|| name.to_owned());
    }
    let names: Vec<String> = KOREAN
        .captures_iter(&without_mail)
        .map(|found| found["name"].split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|name| !name.starts_with("기자") && !name.starts_with("다른"))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// `Jane Doe January` of `By Jane Doe January 17, 2017`: a month before a figure belongs to the date.
fn without_month<'a>(name: &'a str, behind: &str) -> &'a str {
    let Some((head, last)) = name.rsplit_once(' ') else { return name };
    let before_figure = behind.trim_start_matches([' ', '.']).starts_with(|ch: char| ch.is_ascii_digit());
    if is_month(last) && before_figure && head.contains(' ') { head.trim_end_matches([',', ' ']) } else { name }
}

/// Cleans a byline that metadata states: no mail address, no `By`, no address of a page.
pub fn stated(text: &str) -> Option<String> {
    let text = MAIL.replace_all(text, " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_matches(|ch: char| ch.is_whitespace() || ch.is_ascii_punctuation() && ch != ')' && ch != '.');
    let by = text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("by "));
    let text = if by { text[3..].trim() } else { text };
    let is_address = text.contains("://") || text.starts_with("www.");
    let placeholder = ["null", "undefined", "admin", "none", "webmaster", "관리자"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    (!text.is_empty() && !is_address && !placeholder && text.chars().count() <= 120).then(|| text.to_owned())
}

/// Whether a line is a reporter's signature: a name or a mail address and little else.
pub fn is_signature(line: &str) -> bool {
    let size = line.chars().count();
    if size > 90 {
        return false;
    }
    let mails = MAIL.find_iter(line).map(|mail| mail.as_str().chars().count()).sum::<usize>();
    let rest = MAIL.replace_all(line, "");
    let rest = rest.trim_matches(|ch: char| !ch.is_alphanumeric());
    let sentence = rest.ends_with('다') || rest.ends_with('요') || rest.split_whitespace().count() > 9;
    if mails > 0 {
        return !sentence && rest.chars().count() <= 45;
    }
    size <= 30 && !sentence && byline(line).is_some() && !line.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines() {
        let table = [
            ("한결 기자 gyeol@example.com", Some("한결 기자")),
            ("(포항=가람통신) 이나루 기자 = 새해를 맞아", Some("이나루 기자")),
            ("[누리일보=박해솔 기자] 가수", Some("박해솔 기자")),
            ("뉴욕=김여울 특파원", Some("김여울 특파원")),
            ("최온 논설위원", Some("최온 논설위원")),
            ("By Jane Doe", Some("Jane Doe")),
            ("By Jane Doe and John Roe, Staff Writer", Some("Jane Doe and John Roe, Staff Writer")),
            ("By Jane Doe January 17, 2017", Some("Jane Doe")),
            ("By Jane April", Some("Jane April")),
            ("By the end of the year prices rose", None),
            ("기자들이 모였다", None),
            ("정부는 새 계획을 내놨다.", None),
        ];
        for (line, expected) in table {
            assert_eq!(byline(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn signatures() {
        assert!(is_signature("한결 기자 gyeol@example.com"));
        assert!(is_signature("/gyeol@example.com"));
        assert!(!is_signature("자세한 내용은 gyeol@example.com 으로 물어 달라고 담당 기자가 말했다"));
    }
}
