//! The binary `search`: parse the arguments, run the command, print the chain of errors, exit.
fn main() {}
