//! The `cordboard` program with the dialects of this workspace.

use std::process::ExitCode;

/// A message is many short texts, made by one thread and freed by another: the C library's allocator takes a fifth of the time that one
/// costs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cordboard::main(cordboard::DIALECTS)
}
