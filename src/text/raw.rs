//! Numbers stored as raw bytes: a run reads thousands of sets of characters, one by one they take ten times as long.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};

/// Reads so many bytes.
pub fn deserialize<'de, const N: usize, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; N], D::Error> {
    struct Raw<const N: usize>;

    impl<const N: usize> Visitor<'_> for Raw<N> {
        type Value = [u8; N];

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{N} bytes")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<[u8; N], E> {
            bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))
        }
    }

    deserializer.deserialize_bytes(Raw)
}
