//! No page, however broken or hostile, may panic, overflow the stack or take more than linear time.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use search::article::Article;
use search::ingest::date;
use search::ingest::extract::{html, text};

fn clean(article: &Article) -> bool {
    let fields = [&article.title, &article.lead, &article.body];
    let bad = |text: &str| text.chars().any(|ch| ch.is_control() && ch != '\n' && ch != '\t');
    !fields.into_iter().chain(&article.captions).any(|text| bad(text))
}

/// Pieces of pages, so that random pages have the shape of pages.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "<div class='article-body'>",
        "</div>",
        "<p>",
        "</p>",
        "<br><br>",
        "<a href='x'>",
        "</a>",
        "<table><tr><td>",
        "</table>",
        "<h1>",
        "</h1>",
        "<figure><img>",
        "<figcaption>",
        "</figure>",
        "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",",
        "\"headline\":\"가\"}",
        "</script>",
        "<script>a=[{\"content\":\"",
        "self.x.push([1,\"1:T4,가나\"])",
        "<meta property='og:title' content='",
        "'>",
        "<title>",
        "</title>",
        "<!--",
        "-->",
        "<b>",
        "</b>",
        "&#0;",
        "&#x110000;",
        "\u{0}",
        "\u{200B}",
        "\u{7F}",
        "강가의 새 다리가 오늘 아침 문을 열었다고 마을 사람들이 말했다.",
        "The new bridge over the river opened this morning, people of the village said.",
        "한결 기자 a@b.kr",
        "입력 2024.01.05 오전 9:12",
        "ⓒ 한결일보 무단전재",
        "관련기사",
        "\n\n",
        "\r\n",
        "<svg>",
        "<template>",
        "<select><option>",
        "<noscript>",
        "<li>",
        "<body>",
        "</body></html>",
        "<",
        "\"",
        "ㅣ",
        "-",
    ];
    prop_oneof![4 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_page(pieces in prop::collection::vec(piece(), 0..60)) {
        let page = pieces.concat();
        prop_assert!(clean(&html::html(&page, Some("https://example.com/2024/01/05/a"))));
        prop_assert!(clean(&text::text(&page)));
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let page = String::from_utf8_lossy(&bytes);
        prop_assert!(clean(&html::html(&page, None)));
        prop_assert!(clean(&text::text(&page)));
    }

    #[test]
    fn any_date(text in "\\PC{0,40}") {
        let _ = date::published(&text);
        let _ = date::dateline([text.as_str()]);
    }

    #[test]
    fn dates_come_back(year in 1800i16..2024, month in 1i8..=12, day in 1i8..=28, hour in 0i8..24, minute in 0i8..60) {
        let shown = format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:00+09:00");
        prop_assert_eq!(date::published(&shown).map(|at| at.to_string()), Some(shown));
    }

    #[test]
    fn nothing_of_plain_text_is_lost(words in prop::collection::vec("[a-z]{4,9}", 1..80)) {
        let story = format!("{}.", words.join(" "));
        let article = text::text(&story);
        prop_assert!(article.body.contains(&story) || article.title.contains(&story));
    }
}

#[test]
fn hostile_pages_take_linear_time() {
    let sentence = "<p>강가의 새 다리가 오늘 아침 문을 열었다고 마을 사람들이 말했다.";
    let table: Vec<(&str, String)> = vec![
        ("nested", "<div>".repeat(100_000)),
        ("nested formatting", format!("{}{sentence}", "<b><font>".repeat(50_000))),
        ("nested tables", "<table><tr><td>a".repeat(30_000)),
        ("nested pictures", "<div><img><p>a".repeat(30_000)),
        ("nested names", "<div class='article-body related'>a".repeat(30_000)),
        ("attributes", format!("<p {}>", (0..20_000).map(|n| format!("a{n} ")).collect::<String>())),
        ("brackets in a script", format!("<script>a={}</script>", "[{".repeat(200_000))),
        ("starts in a script", format!("<script>{}</script>", "a={\"b\":[1,".repeat(100_000))),
        ("pictures in one box", format!("<div>{}</div>", "<img>".repeat(50_000))),
        ("pictures and lines", format!("<div>{}</div>", "<img><p>a".repeat(50_000))),
        ("sentences", sentence.repeat(40_000)),
        ("one line", "강가의 ".repeat(500_000)),
        ("brackets", "<".repeat(500_000)),
        ("entities", "&amp".repeat(300_000)),
        ("headings", "<h1>강가의 새 다리가 열렸다</h1>".repeat(20_000)),
        ("metas", "<meta name=date content='2024-13-01 x'>".repeat(20_000)),
        ("times", "<time>a</time>".repeat(50_000)),
        ("metadata of metadata", format!("<meta property='og:title' content='{}'>", "&lt;b&gt;".repeat(50_000))),
    ];
    for (name, page) in table {
        let started = Instant::now();
        assert!(clean(&html::html(&page, None)));
        let read = started.elapsed();
        assert!(clean(&text::text(&page)));
        println!("{name}: {} KB, html {read:?}, text {:?}", page.len() / 1024, started.elapsed() - read);
        assert!(started.elapsed() < Duration::from_secs(30), "{name}: {:?}", started.elapsed());
    }
}
