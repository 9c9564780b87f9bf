//! The `cordboard` program with the dialects of this workspace.

use std::process::ExitCode;

/// A message consists of many short texts that one thread allocates and another frees. With the allocator of the C library this takes a
/// fifth of the time that a message costs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cordboard::main(cordboard::DIALECTS)
}
