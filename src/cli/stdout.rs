//! Standard output, which its reader may close before all is said (`| head`).

use std::io::{self, Write};

/// What a run does when nobody reads its standard output any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WhenClosed {
    /// It ends: there is nothing left to do.
    End,
    /// It goes on without, for it writes files as well.
    GoOn,
}

/// A way out that may be closed at the other end.
#[derive(Debug)]
pub(super) struct Pipe<W> {
    out: W,
    when_closed: WhenClosed,
    is_closed: bool,
}

impl<W: Write> Pipe<W> {
    pub(super) fn new(out: W, when_closed: WhenClosed) -> Self {
        Self { out, when_closed, is_closed: false }
    }

    fn heed<T>(&mut self, outcome: io::Result<T>, otherwise: T) -> io::Result<T> {
        match outcome {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe && self.when_closed == WhenClosed::GoOn => {
                self.is_closed = true;
                Ok(otherwise)
            }
            outcome => outcome,
        }
    }
}

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_closed {
            return Ok(bytes.len());
        }
        let written = self.out.write(bytes);
        self.heed(written, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let flushed = self.out.flush();
        self.heed(flushed, ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes a few bytes, and then nobody reads.
    struct Head(usize);

    impl Write for Head {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }

    #[test]
    fn a_closed_pipe_ends_only_what_has_nothing_else_to_do() {
        let mut ending = Pipe::new(Head(2), WhenClosed::End);
        assert!(ending.write_all(b"ab").is_ok());
        assert!(ending.write_all(b"c").is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe));
        let mut going_on = Pipe::new(Head(2), WhenClosed::GoOn);
        assert!(going_on.write_all(b"abc").is_ok() && going_on.write_all(b"d").is_ok() && going_on.flush().is_ok());
    }
}
