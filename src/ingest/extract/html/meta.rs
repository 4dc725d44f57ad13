//! What a page says about itself outside of its text: `<meta>`, `<link>`, `<time>`, microdata, `<title>`.

use super::dom::{Dom, fold, plain};
use super::linked::{Linked, linked};

pub(super) struct Meta {
    entries: Vec<(String, String)>,
    pub linked: Linked,
    pub page_title: Option<String>,
    pub canonical: Option<String>,
    pub language: Option<String>,
    /// `<time>` elements: whether called the date of publication, and what they say.
    pub times: Vec<(bool, String)>,
}

impl Meta {
    pub fn read(dom: &Dom) -> Meta {
        let mut meta = Meta {
            entries: Vec::new(),
            linked: linked(dom),
            page_title: None,
            canonical: None,
            language: dom.elements("html").find_map(|id| dom.attribute(id, "lang").map(str::to_owned)),
            times: Vec::new(),
        };
        for id in 0..dom.nodes.len() {
            match dom.name(id) {
                "meta" => {
                    let Some(content) = dom.attribute(id, "content") else { continue };
                    let content = plain(content);
                    for attribute in ["property", "name", "itemprop", "http-equiv"] {
                        if let Some(name) = dom.attribute(id, attribute)
                            && !content.is_empty()
                            && content.len() < 4_000
                        {
                            meta.entries.push((fold(name).to_ascii_lowercase(), content.clone()));
                        }
                    }
                }
                "title" if meta.page_title.is_none() => {
                    let title = plain(&dom.text(id));
                    meta.page_title = (!title.is_empty()).then_some(title);
                }
                "link" => {
                    let canonical = dom.attribute(id, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
                    if canonical && meta.canonical.is_none() {
                        meta.canonical = dom.attribute(id, "href").map(|href| href.trim().to_owned());
                    }
                }
                "time" | "abbr" | "span" | "div" | "p" | "em" => {
                    let property = dom.attribute(id, "itemprop").unwrap_or("").to_ascii_lowercase();
                    let is_time = dom.name(id) == "time";
                    if is_time || property.starts_with("date") {
                        let sure = property == "datepublished" || dom.attribute(id, "pubdate").is_some();
                        let said = dom.attribute(id, "datetime").or_else(|| dom.attribute(id, "content"));
                        if property != "datemodified" && meta.times.len() < 40 {
                            meta.times.push((sure, said.map_or_else(|| dom.text(id), str::to_owned)));
                        }
                    }
                }
                _ => {}
            }
        }
        meta
    }

    /// The first entry of the first of these names.
    pub fn first(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|wanted| self.entries.iter().find(|(name, _)| name == wanted))
            .map(|(_, content)| content.as_str())
    }

    pub fn all<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a str> {
        self.entries.iter().filter(move |(name, _)| names.contains(&name.as_str())).map(|(_, content)| content.as_str())
    }

    pub fn published(&self) -> impl Iterator<Item = &str> {
        const NAMES: [&str; 34] = [
            "article:published_time",
            "article:published",
            "og:article:published_time",
            "datepublished",
            "og:published_time",
            "dd:published_time",
            "article.published",
            "published_time",
            "publish_date",
            "publish-date",
            "published_date",
            "published-date",
            "publishdate",
            "pubdate",
            "og:pubdate",
            "og:regdate",
            "regdate",
            "article:regdate",
            "dc.date.issued",
            "dcterms.issued",
            "dcterms.created",
            "dc.date",
            "dc.date.created",
            "dcterms.date",
            "sailthru.date",
            "parsely-pub-date",
            "article_date_original",
            "originalpublicationdate",
            "cxenseparse:recs:publishtime",
            "ptime",
            "pdate",
            "displaydate",
            "date",
            "nextgen_datepublished",
        ];
        let sure = self.times.iter().filter(|(sure, _)| *sure).map(|(_, said)| said.as_str());
        self.linked
            .published
            .as_deref()
            .into_iter()
            .chain(NAMES.iter().filter_map(|name| self.first(&[name])))
            .chain(sure)
    }

    pub fn updated(&self) -> impl Iterator<Item = &str> {
        const NAMES: [&str; 9] = [
            "article:modified_time",
            "og:updated_time",
            "datemodified",
            "dd:modified_time",
            "article:modified",
            "lastmod",
            "dcterms.modified",
            "revision_date",
            "article:updated_time",
        ];
        self.linked.updated.as_deref().into_iter().chain(NAMES.iter().filter_map(|name| self.first(&[name])))
    }

    pub fn titles(&self) -> impl Iterator<Item = &str> {
        const NAMES: [&str; 8] =
            ["og:title", "twitter:title", "title", "headline", "dd:title", "dable:title", "dc.title", "hdl"];
        self.linked.headline.as_deref().into_iter().chain(NAMES.iter().filter_map(|name| self.first(&[name])))
    }

    pub fn authors(&self) -> impl Iterator<Item = &str> {
        const NAMES: [&str; 12] = [
            "article:author",
            "og:article:author",
            "dable:author",
            "dd:author",
            "author",
            "byl",
            "byline",
            "dc.creator",
            "parsely-author",
            "sailthru.author",
            "twitter:data1",
            "article:author_name",
        ];
        self.linked.authors.iter().map(String::as_str).chain(self.all(&NAMES[..11]))
    }

    pub fn outlets(&self) -> impl Iterator<Item = &str> {
        const NAMES: [&str; 7] = [
            "og:site_name",
            "dd:publisher",
            "dc.publisher",
            "publisher",
            "application-name",
            "copyright",
            "apple-mobile-web-app-title",
        ];
        self.linked.publisher.as_deref().into_iter().chain(NAMES.iter().filter_map(|name| self.first(&[name])))
    }

    pub fn section(&self) -> Option<&str> {
        self.linked.section.as_deref().or_else(|| {
            self.first(&[
                "article:section",
                "articlesection",
                "og:article:section",
                "dd:category",
                "section",
                "og:category",
                "category",
                "parsely-section",
            ])
        })
    }

    pub fn url(&self) -> Option<&str> {
        let is_address = |url: &&str| url.starts_with("http://") || url.starts_with("https://");
        self.canonical
            .as_deref()
            .filter(is_address)
            .or_else(|| self.first(&["og:url", "twitter:url", "dable:url"]).filter(is_address))
            .or_else(|| self.linked.url.as_deref().filter(is_address))
    }
}
