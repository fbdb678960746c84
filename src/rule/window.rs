//! Two adjacent characters as a number: by these windows literals are filed and looked for.

/// A character as half a window. 甚 counts as 什, which it is before 么: folding looks ahead, a window cannot.
#[inline]
pub fn unit(c: char) -> u16 {
    if c == '甚' { '什' as u16 } else { u16::try_from(c as u32).unwrap_or(u16::MAX) }
}

/// Two characters as a window; the first is 0 in that of a single character.
#[inline]
pub fn window(first: u16, second: u16) -> u32 {
    u32::from(first) << 16 | u32::from(second)
}

/// Whether a window is that of a single character.
#[inline]
pub fn is_single(window: u32) -> bool {
    window >> 16 == 0
}

/// A window's hash, of which the lower bits are well mixed.
#[inline]
pub fn hash(window: u32) -> usize {
    (window.wrapping_mul(0x9E37_79B1).rotate_left(11) ^ window.wrapping_mul(0x85EB_CA77)) as usize >> 8
}

/// The window of a text that ends at a byte.
pub fn window_before(text: &str, end: usize) -> u32 {
    let mut characters = text[..end].chars().rev().map(unit);
    let (last, first) = (characters.next().unwrap_or(0), characters.next().unwrap_or(0));
    window(first, last)
}
