//! Rules as bytes, so that a program carries its built-in rules parsed, checked and ready to run.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::alternatives::Alternatives;
use super::carried::{self, Carried, Stored};
use super::check::Check;
use super::rules::Rules;
use super::words::{ClassText, Words};

impl Rules {
    /// The rules for [`Rules::from_stored`] of the same version of this crate. Most examples in packs and the warnings of their
    /// reading are not stored.
    ///
    /// # Errors
    /// They were themselves read from what a program carries.
    pub fn to_stored(&self) -> Result<Stored<Vec<u8>, String>, postcard::Error> {
        carried::write(|| {
            Ok([postcard::to_allocvec(self)?, self.alternatives_to_bytes()?, postcard::to_allocvec(self.shared().classes())?])
        })
    }

    /// The alternatives of all that checks listen for.
    fn alternatives_to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        let said = self.checks.iter().flat_map(Check::utterances);
        let said = said.flat_map(|utterance| utterance.said.sayings().iter().chain(&utterance.except));
        Alternatives::to_bytes(said.chain(self.known.sayings()).cloned())
    }

    /// The rules that [`Rules::to_stored`] gave.
    ///
    /// # Errors
    /// They are not from there.
    pub fn from_stored(carried: &'static Carried) -> Result<Self, postcard::Error> {
        let mut rules: Self = carried.read(carried.stored().rules)?;
        rules.alternatives = Arc::new(Alternatives::carried(carried));
        rules.carried = Some(carried);
        Ok(rules)
    }

    /// The word classes that all packs share.
    pub(super) fn shared(&self) -> &Arc<Words> {
        self.shared.get_or_init(|| {
            let read = |carried: &'static Carried| carried.read(carried.stored().classes).ok();
            let classes: BTreeMap<String, ClassText> = self.carried.and_then(read).unwrap_or_default();
            Arc::new(Words::new(0, classes, None))
        })
    }
}
