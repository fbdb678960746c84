//! Where characters begin.

/// The last byte up to `at` at which a character of a text begins, or where the text ends.
pub fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_is_cut() {
        assert_eq!([0, 1, 2, 3, 4, 9].map(|at| floor_boundary("您a", at)), [0, 0, 0, 3, 4, 4]);
    }
}
