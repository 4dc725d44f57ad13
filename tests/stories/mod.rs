//! Ten invented articles and how each format writes them.
#![allow(dead_code, reason = "every test file uses a part of it")]

use std::io::{Cursor, Write};

use search::article::Lang;
use serde_json::json;
use unicode_normalization::UnicodeNormalization;

#[derive(Debug, Clone)]
pub struct Story {
    pub title: String,
    pub paragraphs: Vec<String>,
    /// With a zone, as Korean newsrooms have it.
    pub published: String,
    pub source: String,
    pub byline: String,
    pub url: String,
    pub lang: Lang,
}

type Row = (&'static str, &'static [&'static str], &'static str, &'static str, &'static str);

const STORIES: &[Row] = &[
    (
        "가람시, 낡은 다리 대신 새 다리 놓는다",
        &[
            "가람시가 40년 된 가람다리를 헐고 그 자리에 새 다리를 놓기로 했다고 2일 밝혔다.",
            "시는 내년 예산 1,250억 원을 들여 왕복 6차로의 다리를 세우고, 옆에는 걷는 길을 따로 낼 계획이다.",
            "주민 한누리 씨는 \"출근길이 한결 짧아질 것\"이라며 \"공사 동안의 소음이 걱정\"이라고 말했다.",
        ],
        "2023-11-02T09:12:00+09:00",
        "달무리일보",
        "서리온 기자",
    ),
    (
        "北 미사일 발사에 韓·美 공동 대응 논의",
        &[
            "韓美 양국 국방 당국이 북한의 탄도미사일 발사와 관련해 화상 회의를 열고 대응책을 논의했다.",
            "양측은 '확장 억제'의 실행력을 높이기로 뜻을 모았으며, 다음 회의는 3월에 서울에서 열기로 했다.",
            "회의에는 양국 차관보급 인사 12명이 나왔고, 회의는 2시간 30분 동안 이어졌다고 관계자가 전했다.",
        ],
        "2024-01-05T21:05:00+09:00",
        "가온통신",
        "김여울 특파원",
    ),
    (
        "Harbor Council Approves New Ferry Line & Terminal",
        &[
            "The harbor council voted 7-2 on Thursday to approve a ferry line between the old port and the northern islands.",
            "Officials at Pell & Rowe, the company that will run it, said tickets would cost less than $4 for residents.",
            "\"It is a long overdue decision,\" said Maren Holt, who has lived on the islands for more than 30 years.",
        ],
        "2023-12-13T08:30:00+09:00",
        "Harbor Ledger",
        "Nora Pell",
    ),
    (
        "반도체 수출 3개월째 늘어…작년보다 15.7%↑",
        &[
            "반도체 수출이 석 달째 늘었다. 지난달 수출액은 99억 4천만 달러로 작년 같은 달보다 15.7% 많았다.",
            "관세 당국은 인공지능(AI) 서버용 메모리 수요가 이어진 덕분이라고 설명했다. 대중국 수출도 8% 늘었다.",
            "다만 영업이익률이 5% < 7% 사이에 머문 중소 업체들은 체감 경기가 나아지지 않았다고 말한다.",
        ],
        "2024-02-01T10:00:00+09:00",
        "누리경제",
        "박해솔 기자",
    ),
    (
        "산불 진화 헬기 10대 투입 🔥 주민 200명 대피",
        &[
            "강마을 뒷산에서 난 불이 바람을 타고 번지면서 주민 200여 명이 마을 회관으로 대피했다 🔥.",
            "소방 당국은 헬기 10대와 인력 350명을 보내 큰불을 잡고 있으며, 아직 다친 사람은 없다고 밝혔다.",
            "불은 오후 2시쯤 밭두렁에서 시작된 것으로 보인다고 산림 당국이 설명했다.",
        ],
        "2024-03-17T15:40:00+09:00",
        "달무리일보",
        "이나루 기자",
    ),
    (
        "Meridian Wire Sees Inflation Easing to 2.4% by Spring",
        &[
            "Consumer prices are expected to rise 2.4% in the year to April, a survey of 38 economists showed on Monday.",
            "That would be the slowest pace since 2021 and leaves room for the central bank to cut rates from 3.50%.",
            "Analysts said the forecast assumes that oil stays below $80 a barrel and that rents keep slowing down.",
        ],
        "2024-01-22T23:15:00+09:00",
        "Meridian Wire",
        "Jon Abel",
    ),
    (
        "K팝 그룹 'STARFALL', 빌보드 차트 1위…\"꿈만 같다\"",
        &[
            "그룹 STARFALL의 새 앨범 'Daybreak & Dusk'가 발매 첫 주에 차트 정상에 올랐다고 소속사가 밝혔다.",
            "리더 하람은 “팬들 덕분이다. We are so grateful”이라며 “다음 공연에서 만나자”고 말했다.",
            "이들은 오는 6월부터 뉴욕·런던·서울 등 9개 도시에서 월드 투어를 연다. 표는 다음 주부터 판다.",
        ],
        "2024-05-20T07:00:00+09:00",
        "가온통신",
        "최온 기자",
    ),
    (
        "헌재, 國會 의결 절차 문제없다…재판관 8대1",
        &[
            "헌법재판소가 국회(國會)의 법안 의결 절차에 문제가 없다고 재판관 8대1의 의견으로 판단했다.",
            "다수 의견은 \"절차의 흠이 결론을 바꿀 만큼 크다고 볼 수 없다\"고 했고, 한 재판관은 반대 의견을 냈다.",
            "이번 판단은 지난해 6월 20일 접수된 사건에 대한 것으로, 심리에는 1년 2개월이 걸렸다.",
        ],
        "2024-08-29T14:30:00+09:00",
        "한울신문",
        "윤슬 기자",
    ),
    (
        "Seoul and Busan to Test Night Trains in October",
        &[
            "Rail officials in Seoul (서울) said on Tuesday that night trains to Busan (부산) would run on a trial basis.",
            "The trains leave at 11:40 p.m. and arrive before 5 a.m.; a sleeper berth costs 68,000 won, or about $50.",
            "\"We expect 300 to 400 passengers a night,\" said Haneul Seo, who runs the project at the rail agency.",
        ],
        "2024-09-10T18:20:00+09:00",
        "Harbor Ledger",
        "Ivo Lund",
    ),
    (
        "쌀값 80㎏에 18만원대로 떨어져…농민 \"값 보장하라\"",
        &[
            "산지 쌀값이 80㎏ 한 가마에 18만 3천 원까지 떨어지자 농민들이 대책을 내놓으라고 요구하고 나섰다.",
            "농민 단체는 읍내 장터에 모여 \"최소 20만 원은 보장해야 한다\"고 외쳤다. 모인 사람은 1,500명쯤이었다.",
            "정부는 다음 달까지 남는 쌀 10만 톤을 사들여 시장에 풀리지 않게 하겠다고 밝혔다.",
        ],
        "2024-10-02T11:45:00+09:00",
        "한울신문",
        "나래 기자",
    ),
];

pub fn stories() -> Vec<Story> {
    let story = |(number, (title, paragraphs, published, source, byline)): (usize, &Row)| Story {
        title: (*title).to_owned(),
        paragraphs: paragraphs.iter().map(|paragraph| (*paragraph).to_owned()).collect(),
        published: (*published).to_owned(),
        source: (*source).to_owned(),
        byline: (*byline).to_owned(),
        url: format!("https://news.example/2024/{}?a=1&b=2", number + 1),
        lang: if title.is_ascii() { Lang::En } else { Lang::Ko },
    };
    STORIES.iter().enumerate().map(story).collect()
}

/// The stories in characters that CP949 has.
pub fn without_emoji() -> Vec<Story> {
    let without = |text: &str| text.replace(" 🔥", "");
    let mut stories = stories();
    for story in &mut stories {
        story.title = without(&story.title);
        story.paragraphs = story.paragraphs.iter().map(|paragraph| without(paragraph)).collect();
    }
    stories
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Story {
    fn is_korean(&self) -> bool {
        self.lang == Lang::Ko
    }

    fn body(&self) -> String {
        self.paragraphs.join("\n\n")
    }

    fn markup(&self) -> String {
        self.paragraphs.iter().map(|paragraph| format!("<p>{}</p>\n", escaped(paragraph))).collect()
    }

    /// A page as someone saved it, chrome and all.
    pub fn page(&self) -> String {
        let Story { title, source, byline, published, .. } = self;
        let body = self.body();
        let day = published[..10].replace('-', ".");
        let clock = &published[11..16];
        if self.is_korean() {
            format!(
                "{source}\n로그인\n회원가입\n정치\n경제\n사회\n국제\n검색\n\n{title}\n\n{byline}\n입력 {day} {clock}\n\
                 공유하기\n글자크기\n\n{body}\n\nⓒ {source} 무단전재 및 재배포 금지\n\n많이 본 뉴스\n1\n다른 소식\n2\n또 다른 소식\n\
                 이용약관\n개인정보처리방침\n"
            )
        } else {
            let [year, month, day] = [&published[..4], &published[5..7], &published[8..10]];
            let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            let month = months[month.parse::<usize>().unwrap() - 1];
            format!(
                "{source}\nSign in\nSubscribe\nWorld\nBusiness\nSports\n\n{title}\n\nBy {byline}\n\
                 Published {month} {day}, {year} {clock}\nShare\n\n{body}\n\nⓒ {year} {source}. All rights reserved.\n\n\
                 Most read\nTerms of use\nPrivacy policy\n"
            )
        }
    }

    pub fn html(&self, charset: &str) -> String {
        let data = json!({
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": self.title,
            "datePublished": self.published, "author": { "@type": "Person", "name": self.byline },
            "publisher": { "@type": "Organization", "name": self.source }, "mainEntityOfPage": self.url,
        });
        let data = data.to_string().replace('<', "\\u003c");
        let (title, source, url, markup) =
            (escaped(&self.title), escaped(&self.source), escaped(&self.url), self.markup());
        format!(
            "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"{charset}\"><title>{title} - {source}</title>\n\
             <meta property=\"og:title\" content=\"{title}\"><meta property=\"og:site_name\" content=\"{source}\">\n\
             <link rel=\"canonical\" href=\"{url}\"><script type=\"application/ld+json\">{data}</script></head>\n\
             <body><nav><ul><li><a href=\"/\">Home</a></li><li><a href=\"/w\">World</a></li></ul></nav>\n\
             <article><h1>{title}</h1><div class=\"article-body\">{markup}</div></article>\n\
             <aside><ul><li><a href=\"/1\">Other</a></li><li><a href=\"/2\">Another</a></li></ul></aside>\n\
             <footer>ⓒ {source}</footer></body></html>\n",
            self.lang
        )
    }

    pub fn markdown(&self) -> String {
        let title = self.title.replace('"', "\\\"");
        let text = self.body().replace('&', "&amp;").replace('<', "&lt;");
        format!(
            "---\ntitle: \"{title}\"\ndate: {}\nsource: {}\nauthor: {}\nurl: {}\n---\n\n{text}\n",
            self.published, self.source, self.byline, self.url
        )
    }

    pub fn json(&self) -> String {
        let record = json!({
            "title": self.title, "body": self.body(), "date": self.published, "source": self.source,
            "byline": self.byline, "url": self.url,
        });
        record.to_string()
    }

    pub fn ninjs(&self) -> String {
        let record = json!({
            "uri": self.url, "type": "text", "versioncreated": self.published, "headline": self.title,
            "byline": self.byline, "copyrightholder": self.source, "body_xhtml": self.markup(),
        });
        serde_json::to_string_pretty(&record).unwrap()
    }

    pub fn nitf(&self) -> String {
        let [title, source, byline, url] =
            [&self.title, &self.source, &self.byline, &self.url].map(|text| escaped(text));
        let norm = self.published.replace(['-', ':'], "");
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<nitf><head><title>{title}</title><docdata>\
             <date.issue norm=\"{norm}\"/></docdata><pubdata name=\"{source}\" ex-ref=\"{url}\"/></head>\n\
             <body><body.head><hedline><hl1>{title}</hl1></hedline><byline>By {byline}</byline></body.head>\n\
             <body.content>{}</body.content></body></nitf>\n",
            self.markup()
        )
    }

    fn news_item(&self) -> String {
        let [title, source, byline, url] =
            [&self.title, &self.source, &self.byline, &self.url].map(|text| escaped(text));
        format!(
            "<newsItem xmlns=\"http://iptc.org/std/nar/2006-10-01/\" guid=\"urn:x\"><itemMeta>\
             <provider><name>{source}</name></provider><firstCreated>{at}</firstCreated><link href=\"{url}\"/></itemMeta>\n\
             <contentMeta><by>{byline}</by><headline>{title}</headline><language tag=\"{}\"/></contentMeta>\n\
             <contentSet><inlineXML><html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>{title}</title></head>\
             <body>{}</body></html></inlineXML></contentSet></newsItem>\n",
            self.lang,
            self.markup(),
            at = self.published,
        )
    }

    pub fn newsml(&self) -> String {
        format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{}", self.news_item())
    }
}

pub fn message(stories: &[Story]) -> String {
    let items: String = stories.iter().map(Story::news_item).collect();
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<newsMessage><itemSet>{items}</itemSet></newsMessage>\n")
}

pub fn table(stories: &[Story], separator: char) -> String {
    let row = |fields: [&str; 6]| {
        let fields = fields.map(|field| format!("\"{}\"", field.replace('"', "\"\"")));
        fields.join(&separator.to_string()) + "\r\n"
    };
    let mut text = ["title", "body", "date", "source", "byline", "url"].join(&separator.to_string()) + "\r\n";
    for story in stories {
        text += &row([&story.title, &story.body(), &story.published, &story.source, &story.byline, &story.url]);
    }
    text
}

pub fn rss(stories: &[Story], charset: &str) -> String {
    let item = |story: &Story| {
        let [title, source, byline, url] =
            [&story.title, &story.source, &story.byline, &story.url].map(|text| escaped(text));
        let (markup, at) = (story.markup(), &story.published);
        format!(
            "<item><title>{title}</title><link>{url}</link><source url=\"https://news.example\">{source}</source>\
             <dc:creator>{byline}</dc:creator><dc:date>{at}</dc:date><content:encoded><![CDATA[{markup}]]></content:encoded></item>\n"
        )
    };
    let items: String = stories.iter().map(item).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"{charset}\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>모두</title>\n{items}</channel></rss>\n"
    )
}

pub fn atom(stories: &[Story]) -> String {
    let entry = |story: &Story| {
        let [title, source, byline, url] =
            [&story.title, &story.source, &story.byline, &story.url].map(|text| escaped(text));
        let (markup, at) = (escaped(&story.markup()), &story.published);
        format!(
            "<entry><title>{title}</title><link rel=\"alternate\" href=\"{url}\"/><source><title>{source}</title></source>\
             <author><name>{byline}</name></author><published>{at}</published><updated>{at}</updated>\
             <content type=\"html\">{markup}</content></entry>\n"
        )
    };
    let entries: String = stories.iter().map(entry).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>all</title>\n{entries}</feed>\n"
    )
}

/// The records of a WARC file: one that describes it, then a page each, some gzipped, some chunked.
pub fn warc(stories: &[Story]) -> Vec<Vec<u8>> {
    let record = |kind: &str, url: &str, block: &[u8]| {
        let head = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nContent-Length: {}\r\n\r\n",
            block.len()
        );
        [head.as_bytes(), block, b"\r\n\r\n"].concat()
    };
    let mut records = vec![record("warcinfo", "", b"software: a crawler\r\n")];
    for (number, story) in stories.iter().enumerate() {
        let html = story.html("utf-8").into_bytes();
        let (more, body) = match number % 3 {
            0 => ("", html),
            1 => ("Content-Encoding: gzip\r\n", gzip(&html)),
            _ => {
                let (first, second) = html.split_at(100);
                let chunk = |part: &[u8]| [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat();
                let chunks = [chunk(first), chunk(second), b"0\r\n\r\n".to_vec()];
                ("Transfer-Encoding: chunked\r\n", chunks.concat())
            }
        };
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{more}\r\n");
        records.push(record("request", &story.url, b"GET / HTTP/1.1\r\n\r\n"));
        records.push(record("response", &story.url, &[head.as_bytes(), &body].concat()));
        let picture = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n";
        records.push(record("response", "https://news.example/p.png", picture));
    }
    records
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

pub fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub fn tar(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        // as it is given, where it would lead outside as well
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_entry_type(tar::EntryType::Regular);
        header.set_cksum();
        tar.append(&header, &bytes[..]).unwrap();
    }
    tar.into_inner().unwrap()
}

/// Johab (KS X 1001, annex 3): syllables by their letters, all else by its place in EUC-KR.
pub fn johab(text: &str) -> Vec<u8> {
    const VOWELS: [u16; 21] = [3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23, 26, 27, 28, 29];
    let mut bytes = Vec::new();
    for ch in text.nfc() {
        let code = u32::from(ch);
        if ch.is_ascii() {
            bytes.push(ch as u8);
        } else if let '가'..='힣' = ch {
            let index = (code - 0xAC00) as u16;
            let (initial, vowel, last) = (index / 588 + 2, VOWELS[usize::from(index / 28 % 21)], index % 28);
            let last = if last < 17 { last + 1 } else { last + 2 };
            bytes.extend((0x8000 | initial << 10 | vowel << 5 | last).to_be_bytes());
        } else {
            let mut buffer = [0; 4];
            let (euc, _, lost) = encoding_rs::EUC_KR.encode(ch.encode_utf8(&mut buffer));
            assert!(!lost && euc.len() == 2, "{ch}");
            let (row, cell) = (u16::from(euc[0]) - 0xA1, u16::from(euc[1]) - 0xA1);
            let first = if row < 12 { 0xD9 + row / 2 } else { (row + 0x197) / 2 };
            let cell = cell + 0x5E * if row < 12 { row % 2 } else { (row + 0x197) % 2 };
            let second = cell + if cell < 0x4E { 0x31 } else { 0x43 };
            bytes.extend([first as u8, second as u8]);
        }
    }
    bytes
}
