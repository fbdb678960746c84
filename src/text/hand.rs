//! How somebody writes: what a rewrite takes from the texts around it, where its own text does not tell.

use super::marks::Marks;
use super::script::{Script, ScriptCount};

/// The script and the marks that texts are written with; none where they do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hand {
    /// The script.
    pub script: Option<Script>,
    /// The kind of marks that prevails.
    pub marks: Option<Marks>,
}

impl Hand {
    /// That of texts.
    pub fn of<T: AsRef<str>>(texts: &[T]) -> Self {
        let mut script = ScriptCount::default();
        texts.iter().for_each(|text| script.add(text.as_ref()));
        Self { script: script.told(), marks: Marks::of(texts.iter().map(AsRef::as_ref)) }
    }

    /// The same with full-width marks where none prevail: so Chinese is printed.
    pub fn with_marks(self) -> Self {
        Self { marks: self.marks.or(Some(Marks::Full)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_texts_do_not_tell_is_unknown() {
        let hand = |text: &str| Hand::of(&[text]);
        assert_eq!(hand("你等等"), Hand::default());
        assert_eq!(hand("這裡,"), Hand { script: Some(Script::Traditional), marks: Some(Marks::Half) });
        assert_eq!(hand("这里"), Hand { script: Some(Script::Simplified), marks: None });
        assert_eq!(hand("你等等").with_marks().marks, Some(Marks::Full));
    }
}
