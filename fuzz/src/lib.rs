//! Fuzz targets: every decoder, every session and the core, each a function of bytes that must not panic.
//!
//! * Decoders read their bytes as they are: `fuzz/corpus/wire-xml/*` are XML documents.
//! * Sessions and the core read a [`script`]: one JSON value for each line, each something that happens.
//!
//! `make test` replays the corpus on the stable toolchain (`tests/replay.rs`). `scripts/fuzz TARGET SECONDS` runs libFuzzer with coverage.
//! See CONTRIBUTING.md.

mod core;
mod decode;
pub mod script;
mod sessions;

/// Something to fuzz.
#[derive(Clone, Copy)]
pub struct Target {
    /// The name, and the folder of its corpus.
    pub name: &'static str,
    /// What must not panic.
    pub run: fn(&[u8]),
    /// Whether it reads a [`script`].
    pub is_script: bool,
}

/// What must not panic, under its name.
type Named = (&'static str, fn(&[u8]));

/// Every target.
pub fn targets() -> Vec<Target> {
    let decoders = decode::TARGETS.iter().map(|(name, run)| Target { name, run: *run, is_script: false });
    let scripts = sessions::TARGETS.iter().chain(core::TARGETS);
    decoders.chain(scripts.map(|(name, run)| Target { name, run: *run, is_script: true })).collect()
}
