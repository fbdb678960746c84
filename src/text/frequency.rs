//! How often characters stand in what customers and agents say: rare ones tell more.

/// The most frequent characters of service talk, the most frequent first. The order matters, not the exact rank.
const FREQUENT: &str = "\
的您有是我单以可请还数字了好问呢吗订这到帮么谢哦下亲个一不在要没为时什号他其商货发后点题能品询天送等理给客边妹小你快电处\
看东查京会价就对需退解系收服们人支务爱联开额间票子上提金申话那机地持稍接都再家日用改期前款信心保咨址祝现已感名取站手换嗯\
新来生之买或户姓通修吧活成哈多烦决也击经愉怎核正配果麻意售过气回行作供待见很出工件想说物如打方应哒中知明消息候预实评苦链\
辛今码安啊和该员审达付情内购示自卡确具完面做装交递显流无只样里更两直动次费质选高计太定助专账进兴哪大编法重刚啦注放耐包邮";

/// The share of a folded character among the characters of service talk, roughly.
///
/// Frequencies fall with the rank, as they do in every language; a character beyond the list is rare.
pub fn frequency(c: char) -> f64 {
    use std::sync::LazyLock;

    /// The character with the number 0.
    const FIRST: usize = 0x4E00;
    /// By the number of a character, which share it has; 0 where the list does not hold it.
    static SHARES: LazyLock<Vec<f32>> = LazyLock::new(|| {
        let mut shares = vec![0.0; 0x5200];
        // Of a character that stands there twice the last rank counts.
        for (rank, c) in FREQUENT.chars().enumerate() {
            if let Some(share) = (c as usize).checked_sub(FIRST).and_then(|number| shares.get_mut(number)) {
                *share = 0.03 / (1.0 + rank as f32 / 5.0);
            }
        }
        shares
    });
    match (c as usize).checked_sub(FIRST).and_then(|number| SHARES.get(number)) {
        Some(&share) if share > 0.0 => share.into(),
        _ if c.is_ascii_digit() => 0.002,
        _ => 0.0001,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_frequent() {
        assert!(frequency('您') > frequency('退'));
        assert!(frequency('退') > frequency('抠'));
        let all: f64 = FREQUENT.chars().map(frequency).sum();
        assert!((0.3..1.0).contains(&all), "{all}");
    }
}
