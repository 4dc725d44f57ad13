//! The binary `search`: parse the arguments, run the command, print the chain of errors, exit.

use std::process::ExitCode;

use search::cli::{Cli, Outcome, run};

fn main() -> ExitCode {
    let cli = Cli::of_this_process();
    match run(cli) {
        Ok(outcome) => outcome.into(),
        Err(error) if is_broken_pipe(&error) => Outcome::Done.into(),
        Err(error) => {
            eprintln!("search: {}", search::present::clean::lines(&format!("{error:#}")));
            Outcome::Failed.into()
        }
    }
}

/// A reader that has seen enough (`| head`) is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
