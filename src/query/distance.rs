//! How far apart two words are.

/// Letters to change, add or leave out (Levenshtein 1966); more than `most` is `most + 1`.
pub fn distance(a: &[char], b: &[char], most: usize) -> usize {
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, ch) in a.iter().enumerate() {
        let mut before = row[0];
        row[0] = at + 1;
        let mut least = row[0];
        for (to, other) in b.iter().enumerate() {
            let change = before + usize::from(ch != other);
            before = row[to + 1];
            row[to + 1] = change.min(before + 1).min(row[to] + 1);
            least = least.min(row[to + 1]);
        }
        if least > most {
            return most + 1;
        }
    }
    row[b.len()]
}
