//! Words that begin with a minus sign, told apart from flags.
//!
//! `search query 북한 -일본 -n 5` excludes 일본 and shows five hits. Flags of one letter stand alone or carry a number
//! (`-n5`) or an equals sign (`-i=DIR`); every longer argument behind one minus is a word.

use std::ffi::OsString;

/// The commands that take words.
const COMMANDS: [&str; 4] = ["query", "analyze", "suggest", "export"];

/// The arguments with such words moved behind `--`, where the parser takes them as they are.
pub fn set_apart(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    let takes_words =
        args.get(1).and_then(|command| command.to_str()).is_some_and(|command| COMMANDS.contains(&command));
    if !takes_words {
        return args;
    }
    join_numbers(&mut args);
    if args.iter().any(|arg| arg == "--") {
        return args;
    }
    let words: Vec<OsString> = args.extract_if(2.., |arg| arg.to_str().is_some_and(is_word)).collect();
    if !words.is_empty() {
        args.push("--".into());
        args.extend(words);
    }
    args
}

/// `--keywords 5` as one argument: a flag that may go without its number takes none but with an equals sign, for else it
/// would take the word behind it.
fn join_numbers(args: &mut Vec<OsString>) {
    let is_number =
        |arg: &OsString| arg.to_str().is_some_and(|arg| !arg.is_empty() && arg.bytes().all(|b| b.is_ascii_digit()));
    let flags = args.iter().take_while(|arg| *arg != "--");
    let Some(at) = flags.enumerate().find_map(|(at, arg)| (arg == "--keywords").then_some(at)) else { return };
    if args.get(at + 1).is_some_and(is_number) {
        let number = args.remove(at + 1);
        args[at].push("=");
        args[at].push(number);
    }
}

fn is_word(arg: &str) -> bool {
    let Some(rest) = arg.strip_prefix('-') else { return false };
    let mut chars = rest.chars();
    let (Some(first), Some(second)) = (chars.next(), chars.next()) else {
        return !rest.is_ascii();
    };
    let attached = first == 'i' && matches!(second, '/' | '.' | '~');
    let flag = first == '-'
        || second == '='
        || attached
        || (first.is_ascii_alphabetic() && rest[1..].bytes().all(|b| b.is_ascii_digit()));
    !flag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_behind_the_flags() {
        let rows = [
            ("query 북한 -일본 -n 5", "query 북한 -n 5 -- -일본"),
            ("query CTBT -nato -n5 -i=x", "query CTBT -n5 -i=x -- -nato"),
            ("query -북 --explain", "query --explain -- -북"),
            ("query 북한 -n 5 -i dir", "query 북한 -n 5 -i dir"),
            ("query 북한 -i/tmp/x", "query 북한 -i/tmp/x"),
            ("query 북한 --keywords 5 -n 2", "query 북한 --keywords=5 -n 2"),
            ("query --keywords 5 -- -n", "query --keywords=5 -- -n"),
            ("query -- --keywords 5", "query -- --keywords 5"),
            ("query --keywords 북한", "query --keywords 북한"),
            ("query 북한 --keywords", "query 북한 --keywords"),
            ("query - a", "query - a"),
            ("query -- -n", "query -- -n"),
            ("index corpus -x2 -abc", "index corpus -x2 -abc"),
        ];
        for (typed, parsed) in rows {
            let args =
                |text: &str| std::iter::once("search").chain(text.split(' ')).map(OsString::from).collect::<Vec<_>>();
            assert_eq!(set_apart(args(typed)), args(parsed), "{typed}");
        }
    }
}
