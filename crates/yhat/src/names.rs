//! Names: which of the known ones a misspelt one is nearest to.

/// The known name with the fewest single-letter edits and swaps to `name` (case does not count), if they are few.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let plain = |s: &str| s.to_lowercase().replace(['_', '-', ' '], "");
    let wanted = plain(name);
    known
        .iter()
        .map(|k| (strsim::osa_distance(&wanted, &plain(k)), *k))
        .min()
        .filter(|(d, k)| *d <= 1 + k.len() / 4)
        .map(|(_, k)| k)
}
