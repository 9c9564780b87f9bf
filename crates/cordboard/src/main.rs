//! See the library.

/// A message is many short texts, made by one thread and freed by another: the C library's allocator takes a fifth of the time that one
/// costs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cordboard::main()
}
