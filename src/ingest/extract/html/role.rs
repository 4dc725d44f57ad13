//! What the names of an element (its tag, classes, id and itemprop) say about what is in it.
//!
//! The vocabulary is that of many papers and of none in particular; it only helps where the text leaves a doubt.

use super::dom::{Dom, Id};

/// What the names of an element say about its content.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Role {
    Body,
    Dek,
    Caption,
    Chrome,
    Unknown,
}

/// Words of class, id and itemprop, split at case changes, `-`, `_` and digits.
fn words(names: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower_before = false;
    for ch in names.chars().take(400) {
        if !ch.is_alphabetic() {
            words.push(String::new());
        } else {
            if ch.is_uppercase() && lower_before {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(ch.to_lowercase());
            }
        }
        lower_before = ch.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

pub(super) fn role(dom: &Dom, id: Id) -> Role {
    let tag = dom.name(id);
    if matches!(tag, "figcaption" | "amp-img-caption") {
        return Role::Caption;
    }
    if let Some(property) = dom.attribute(id, "itemprop") {
        let property = property.to_ascii_lowercase();
        if property == "articlebody" {
            return Role::Body;
        }
        if property == "caption" {
            return Role::Caption;
        }
    }
    let mut names = String::new();
    for attribute in ["class", "id"] {
        names.push_str(dom.attribute(id, attribute).unwrap_or(""));
        names.push(' ');
    }
    if names.len() <= 2 {
        return Role::Unknown;
    }
    let words = words(&names);
    let any = |set: &[&str]| words.iter().any(|word| set.contains(&word.as_str()));
    let joined = words.concat();
    let has = |set: &[&str]| set.iter().any(|part| joined.contains(part));
    if has(&[
        "articlebody",
        "newsbody",
        "newsctbody",
        "articlecont",
        "newscont",
        "bodytext",
        "articletext",
        "newstext",
        "storybody",
        "entrycontent",
        "postcontent",
        "postbody",
        "viewcon",
        "articletxt",
        "newstxt",
        "articleview",
        "newsview",
        "harmonycontainer",
    ]) && !any(&["relate", "related", "bottom", "foot", "title", "header", "comment", "tool", "util", "top"])
    {
        return Role::Body;
    }
    if has(&[
        "subtitle",
        "subtit",
        "titsub",
        "titlesub",
        "subhead",
        "midtitle",
        "standfirst",
        "sublead",
        "dek",
        "subheadline",
        "articlesummary",
        "newssummary",
        "articlelead",
        "stitle",
        "deck",
    ]) && !any(&["list", "related"])
    {
        return Role::Dek;
    }
    if has(&[
        "caption",
        "photoinfo",
        "imgdesc",
        "imagedesc",
        "photodesc",
        "imgcap",
        "photocap",
        "imgtxt",
        "phototxt",
        "phototext",
        "imgtext",
        "credit",
    ]) {
        return Role::Caption;
    }
    let chrome = [
        "related",
        "relate",
        "relation",
        "recommend",
        "recommended",
        "recommendation",
        "comment",
        "comments",
        "reply",
        "replies",
        "disqus",
        "share",
        "sharing",
        "shares",
        "sns",
        "social",
        "copyright",
        "copy",
        "reporter",
        "journalist",
        "byline",
        "author",
        "writer",
        "banner",
        "ad",
        "ads",
        "adv",
        "advert",
        "advertisement",
        "adsense",
        "sponsor",
        "sponsored",
        "promo",
        "promotion",
        "rank",
        "ranking",
        "popular",
        "trending",
        "sidebar",
        "aside",
        "nav",
        "navbar",
        "navigation",
        "menu",
        "gnb",
        "lnb",
        "snb",
        "footer",
        "foot",
        "breadcrumb",
        "breadcrumbs",
        "newsletter",
        "subscribe",
        "subscription",
        "toolbar",
        "util",
        "utils",
        "utility",
        "tool",
        "tools",
        "poll",
        "vote",
        "popup",
        "layer",
        "modal",
        "tooltip",
        "outbrain",
        "taboola",
        "dable",
        "hashtag",
        "keyword",
        "keywords",
        "tags",
        "tag",
        "skip",
        "login",
        "search",
        "btn",
        "button",
        "buttons",
        "hidden",
        "blind",
        "sr",
        "most",
        "cookie",
        "gdpr",
        "emoticon",
        "like",
        "sympathy",
        "feedback",
        "toc",
        "pagination",
        "paging",
        "paginate",
        "aff",
        "widget",
        "teaser",
        "mostread",
        "series",
        "headerinfo",
        "audio",
        "tts",
    ];
    if any(&chrome)
        || has(&[
            "articleinfo",
            "newsinfo",
            "dateline",
            "hotnews",
            "bestnews",
            "morenews",
            "othernews",
            "relatednews",
            "relnews",
            "newslist",
            "articlelist",
            "listnews",
        ])
    {
        let body_words = any(&[
            "body",
            "content",
            "contents",
            "main",
            "article",
            "story",
            "wrap",
            "wrapper",
            "container",
            "page",
            "view",
        ]);
        let strong = any(&[
            "related",
            "recommend",
            "comment",
            "comments",
            "reply",
            "copyright",
            "reporter",
            "journalist",
            "banner",
            "ad",
            "ads",
            "share",
            "sns",
            "sidebar",
            "footer",
            "nav",
            "popup",
            "hidden",
            "blind",
            "outbrain",
            "taboola",
            "ranking",
            "newsletter",
        ]);
        if !body_words || strong {
            return Role::Chrome;
        }
    }
    Role::Unknown
}

/// Never holds an article.
pub(super) fn is_dead(dom: &Dom, id: Id) -> bool {
    let tag = dom.name(id);
    if matches!(
        tag,
        "script"
            | "style"
            | "noscript"
            | "iframe"
            | "svg"
            | "template"
            | "select"
            | "button"
            | "textarea"
            | "head"
            | "object"
            | "video"
            | "audio"
            | "canvas"
            | "map"
            | "input"
            | "title"
            | "amp-ad"
            | "amp-sidebar"
            | "nav"
            | "label"
    ) {
        return true;
    }
    // a page that hides itself until its scripts have run is still a page
    if matches!(tag, "body" | "html" | "main" | "article") {
        return false;
    }
    if let Some(style) = dom.attribute(id, "style") {
        let style: String = style.chars().filter(|ch| !ch.is_whitespace()).collect::<String>().to_ascii_lowercase();
        if style.contains("display:none") || style.contains("visibility:hidden") {
            return true;
        }
    }
    dom.attribute(id, "hidden").is_some()
        || matches!(dom.attribute(id, "role"), Some("navigation" | "banner" | "search" | "dialog" | "alert" | "menu"))
}
