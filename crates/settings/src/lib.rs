//! Settings: files of TOML whose sections are declared once. From one declaration come the type, the reader, the default values
//! and the part of the example file.
//!
//! A file is read key by key, so that every error is reported at once, with its line. The crate is pure: the caller reads the files.
//! Start reading at [`section!`], then [`Reader`].

mod address;
mod example;
mod file;
mod lines;
mod problem;
mod range;
mod reader;
mod section;
mod span;
mod tree;

pub use address::{Address, Origin};
pub use example::example;
pub use file::{File, Source};
pub use lines::Lines;
pub use problem::{Place, Problem, Problems, suggest};
pub use range::IpRange;
pub use reader::{Maybe, Reader};
pub use section::{Key, Section, Shown, key_name, parsed, toml_text};
pub use span::{Span, SpanError};

#[cfg(test)]
mod tests;
