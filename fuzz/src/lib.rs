//! Fuzz targets for every decoder, every session and the core. Each is a function of bytes that must not panic.
//!
//! * Decoders read the bytes as they are: `fuzz/corpus/wire-xml/*` are XML documents.
//! * Sessions and the core read a [`script`] with one JSON value on each line. Each value is a message or time that passes.
//!
//! `make test` runs the corpus on the stable toolchain (`tests/replay.rs`). `scripts/fuzz TARGET SECONDS` runs libFuzzer with coverage. See
//! CONTRIBUTING.md.

mod core;
mod decode;
pub mod script;
mod sessions;

/// A fuzz target.
#[derive(Clone, Copy)]
pub struct Target {
    /// The name of the target and of its folder in the corpus.
    pub name: &'static str,
    /// The function that must not panic.
    pub run: fn(&[u8]),
    /// Whether it reads a [`script`].
    pub is_script: bool,
}

/// A name and a function that must not panic.
type Named = (&'static str, fn(&[u8]));

/// Returns all targets.
pub fn targets() -> Vec<Target> {
    let decoders = decode::TARGETS.iter().map(|(name, run)| Target { name, run: *run, is_script: false });
    let scripts = sessions::TARGETS.iter().chain(core::TARGETS);
    decoders.chain(scripts.map(|(name, run)| Target { name, run: *run, is_script: true })).collect()
}
