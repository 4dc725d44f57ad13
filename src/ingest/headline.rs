//! The headline without what the page adds to it: `… - 한결일보`, `… | 정치 | The Harbour Post`, `[한결일보] …`.
//!
//! A tail goes if it names the outlet, the section or the host, or says `뉴스`, `news` or the like; a headline that only
//! contains a dash keeps it.

const SEPARATORS: [&str; 16] =
    [" - ", " | ", "ㅣ", " :: ", " : ", " – ", " — ", " < ", " > ", " » ", " · ", "|", "::", " / ", "-", " ― "];

/// What a tail may name.
#[derive(Debug, Default)]
pub struct Names {
    /// Outlet, section and host, as far as known.
    pub known: Vec<String>,
}

/// Cuts the tails (and a repeated section in front) off a page's title.
pub fn headline(title: &str, names: &Names) -> String {
    let mut title = title.trim();
    for _ in 0..4 {
        let cut = SEPARATORS.iter().find_map(|separator| {
            let at = title.rfind(separator)?;
            let (head, tail) = (title[..at].trim(), title[at + separator.len()..].trim());
            let enough = head.chars().count() >= 4;
            let glued = *separator == "-";
            (enough && if glued { is_known(tail, names) || is_section(tail) } else { is_name(tail, names) })
                .then_some(head)
        });
        match cut {
            Some(head) => title = head,
            None => break,
        }
    }
    for separator in [" | ", " - ", " : ", " :: "] {
        if let Some((head, tail)) = title.split_once(separator)
            && tail.chars().count() >= 8
            && is_known(head.trim(), names)
        {
            title = tail.trim();
        }
    }
    // `[한결일보] …` as old pages have it; any other bracket is the headline's own
    if let Some((name, rest)) = title.strip_prefix('[').and_then(|inside| inside.split_once(']'))
        && rest.trim().chars().count() >= 4
        && names.known.iter().any(|known| !known.is_empty() && letters(known) == letters(name))
    {
        title = rest.trim();
    }
    title.to_owned()
}

fn letters(text: &str) -> String {
    text.chars().filter(|ch| ch.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn is_known(tail: &str, names: &Names) -> bool {
    let tail = letters(tail);
    tail.is_empty()
        || names.known.iter().map(|name| letters(name)).any(|name| {
            let contained =
                name.chars().count() >= 3 && tail.contains(&name) && tail.chars().count() <= name.chars().count() + 8;
            !name.is_empty() && (tail == name || contained || (tail.chars().count() >= 3 && name.starts_with(&tail)))
        })
}

fn is_name(tail: &str, names: &Names) -> bool {
    if is_known(tail, names) {
        return true;
    }
    if tail.chars().count() > 30 || tail.split_whitespace().count() > 5 {
        return false;
    }
    let lower = tail.to_lowercase();
    let korean =
        ["뉴스", "신문", "일보", "닷컴", "방송", "투데이", "타임스", "타임즈", "경제", "미디어", "매거진", "포털"];
    let english = [
        "news", "times", "post", "herald", "tribune", "journal", "daily", ".com", ".co.kr", ".net", ".org", "cnn",
        "bbc",
    ];
    korean.iter().any(|name| lower.ends_with(name))
        || is_section(tail)
        || english.iter().any(|name| lower.ends_with(name) || lower.starts_with("the ") && lower.contains(name))
}

fn is_section(tail: &str) -> bool {
    const SECTIONS: [&str; 14] = [
        "정치",
        "사회",
        "국제",
        "문화",
        "연예",
        "스포츠",
        "오피니언",
        "전국",
        "사설",
        "칼럼",
        "산업",
        "경제",
        "IT",
        "생활",
    ];
    SECTIONS.contains(&tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_go_and_dashes_stay() {
        let names = Names {
            known: vec!["한결일보".into(), "Harbour Post".into(), "politics".into(), "harbourpost.example".into()],
        };
        let table = [
            ("강물이 돌아왔다 - 한결일보", "강물이 돌아왔다"),
            ("강물이 돌아왔다-정치ㅣ한결일보", "강물이 돌아왔다"),
            ("강물이 돌아왔다 < 사회 < 뉴스 < 한결일보", "강물이 돌아왔다"),
            ("Bridge reopens after storm | Politics | Harbour Post", "Bridge reopens after storm"),
            ("Bridge reopens - again", "Bridge reopens - again"),
            ("한결일보 : 강물이 다시 돌아왔다고 한다", "강물이 다시 돌아왔다고 한다"),
            ("[한결일보] 강물이 다시 돌아왔다", "강물이 다시 돌아왔다"),
            ("[단독] 강물이 다시 돌아왔다", "[단독] 강물이 다시 돌아왔다"),
            ("X-ray of a town", "X-ray of a town"),
        ];
        for (title, expected) in table {
            assert_eq!(headline(title, &names), expected);
        }
    }
}
