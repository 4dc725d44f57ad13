//! Tags with more attributes than any page has are cut short: the parser compares each attribute with all before it.

use std::borrow::Cow;

/// The longest tag that is read whole, in bytes, and the fewest attributes of one that is cut.
const LONGEST: usize = 64 << 10;
const ATTRIBUTES: usize = 1000;

/// `text`, with the attributes of monstrous tags left out behind the first [`LONGEST`] bytes.
pub fn bounded(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut at, mut copied) = (0, 0);
    while let Some(open) = memchr::memchr(b'<', &bytes[at..]).map(|open| at + open) {
        at = open + 1;
        if !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let close = memchr::memchr(b'>', &bytes[at..]).map_or(bytes.len(), |close| at + close);
        let tag = &bytes[at..close];
        // braces are those of a script in which a sign only looks like the start of a tag
        if tag.len() > LONGEST && !tag.contains(&b'{') && memchr::memchr_iter(b'=', tag).count() > ATTRIBUTES {
            let mut keep = at + LONGEST;
            while !text.is_char_boundary(keep) {
                keep -= 1;
            }
            out.push_str(&text[copied..keep]);
            copied = close;
        }
        at = close;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_monstrous_tags_are_cut() {
        let page = "<p class='a'>글</p><script>if (a<b && c) { x = 1 }</script>";
        assert_eq!(bounded(page), page);
        let many: String = (0..100_000).map(|n| format!(" a{n}=한")).collect();
        let monster = format!("<body{many}>본문</body>");
        let cut = bounded(&monster);
        assert!(cut.len() < LONGEST + 100 && cut.ends_with(">본문</body>"));
        assert_eq!(bounded("<a"), "<a");
    }
}
