//! `search eval`: ranking quality against judgements.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args as ClapArgs;

use super::Outcome;
use super::context::{DictionaryDir, IndexDir, engine};
use crate::article::Lang;
use crate::eval::judgements::{judgements, queries};
use crate::eval::metrics::{Figures, mean, score};
use crate::glossary::Sources;
use crate::jobs::Jobs;
use crate::present::clean::one_line;
use crate::query::request::Request;
use crate::rank::evidence::Kind;

#[derive(Debug, ClapArgs)]
#[command(before_help = "Example:\n  search eval --queries queries.tsv --qrels qrels.tsv --run-out run.trec")]
pub struct Args {
    /// Queries, one a line: id<TAB>text
    #[arg(long, value_name = "FILE")]
    queries: PathBuf,
    /// Judgements, one a line: id<TAB>0<TAB>article<TAB>grade
    #[arg(long, value_name = "FILE")]
    qrels: Option<PathBuf>,
    /// Write the ranked lists as a TREC run
    #[arg(long, value_name = "FILE")]
    run_out: Option<PathBuf>,
    /// Articles ranked for each query
    #[arg(short = 'k', default_value_t = 100, value_name = "K")]
    depth: usize,
    /// How many of the worst queries to print
    #[arg(long, default_value_t = 10, value_name = "N")]
    worst: usize,
    /// Without translations and other forms
    #[arg(long)]
    no_expand: bool,
    /// Only articles in this language
    #[arg(long, value_parser = ["ko", "en"])]
    lang: Option<String>,
    /// Translations from these tables only: user, mined, aligned, core, sound
    #[arg(long, value_name = "TABLES", default_value = "user,mined,aligned,core,sound")]
    glossary: Sources,
    /// Rank by these kinds of evidence alone
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    evidence: Vec<Kind>,
    #[command(flatten)]
    index: IndexDir,
    #[command(flatten)]
    dict: DictionaryDir,
}

pub fn run(args: Args) -> Result<Outcome> {
    let queries = queries(&args.queries)?;
    let judged = args.qrels.as_deref().map(judgements).transpose()?;
    Jobs::default().take_part();
    let engine = engine(&args.index, &args.dict)?;
    let mut worker = engine.worker();
    let mut run = args
        .run_out
        .as_ref()
        .map(|path| File::create(path).map(BufWriter::new).with_context(|| path.display().to_string()))
        .transpose()?;
    let mut scored: Vec<(Figures, usize)> = Vec::with_capacity(queries.len());
    let request = |query: &str| Request {
        query: query.to_owned(),
        limit: args.depth,
        plain: true,
        no_expand: args.no_expand,
        glossary: args.glossary,
        lang: args.lang.as_deref().and_then(Lang::from_tag),
        evidence: args.evidence.clone(),
        ..Request::default()
    };
    for (number, query) in queries.iter().enumerate() {
        let ranked = engine.ranked_ids(&request(&query.text), &mut worker)?;
        if let Some(run) = &mut run {
            for (at, (id, score)) in ranked.iter().enumerate() {
                writeln!(
                    run,
                    "{} Q0 {} {} {:.6} search",
                    query.id,
                    id.replace(char::is_whitespace, "_"),
                    at + 1,
                    score
                )?;
            }
        }
        if let Some(judged) = &judged {
            let ids: Vec<String> = ranked.into_iter().map(|(id, _)| id).collect();
            let empty = Default::default();
            scored.push((score(&ids, judged.get(&query.id).unwrap_or(&empty)), number));
        }
    }
    if let Some(run) = &mut run {
        run.flush()?;
    }
    let mut out = BufWriter::new(io::stdout().lock());
    if judged.is_some() {
        let figures = mean(&scored.iter().map(|(figures, _)| *figures).collect::<Vec<_>>());
        writeln!(
            out,
            "queries {}  nDCG@10 {:.4}  MRR@10 {:.4}  Recall@100 {:.4}",
            queries.len(),
            figures.ndcg10,
            figures.mrr10,
            figures.recall100
        )?;
        scored.sort_by(|a, b| {
            a.0.ndcg10.total_cmp(&b.0.ndcg10).then(a.0.recall100.total_cmp(&b.0.recall100)).then(a.1.cmp(&b.1))
        });
        for (figures, number) in scored.iter().take(args.worst) {
            let query = &queries[*number];
            writeln!(
                out,
                "  {:.3}  {:.3}  {}  {}",
                figures.ndcg10,
                figures.recall100,
                one_line(&query.id),
                one_line(&query.text)
            )?;
        }
    } else {
        writeln!(out, "queries {}; give --qrels to score them", queries.len())?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
