//! Sets of bits stored as raw bytes: a run reads thousands of them, number by number they take ten times as long.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde::ser::Serializer;

/// Bytes of a number.
const SIZE: usize = 16;

/// Writes numbers, the lowest byte first.
pub fn serialize<const N: usize, S: Serializer>(numbers: &[u128; N], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(numbers.map(u128::to_le_bytes).as_flattened())
}

/// Reads so many numbers.
pub fn deserialize<'de, const N: usize, D: Deserializer<'de>>(deserializer: D) -> Result<[u128; N], D::Error> {
    struct Raw<const N: usize>;

    impl<const N: usize> Visitor<'_> for Raw<N> {
        type Value = [u128; N];

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} bytes", N * SIZE)
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<[u128; N], E> {
            let (numbers, rest): (&[[u8; SIZE]], _) = bytes.as_chunks();
            let numbers: Option<&[[u8; SIZE]; N]> = numbers.try_into().ok().filter(|_| rest.is_empty());
            numbers.map(|numbers| numbers.map(u128::from_le_bytes)).ok_or_else(|| E::invalid_length(bytes.len(), &self))
        }
    }

    deserializer.deserialize_bytes(Raw)
}
