//! What a document says of its own charset: `<meta charset>`, `http-equiv`, the XML declaration.

/// How far a page is searched for its label (WHATWG says 1024; old pages put scripts first).
const REACH: usize = 8192;

/// The labels found, in order.
pub fn declared(bytes: &[u8]) -> Vec<String> {
    let mut labels = Vec::new();
    let head = &bytes[..bytes.len().min(REACH)];
    if memchr::memchr(b'<', head).is_none() {
        return labels;
    }
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    if let Some(declaration) = head.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split("?>").next()) {
        labels.extend(value(declaration, "encoding"));
    }
    for meta in head.split("<meta").skip(1).filter_map(|rest| rest.split('>').next()) {
        labels.extend(value(meta, "charset"));
    }
    labels
}

fn value(text: &str, name: &str) -> Option<String> {
    let after = text.split_once(name)?.1.trim_start().strip_prefix('=')?;
    let label = after.trim_start().trim_start_matches(['"', '\'']);
    let end = label.find(|ch: char| !(ch.is_ascii_alphanumeric() || "-_:.".contains(ch))).unwrap_or(label.len());
    (end > 0).then(|| label[..end].to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn labels_are_found() {
        for (text, label) in [
            ("<?xml version=\"1.0\" encoding='EUC-KR'?>", "euc-kr"),
            ("<head><META http-equiv=content-type content=\"text/html; charset=ks_c_5601-1987\">", "ks_c_5601-1987"),
            ("<meta charset = utf-8 />", "utf-8"),
        ] {
            assert_eq!(super::declared(text.as_bytes()), [label]);
        }
        assert!(super::declared(b"charset=utf-8").is_empty());
    }
}
