//! `search export`: articles as JSON lines or CSV, of any number.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use clap::{Args as ClapArgs, ValueEnum};

use super::Outcome;
use super::context::{DictionaryDir, IndexDir, engine};
use crate::query::request::Request;

#[derive(Debug, ClapArgs)]
#[command(before_help = "\
Examples:
  search export > archive.jsonl
  search export \"북한 핵실험\" --format csv > found.csv")]
pub struct Args {
    /// Only what this query finds
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
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
    Jsonl,
    Csv,
}

pub fn run(args: Args) -> Result<Outcome> {
    let engine = engine(&args.index, &args.dict)?;
    let mut worker = engine.worker();
    let query = args.query.join(" ");
    let request = (!query.is_empty()).then(|| Request { query, ..Request::default() });
    let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let count = match args.format {
        Format::Jsonl => {
            let mut out = out;
            let count = engine.export(request.as_ref(), &mut worker, &mut |article| -> io::Result<()> {
                serde_json::to_writer(&mut out, &article)?;
                out.write_all(b"\n")
            })??;
            out.flush()?;
            count
        }
        Format::Csv => {
            let mut rows = csv::Writer::from_writer(out);
            rows.write_record([
                "id",
                "path",
                "title",
                "lead",
                "body",
                "captions",
                "lang",
                "published",
                "updated",
                "source",
                "byline",
                "section",
                "url",
                "charset",
                "format",
            ])?;
            let count = engine.export(request.as_ref(), &mut worker, &mut |article| -> csv::Result<()> {
                let captions = article.captions.join("\n");
                let known = |field: &Option<String>| field.clone().unwrap_or_default();
                rows.write_record([
                    &article.id,
                    &article.path,
                    &article.title,
                    &article.lead,
                    &article.body,
                    &captions,
                    article.lang.unwrap_or_default(),
                    &known(&article.published),
                    &known(&article.updated),
                    &known(&article.source),
                    &known(&article.byline),
                    &known(&article.section),
                    &known(&article.url),
                    &article.charset,
                    &article.format,
                ])
            })??;
            rows.flush()?;
            count
        }
    };
    Ok(if count == 0 { Outcome::Nothing } else { Outcome::Done })
}
