//! `search glossary`: the bilingual pairs, where they come from, and a user's own.

use std::io::{self, BufWriter, Write};

use anyhow::{Context, Result, bail};
use clap::Args as ClapArgs;

use super::Outcome;
use super::context::IndexDir;
use crate::engine::pairs::{PairOut, draw, illustrate, pairs};
use crate::glossary::user::pair_of;
use crate::glossary::{Glossary, USER_FILE, UserPairs};
use crate::present::clean::one_line;
use crate::present::render::style::{Color, Style, wrap};
use crate::store::reader::Reader;

#[derive(Debug, ClapArgs)]
#[command(before_help = "\
Examples:
  search glossary                        the pairs mined from the archive, most articles first
  search glossary CTBT                   what CTBT is called, and where that comes from
  search glossary --add 연준=Fed          a pair of your own; queries use it at once
  search glossary --remove 부탄=Putin
  search glossary --sample 50 --seed 7   mined pairs at random, each with where it was seen
  search glossary --export > pairs.tsv")]
pub struct Args {
    /// Only pairs with this in one of their forms; the core table is looked through as well
    #[arg(value_name = "TERM")]
    term: Option<String>,
    #[command(flatten)]
    index: IndexDir,
    /// Add a pair of your own, Korean and English on either side
    #[arg(long, value_name = "A=B")]
    add: Vec<String>,
    /// Never use this pair, wherever it comes from
    #[arg(long, value_name = "A=B")]
    remove: Vec<String>,
    /// All pairs as tab-separated values: Korean, English, origin, articles, first, last, how sure
    #[arg(long, conflicts_with_all = ["add", "remove"])]
    export: bool,
    /// Pairs to show
    #[arg(short = 'n', long = "limit", default_value_t = 20, value_name = "N")]
    limit: usize,
    /// This many mined pairs that queries use, drawn at random: read their examples to judge the table
    #[arg(long, value_name = "N", conflicts_with_all = ["add", "remove", "export"])]
    sample: Option<usize>,
    /// Where the drawing begins; the same seed draws the same pairs
    #[arg(long, value_name = "S", default_value_t = 1, requires = "sample")]
    seed: u64,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> Result<Outcome> {
    let reader = Reader::open_unchecked(&args.index.dir)?;
    if !args.add.is_empty() || !args.remove.is_empty() {
        return change(&args);
    }
    let glossary = Glossary::open(&args.index.dir, reader.stamp.manifest.as_deref())
        .with_context(|| args.index.dir.join(USER_FILE).display().to_string())?;
    let mut found = pairs(&glossary, args.term.as_deref());
    let mut out = BufWriter::new(io::stdout().lock());
    if args.export {
        found.iter().try_for_each(|pair| writeln!(out, "{}", tsv(pair)))?;
    } else {
        let total = found.len();
        if let Some(sample) = args.sample {
            found = draw(found, sample, args.seed);
        }
        found.truncate(args.sample.unwrap_or(args.limit));
        for pair in found.iter_mut().filter(|pair| pair.articles.is_some()) {
            illustrate(&reader, pair)?;
        }
        if args.json {
            serde_json::to_writer(&mut out, &found)?;
            writeln!(out)?;
        } else {
            found.iter().try_for_each(|pair| text(pair, &mut out))?;
            if total > found.len() && args.sample.is_none() {
                writeln!(out, "and {} more; -n {total} shows all", total - found.len())?;
            }
        }
    }
    out.flush()?;
    Ok(if found.is_empty() { Outcome::Nothing } else { Outcome::Done })
}

fn change(args: &Args) -> Result<Outcome> {
    let file = args.index.dir.join(USER_FILE);
    let mut user = UserPairs::read(&args.index.dir).with_context(|| file.display().to_string())?;
    let pair = |text: &str| match pair_of(text) {
        Some(pair) => Ok(pair),
        None => bail!("{text}: not a pair; write Korean=English, such as 연준=Fed"),
    };
    let added = args.add.iter().map(|text| pair(text)).collect::<Result<Vec<_>>>()?;
    let removed = args.remove.iter().map(|text| pair(text)).collect::<Result<Vec<_>>>()?;
    added.iter().for_each(|(korean, english)| user.add(korean, english));
    removed.iter().for_each(|(korean, english)| user.remove(korean, english));
    user.write().with_context(|| file.display().to_string())?;
    eprintln!("{}: {} added, {} removed", one_line(&file.display().to_string()), added.len(), removed.len());
    Ok(Outcome::Done)
}

fn text(pair: &PairOut, out: &mut impl Write) -> io::Result<()> {
    let head = format!("{} = {}", pair.korean.join(", "), pair.english.join(", "));
    let style = Style::for_stdout(Color::Never);
    let mut lines = |indent: &str, text: &str| {
        let wrapped = wrap(&one_line(text), &[], &style.narrower(indent.len()));
        wrapped.iter().try_for_each(|line| writeln!(out, "{indent}{line}"))
    };
    lines("", &head)?;
    let n = pair.articles.unwrap_or(0);
    let many = if n == 1 { "" } else { "s" };
    let origin = match pair.origin {
        "mined" => format!("glossed in {n} article{many}"),
        "aligned" => format!("used alike in {n} pair{many} of articles on the same event"),
        "sound" => format!("sounds alike in {n} pair{many} of articles on the same event"),
        "user" => "your own".to_owned(),
        _ => "from the core table".to_owned(),
    };
    let dates = match (&pair.first, &pair.last) {
        (Some(first), Some(last)) if first != last => format!(", {first} to {last}"),
        (Some(first), _) => format!(", {first}"),
        _ => String::new(),
    };
    let sure = pair.sure.map_or(String::new(), |sure| format!(", {sure} % sure"));
    let unused = if pair.used { "" } else { ": not sure enough to be used" };
    lines("    ", &format!("{origin}{dates}{sure}{unused}"))?;
    for example in pair.example.iter().chain(&pair.counterpart) {
        lines("    ", &format!("{}: … {} …", example.id, example.text))?;
    }
    Ok(())
}

fn tsv(pair: &PairOut) -> String {
    let number = |n: Option<u64>| n.map_or(String::new(), |n| n.to_string());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        pair.korean.join("|"),
        pair.english.join("|"),
        pair.origin.to_owned(),
        number(pair.articles),
        text(&pair.first),
        text(&pair.last),
        number(pair.sure.map(u64::from)),
    ]
    .join("\t")
}
