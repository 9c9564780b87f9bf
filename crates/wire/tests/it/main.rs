//! All integration tests of this crate, in one program: it is linked once, and its tests run side by side.

mod frame;
mod soap;
mod xml;
