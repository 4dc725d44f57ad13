//! Tells lines of an article from lines of its page, by what they say: shared by saved HTML and pasted text.
//!
//! Only short lines are ever called chrome; a full sentence is always the article's, unless it is the formula of
//! copyright or of a plea for subscribers. The vocabulary is that of Korean dailies, broadcasters and portals and of
//! English news sites in general; no single site is named.

use std::sync::LazyLock;

use regex::Regex;

use super::byline::is_signature;

/// What a line of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    Text,
    /// Copyright and its formulas: nothing of the article comes after it.
    Copyright,
    /// `[사진=…]`, `Photo: …`: belongs to a picture.
    Credit,
    /// A reporter's name and mail address.
    Signature,
    /// Buttons, counters, menus, pleas.
    Chrome,
    /// `관련기사`, `많이 본 뉴스`, `Related stories`: a list of other articles follows.
    Others,
}

static COPYRIGHT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)무단\s?(전재|복제|배포|전제)|재배포\s?(를\s)?금지|저작권자?\s?[(ⓒ©:]|copyright|ⓒ|©|all rights? reserved|저작권법").expect("fixed pattern")
});
static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^[\[(<【/▲△◀]?\s?(그래픽|자료\s?)?(사진|그래픽|영상|삽화|일러스트|이미지|photo|photograph|image|picture)(\s?(출처|제공|credit|by|=|:|/|])|\s?[=:]|\s[가-힣A-Z])",
        r"|^photo\s\S|[\[(]\s?(사진|자료|이미지|출처|사진\s?출처|photo)\s?[=:/ ]\s?[^)\]]{1,40}[\])]\s?\.?$|/\s?(사진|그래픽)\s?[=:]?\s?[^/]{1,30}$",
        r"|^[▲△◀][^▲△◀]{4,110}$|(getty images|게티이미지\S*|셔터스톡|shutterstock|자료사진|사진\s?제공)[\])]?\.?$|위 사진은 기사",
    ))
    .expect("fixed pattern")
});
static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^\W*(키워드\s?)?(관련\s?(기사|뉴스|포토|콘텐츠|영상|키워드)|(많이|가장)\s?(본|읽은|많이)\s?(본\s)?(뉴스|기사)?|인기\s?(기사|뉴스)|추천\s?(기사|뉴스)|주요\s?(뉴스|기사)|이\s?시각\s?(주요\s?)?(뉴스|헤드라인)|핫\s?뉴스|랭킹\s?뉴스|",
        r"함께\s?(볼|보면|읽을|읽으면)\s?\S*(\s\S+)?|다른\s?기사(\s?보기)?|오늘의\s?(추천|핫)\S*(\s\S+)?|실시간\s?\S{0,4}(\s\S+)?|최신\s?(기사|뉴스)|이\s?기사를 추천합니다\.?|놓치면 안 ?되는.{0,10}|당신이 좋아할.{0,12}|에디터\s?픽|",
        r"related( (stories|articles|news|content|topics|links|coverage))?:?|more (on|from|in) .{1,40}|most (read|popular|viewed|shared|commented)( .{0,20})?|read (more|next|also)\b.{0,80}|recommended( (for you|stories|articles))?|see also:?|you may (also )?like.{0,20}|you might (also )?like.{0,20}|around the web|",
        r"top stories|latest (news|stories|headlines)( .{0,24})?|trending( now)?|editors?['’]s? picks?|what to read next|special coverage|from our (partners|sponsors?)|sponsored( (content|stories|links))?|promoted( stories)?)\W*(더보기|전체보기)?\W*$",
    ))
    .expect("fixed pattern")
});
static CHROME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^\W*(광고|advertisement|advertising|story continues below( advertisement)?|ad|close|닫기|공유(하기)?|share( this.{0,30})?|share full article|print|프린트|인쇄(하기)?|스크랩|북마크|목록|위로|top|email|e-mail|facebook|twitter|페이스북|트위터|카카오(톡|스토리)|네이버(\s?블로그)?|밴드|라인|url\s?복사|링크\s?복사|",
        r"글자\s?크기.{0,20}|글씨.{0,20}|가|본문\s?(바로가기|영역|듣기|요약봇.{0,6})|상단영역|메뉴\s?바로가기|기사\s?(원문|공유|저장|스크랩|듣기|추천|제보|공유하기|입력).{0,20}|sns\s?(기사|로)?\s?(보내기|공유).{0,120}|보내기|구독(하기)?|구독중|로그인|회원가입|로그아웃|로그인회원가입|검색(어를 입력하세요)?|전체\s?메뉴.{0,6}|전체\s?기사|이전\s?기사|다음\s?기사|현재위치|홈|",
        r"댓글.{0,20}|답글.{0,24}|기사\s?댓글.{0,10}|좋아요.{0,10}|싫어요.{0,10}|화나요.{0,30}|슬퍼요.{0,6}|후속기사.{0,6}|훈훈해요.{0,6}|공감.{0,8}|추천.{0,6}|비추천.{0,6}|쏠쏠정보|흥미진진|공감백배|분석탁월|후속강추|더보기|기자\s?페이지|기자의 다른.{0,10}|기자\s?구독.{0,10}|프로필 이미지|옵션 열기|설정|동영상\s?뉴스|",
        r"[\d,. ]{1,9}|bar_progress|text size|font size|scroll to.{0,20}|skip to .{0,40}|본문\s?글(씨|자).{0,20}|sign (up|in)( .{0,30})?|log ?in|subscribe( now| today)?|menu|search|sections|home|follow us.{0,30}|join us on.{0,20}|save( article)?|listen( to .{0,30})?|comments?( \(?\d+\)?)?|leave a comment|view comments|\d+ comments?|republish.{0,20}|reprints|gift article|click (here|to).{0,60}|play video|watch( live| now)?|view (gallery|image|photos).{0,20}|image \d+ of \d+|replay|enlarge|caption|hide caption|toggle caption|photos?|video|tags?|topics?|",
        r"\[?(저작권|끝|end)\]?|\(끝\)|\(end\)|영상편집\s?[:/=].{0,20}|영상취재\s?[:/=].{0,30}|촬영기자\s?[:/=].{0,30}|영상편집 .{2,10}|그래픽\s?[:/=].{0,20})\W*$",
        r"|^\S.{0,22}\s(사용하기|변경하기|바로가기|신청하기|전체보기|공유하기|보내기)$|^\$\$\w+\$\$$|당신의 제보|기사\s?(문의|제보)|^\[(카카오톡|전화|메일|이메일)\]\s|(반론|정정).{0,12}(보도|청구).{0,50}|^\W*(■|▶|☞|◆|▷)?\s?(제보(하기|는)|카카오톡\s?[:‘'\[]|전화\s?[:(]|이메일\s?[:(]|네이버에서|네이버[,·] ?유튜브|유튜브에서|뉴스는 .{0,10}(제보|모바일)).{0,100}$",
        // one related headline between two paragraphs
        r"|^\W{0,3}(관련\s?(기사|뉴스)|함께\s?(읽기|볼\s?기사)|related( story| article)?)\s?[\]】>〉:：]\s?\S.*$",
        r"|구독(하기|을 눌러|하고|해 ?주세요)|기사제보 및|기자에게 메일|언론사에서 .{0,14}섹션으로 분류|sign up (for|to) .{0,80}newsletter|newsletter sign|follow .{1,40} on (twitter|facebook|x)\b|^#\S+(\s#\S+)*$|^(키워드)?tags?\s#|^this (article|story) (was )?originally",
    ))
    .expect("fixed pattern")
});

/// What this line is, judged by itself.
pub fn kind(line: &str) -> LineKind {
    let line = line.trim();
    let size = line.chars().count();
    if size > 220 {
        return LineKind::Text;
    }
    if size <= 200 && COPYRIGHT.is_match(line) && !speaks_of_copyright(line) {
        return LineKind::Copyright;
    }
    if size <= 60 && OTHERS.is_match(line) {
        return LineKind::Others;
    }
    if size <= 130 && CHROME.is_match(line) {
        return LineKind::Chrome;
    }
    if is_signature(line) {
        return LineKind::Signature;
    }
    if size <= 160 && CREDIT.is_match(line) {
        return LineKind::Credit;
    }
    LineKind::Text
}

/// A sentence of a story about copyright, not the formula.
fn speaks_of_copyright(line: &str) -> bool {
    let lower = line.to_lowercase();
    let year = lower
        .strip_prefix("copyright")
        .is_some_and(|rest| rest.trim_start().starts_with(|ch: char| ch.is_ascii_digit()));
    let formula = line.contains(['ⓒ', '©']) || lower.contains("reserved") || line.contains("무단") || year;
    !formula && ends_sentence(line)
}

/// Whether a line ends as sentences do.
pub fn ends_sentence(line: &str) -> bool {
    let line = line.trim_end();
    let core = line.trim_end_matches(['"', '”', '\'', '’', ')', ']', '」', '』', '>', '*']);
    core.ends_with(['.', '?', '!', '。', '…']) || core.ends_with('다') || (core != line && core.ends_with('요'))
}

/// Size of a line in letters of Latin script; a Hangul syllable counts for two and a half.
pub fn weight(line: &str) -> usize {
    let (mut wide, mut narrow) = (0, 0);
    for ch in line.chars() {
        match ch {
            '가'..='힣' | '一'..='鿿' | 'ぁ'..='ヿ' => wide += 1,
            _ if ch.is_alphanumeric() => narrow += 1,
            _ => {}
        }
    }
    wide * 5 / 2 + narrow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_lines() {
        let table = [
            ("Copyright ⓒ 한결일보. 무단전재 및 재배포 금지", LineKind::Copyright),
            ("<저작권자 ⓒ 가람통신, 무단 전재-재배포 금지>", LineKind::Copyright),
            ("저작권법 개정안이 국회를 통과했다.", LineKind::Text),
            ("Copyright 2025 The Harbour Post. Reproduction by permission only.", LineKind::Copyright),
            ("[사진=가람통신]", LineKind::Credit),
            ("(사진=셔터스톡)", LineKind::Credit),
            ("▲ 새 다리가 놓인 나루터", LineKind::Credit),
            ("한결 기자 gyeol@example.com", LineKind::Signature),
            ("댓글 12", LineKind::Chrome),
            ("SNS 기사보내기", LineKind::Chrome),
            ("Advertisement", LineKind::Chrome),
            ("많이 본 뉴스", LineKind::Others),
            ("Related stories", LineKind::Others),
            ("검색 시장이 커지고 있다", LineKind::Text),
            ("[관련기사] 둔치에 나무 천 그루…내달 심는다", LineKind::Chrome),
            ("▶관련기사: 둔치에 나무 천 그루", LineKind::Chrome),
            ("Related: A thousand trees for the embankment", LineKind::Chrome),
            ("관련 기사를 쓴 기자는 둔치를 다시 찾았다.", LineKind::Text),
            ("추천 도서를 고르는 일은 쉽지 않다.", LineKind::Text),
            ("Watch prices closely, the minister said.", LineKind::Text),
        ];
        for (line, expected) in table {
            assert_eq!(kind(line), expected, "{line}");
        }
    }
}
