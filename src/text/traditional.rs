//! Simplified to Traditional for wording that comes without a Traditional form.

use std::sync::OnceLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

/// `text` in Traditional characters as Taiwan writes them (為, 裡, 著), word choice unchanged.
///
/// For a user's pack only: converted words are sometimes not those that a person would choose, so the built-in
/// packs carry their Traditional wording. Where the converter cannot be loaded the text comes back as it is.
pub fn traditional(text: &str) -> String {
    static CONVERTER: OnceLock<Option<OpenCC>> = OnceLock::new();
    match CONVERTER.get_or_init(|| OpenCC::from_config(BuiltinConfig::S2tw).ok()) {
        Some(converter) => converter.convert(text),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_those_of_taiwan() {
        assert_eq!(traditional("请为我们里面等着"), "請為我們裡面等著");
    }
}
