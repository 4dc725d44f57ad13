//! `search analyze`: what the analyzer makes of a text.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use clap::{Args as ClapArgs, ValueEnum};
use serde::Serialize;

use super::Outcome;
use super::context::{DictionaryDir, IndexDir, with_words_of};
use crate::present::clean::one_line;
use crate::present::highlight::in_code_points;
use crate::query::words::composed;

#[derive(Debug, ClapArgs)]
#[command(before_help = "\
Examples:
  search analyze \"CTBT에서 탈퇴한 러시아\"
  search analyze 마라샹궈집에서 -i index        with the words that you added to this index")]
pub struct Args {
    /// The text to analyze
    #[arg(required = true, value_name = "TEXT")]
    text: Vec<String>,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    dict: DictionaryDir,
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Serialize)]
struct Row<'a> {
    term: &'a str,
    /// Half-open, in Unicode code points.
    span: [usize; 2],
    text: &'a str,
    position: u32,
    evidence: String,
    tag: Option<&'a str>,
}

pub fn run(args: Args) -> Result<Outcome> {
    let text = composed(&args.text.join(" "));
    let analyzer = with_words_of(&args.index, args.dict.analyzer()?)?;
    let tokens = analyzer.worker().tokens(&text);
    let rows: Vec<Row> = tokens
        .iter()
        .map(|token| Row {
            term: &token.term,
            span: in_code_points(&text, &[token.span])[0],
            text: token.span.of(&text),
            position: token.position,
            evidence: token.evidence.to_string(),
            tag: Some(token.tag).filter(|tag| !tag.is_empty()),
        })
        .collect();
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Json => {
            serde_json::to_writer(
                &mut out,
                &serde_json::json!({ "text": text, "analyzer": analyzer.fingerprint(), "tokens": rows }),
            )?;
            writeln!(out)?;
        }
        Format::Text => {
            for row in &rows {
                let place = format!("{}..{}", row.span[0], row.span[1]);
                writeln!(
                    out,
                    "{:<8} {:>4}  {:<7} {:<8} {}",
                    place,
                    row.position,
                    row.evidence,
                    row.tag.unwrap_or("-"),
                    one_line(row.term)
                )?;
            }
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}
