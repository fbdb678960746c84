//! The program: arguments in, exit status out.

mod cli;

use std::process::ExitCode;

use clap::Parser;

/// Turns come by the million, made by one thread and freed by another, which the allocator of the C library is slow at: with it a
/// run takes a fifth longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run(&cli::Arguments::parse())
}
