//! Counts as bars, and keywords, for a terminal.

use std::io::{self, Write};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::style::{BOLD, DIM, Style};
use super::text::dim_lines;
use crate::engine::{FacetCount, Facets, Keyword};
use crate::present::clean::one_line;
use crate::query::request::Facet;

/// Bars of a label facet.
const LABELS: usize = 20;
/// Bars of a date facet; up to as many, days and months without an article have an empty one.
const DATES: usize = 48;
/// The widest label, and the widest bar, in columns.
const LABEL: usize = 28;
const BAR: usize = 50;

/// Prints each facet as a list of bars.
pub fn facets(facets: &Facets, style: &Style, out: &mut impl Write) -> io::Result<()> {
    for (facet, counts) in &facets.0 {
        let heading = format!("by {facet}");
        writeln!(out, "\n{}", style.paint(&heading, BOLD))?;
        if counts.is_empty() {
            dim_lines("no article to count", "  ", style, out)?;
            continue;
        }
        let (rows, left_out) = if facet.is_date() { dates(*facet, counts) } else { labels(counts) };
        bars(&rows, style, out)?;
        if let Some(left_out) = left_out {
            dim_lines(&left_out, "  ", style, out)?;
        }
    }
    Ok(())
}

type Row = (String, u64);

fn row(count: &FacetCount) -> Row {
    (one_line(count.value.as_deref().unwrap_or("(not said)")), count.count)
}

fn labels(counts: &[FacetCount]) -> (Vec<Row>, Option<String>) {
    let rows: Vec<Row> = counts.iter().take(LABELS).map(row).collect();
    let rest = &counts[rows.len()..];
    let articles: u64 = rest.iter().map(|count| count.count).sum();
    (rows, (!rest.is_empty()).then(|| format!("and {} more, {articles} articles; --format json gives all", rest.len())))
}

/// Dates with the gaps between them where they fit, else the last of those with articles.
fn dates(facet: Facet, counts: &[FacetCount]) -> (Vec<Row>, Option<String>) {
    let (known, unknown): (Vec<&FacetCount>, Vec<&FacetCount>) = counts.iter().partition(|it| it.value.is_some());
    let mut rows: Vec<Row> = Vec::new();
    for count in known {
        let next = row(count);
        while let Some(between) = rows.last().and_then(|(last, _)| following(facet, last)).filter(|it| *it < next.0) {
            if rows.len() > DATES {
                break;
            }
            rows.push((between, 0));
        }
        rows.push(next);
    }
    let mut left_out = None;
    if rows.len() > DATES {
        rows.retain(|(_, count)| *count > 0);
        let earlier = rows.len().saturating_sub(DATES);
        if earlier > 0 {
            let articles: u64 = rows.drain(..earlier).map(|(_, count)| count).sum();
            left_out = Some(format!("and {earlier} earlier, {articles} articles; --format json gives all"));
        }
    }
    rows.extend(unknown.into_iter().map(row));
    (rows, left_out)
}

/// The year, month or day after one.
fn following(facet: Facet, value: &str) -> Option<String> {
    let pad = match facet {
        Facet::Year => "-01-01",
        Facet::Month => "-01",
        _ => "",
    };
    let day: jiff::civil::Date = format!("{value}{pad}").parse().ok()?;
    let next = match facet {
        Facet::Year => day.last_of_year(),
        Facet::Month => day.last_of_month(),
        _ => day,
    }
    .tomorrow()
    .ok()?;
    next.to_string().get(..value.len()).map(str::to_owned)
}

fn bars(rows: &[Row], style: &Style, out: &mut impl Write) -> io::Result<()> {
    let most = rows.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let digits = most.to_string().len();
    let widest = rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0).min(LABEL);
    let room = style.width.saturating_sub(widest + digits + 5).clamp(8, BAR);
    for (label, count) in rows {
        let label = shortened(label, widest);
        let gap = " ".repeat(widest - label.width());
        let bar = bar(*count, most, room);
        let line = format!("  {label}{gap} {count:>digits$}  {}", style.paint(&bar, "36"));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// `label` in at most `most` columns.
fn shortened(label: &str, most: usize) -> String {
    if label.width() <= most {
        return label.to_owned();
    }
    let mut short = String::new();
    for sign in label.graphemes(true) {
        if short.width() + sign.width() + 1 > most {
            break;
        }
        short.push_str(sign);
    }
    short + "…"
}

/// A bar of eighths of a column; what is not nothing has at least one.
fn bar(count: u64, most: u64, room: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (u128::from(count) * room as u128 * 8 / u128::from(most)) as usize;
    let eighths = eighths.max(usize::from(count > 0));
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

/// Prints keywords in a paragraph, each with the articles that hold it.
pub fn keywords(keywords: &[Keyword], style: &Style, out: &mut impl Write) -> io::Result<()> {
    if keywords.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", style.paint("keywords", BOLD))?;
    let widest = keywords.iter().map(|keyword| one_line(&keyword.word).width()).max().unwrap_or(0).min(LABEL);
    for keyword in keywords {
        let word = shortened(&one_line(&keyword.word), widest);
        let gap = " ".repeat(widest - word.width());
        let Keyword { articles, of, archive_articles, archive_of, log_likelihood, .. } = keyword;
        let facts =
            format!("{articles} of {of} here, {archive_articles} of {archive_of} in all, G² {log_likelihood:.1}");
        writeln!(out, "  {word}{gap}  {}", style.paint(&facts, DIM))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_to_scale() {
        let rows = [(0, ""), (1, "▏"), (8, "█"), (12, "█▌"), (80, "██████████")];
        for (count, expected) in rows {
            assert_eq!(bar(count, 80, 10), expected, "{count}");
        }
        assert_eq!(bar(u64::MAX, u64::MAX, 4), "████");
    }

    #[test]
    fn gaps_are_filled_where_they_fit() {
        let count = |value: &str, count| FacetCount { value: Some(value.to_owned()), count };
        let (rows, left_out) = dates(Facet::Month, &[count("2023-11", 2), count("2024-02", 1)]);
        let values: Vec<&str> = rows.iter().map(|(value, _)| value.as_str()).collect();
        assert_eq!((values, left_out), (vec!["2023-11", "2023-12", "2024-01", "2024-02"], None));
        let far = [count("1950-01-01", 1), count("2024-02-29", 1), count("2024-03-01", 4)];
        assert_eq!(dates(Facet::Day, &far).0.len(), 3);
        let many: Vec<FacetCount> = (1900..2000).map(|year| count(&year.to_string(), 1)).collect();
        let (rows, left_out) = dates(Facet::Year, &many);
        assert_eq!((rows.len(), rows[0].0.as_str()), (DATES, "1952"));
        assert_eq!(left_out.as_deref(), Some("and 52 earlier, 52 articles; --format json gives all"));
    }

    #[test]
    fn long_labels_are_cut_at_columns() {
        assert_eq!(shortened("너울방송", 8), "너울방송");
        assert_eq!(shortened("너울방송", 7), "너울방…");
        assert_eq!(shortened("The Hangang Observer", 8), "The Han…");
    }
}
