//! Units as people write them: a sign, a word of either language, an abbreviation; one term for all of them.
//!
//! `3.1%`, `3.1퍼센트` and `3.1 percent` then give the same words in the same order, and so do `$5`, `5달러` and `5 dollars`.
//! What was printed is still there as the printed form. Words that mean other things as well (`pound`, `won`, 프로) stay words.

/// The one term of a unit, `None` for any other word. Takes a folded Latin word or a Korean noun.
pub fn unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "percent" | "pct" | "퍼센트" => "%",
        "dollar" | "dollars" | "dlr" | "dlrs" | "달러" => "$",
        "euro" | "euros" | "유로" => "€",
        "kilometer" | "kilometers" | "kilometre" | "kilometres" | "킬로미터" => "km",
        "kilogram" | "kilograms" | "킬로그램" => "kg",
        _ => return None,
    })
}

/// The sign that directly follows a number, as (term, bytes).
pub fn sign_after(rest: &str) -> Option<(&'static str, usize)> {
    [("%", "%"), ("％", "%")]
        .into_iter()
        .find(|(sign, _)| rest.starts_with(sign))
        .map(|(sign, term)| (term, sign.len()))
}

/// The sign that directly precedes a number, as (term, bytes).
pub fn sign_before(before: &str) -> Option<(&'static str, usize)> {
    let signs = [("$", "$"), ("＄", "$"), ("€", "€")];
    signs.into_iter().find(|(sign, _)| before.ends_with(sign)).map(|(sign, term)| (term, sign.len()))
}
