//! Whether exceptions leave anything of a pattern: one that takes out every match is a slip that no run would tell.

use std::sync::Arc;

use super::literal::exact;
use super::pattern::{Node, Pattern};

/// The exception that takes out every match of a pattern, where one does.
pub(super) fn by<'e>(node: &Node, exceptions: &'e [Arc<Pattern>]) -> Option<&'e Pattern> {
    let takes_all = |exception: &&Arc<Pattern>| {
        exception.node().is_some_and(|other| other == node || words(other).is_some_and(|words| writes_one(node, &words)))
    };
    exceptions.iter().find(takes_all).map(|exception| &**exception)
}

/// All words that an exception is, where it is made of nothing else: wherever one stands, it is said.
fn words(exception: &Node) -> Option<Vec<String>> {
    let is_bound = |node: &Node| match node {
        Node::ClauseStart | Node::TurnStart => true,
        Node::Class(class) => !class.except.is_empty(),
        _ => false,
    };
    exact(exception).filter(|words| !words.is_empty() && !exception.any(&is_bound))
}

/// Whether every match of a pattern writes one of these words.
fn writes_one(node: &Node, words: &[String]) -> bool {
    let holds_one = |text: &String| words.iter().any(|word| text.contains(word.as_str()));
    if exact(node).is_some_and(|texts| !texts.is_empty() && texts.iter().all(holds_one)) {
        return true;
    }
    match node {
        Node::Sequence(parts) => parts.iter().any(|part| writes_one(part, words)),
        Node::Choice(options) => options.iter().all(|option| writes_one(option, words)),
        Node::Tagged(inner, _) => writes_one(inner, words),
        Node::Class(class) => writes_one(&class.any, words),
        _ => false,
    }
}
