//! Measuring ranking: judgements in, figures out, in the forms the field uses (TREC runs and qrels).

pub mod judgements;
pub mod metrics;
