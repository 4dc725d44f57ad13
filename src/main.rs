//! The binary `search`: parse the arguments, run the command, print the chain of errors, exit.

use std::io;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use search::cli::{Cli, Outcome, run};
use search::present::clean::{lines, one_line};

fn main() -> ExitCode {
    say_faults_in_one_line();
    let cli = Cli::of_this_process();
    match panic::catch_unwind(AssertUnwindSafe(|| run(cli))) {
        Ok(Ok(outcome)) => outcome.into(),
        Ok(Err(error)) if is_broken_pipe(&error) => Outcome::Done.into(),
        Ok(Err(error)) => {
            eprintln!("search: {}", lines(&format!("{error:#}")));
            Outcome::Failed.into()
        }
        // it was said where it happened
        Err(_) => Outcome::Failed.into(),
    }
}

/// A panic is said as errors are: what reads the files of an index trusts its bytes, so a damaged one may end anywhere. Where
/// several threads come upon it, the first one says so.
fn say_faults_in_one_line() {
    let in_full = panic::take_hook();
    let said = AtomicBool::new(false);
    panic::set_hook(Box::new(move |fault: &PanicHookInfo| {
        if said.swap(true, Ordering::Relaxed) {
            return;
        }
        let payload = fault.payload();
        let text = payload.downcast_ref::<&str>().copied().or(payload.downcast_ref::<String>().map(String::as_str));
        let what = one_line(text.unwrap_or("a fault"));
        let place = fault.location().map(|place| format!("{}:{}", end_of(place.file()), place.line()));
        let place = place.unwrap_or_default();
        eprintln!("search: {what} ({place}); where an index was read it may be damaged: run `search check` on it");
        if std::env::var_os("RUST_BACKTRACE").is_some() {
            in_full(fault);
        }
    }));
}

/// The last parts of a path to a source file.
fn end_of(file: &str) -> &str {
    file.rmatch_indices(['/', '\\']).nth(3).map_or(file, |(at, _)| &file[at + 1..])
}

/// A reader that has seen enough (`| head`) is no failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        // these two name what caused their cause, not the error itself
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        let csv = cause.downcast_ref::<csv::Error>().and_then(|error| match error.kind() {
            csv::ErrorKind::Io(error) => Some(error.kind()),
            _ => None,
        });
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind).or(json).or(csv);
        kind == Some(io::ErrorKind::BrokenPipe)
    })
}
