//! Settings in TOML files. Each section is declared once: the declaration gives the type, the reader, the defaults and the section's part of
//! the example file.
//!
//! A file is read key by key, so that one run reports all errors, each with its line. The crate is pure: the caller reads the files.
//! Start reading at [`section!`], then [`Reader`].

mod address;
mod example;
mod file;
mod given;
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
pub use given::Given;
pub use lines::Lines;
pub use problem::{Place, Problem, Problems, suggest};
pub use range::IpRange;
pub use reader::{Maybe, Reader};
pub use section::{Key, Section, Shown, key_name, parsed, toml_text};
pub use span::{Span, SpanError};

#[cfg(test)]
mod tests;
