//! Calls, chats and canned replies.

/// What a source holds, as far as its format tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    /// Spoken, then transcribed.
    Call,
    /// Written to each other.
    #[default]
    Chat,
    /// Canned replies.
    Replies,
}
