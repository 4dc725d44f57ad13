//! Queries and judgements: `id<TAB>text` and `id<TAB>0<TAB>article<TAB>grade`, one a line.

use std::path::Path;

use rustc_hash::FxHashMap;

/// A query of a test collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestQuery {
    pub id: String,
    /// The middle column where a file has three (`id<TAB>class<TAB>text`).
    pub class: Option<String>,
    pub text: String,
}

/// For each query the grade of each judged article.
pub type Judgements = FxHashMap<String, FxHashMap<String, u32>>;

/// A line that is not in the form its file should have.
#[derive(Debug, thiserror::Error)]
pub enum JudgementError {
    #[error("{path}")]
    Io { path: String, source: std::io::Error },
    #[error("{path}:{line}: {problem}")]
    Line { path: String, line: usize, problem: &'static str },
}

fn read(path: &Path) -> Result<String, JudgementError> {
    std::fs::read_to_string(path).map_err(|source| JudgementError::Io { path: path.display().to_string(), source })
}

/// Reads queries; blank lines are left out.
pub fn queries(path: &Path) -> Result<Vec<TestQuery>, JudgementError> {
    let text = read(path)?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| {
            let mut fields = line.split('\t');
            let wrong =
                || JudgementError::Line { path: path.display().to_string(), line: at + 1, problem: "not id<TAB>query" };
            let id = fields.next().filter(|id| !id.is_empty()).ok_or_else(wrong)?.to_owned();
            let second = fields.next().ok_or_else(wrong)?.to_owned();
            Ok(match fields.next() {
                Some(text) => TestQuery { id, class: Some(second), text: text.to_owned() },
                None => TestQuery { id, class: None, text: second },
            })
        })
        .collect()
}

/// Reads judgements.
pub fn judgements(path: &Path) -> Result<Judgements, JudgementError> {
    let text = read(path)?;
    let mut out = Judgements::default();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |problem| JudgementError::Line { path: path.display().to_string(), line: at + 1, problem };
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [query, _, article, grade] = fields[..] else { return Err(wrong("not id<TAB>0<TAB>article<TAB>grade")) };
        let grade: i64 = grade.parse().map_err(|_| wrong("the grade is not a number"))?;
        out.entry(query.to_owned()).or_default().insert(article.to_owned(), grade.max(0) as u32);
    }
    Ok(out)
}
