//! Wire formats that several dialects share. All input from peers is bounded here.
//!
//! Start reading at [`xml::parse`] and [`xml::Writer`], then at [`soap::Message`]; or at [`frame::Reader`] and
//! [`frame::encode`].

pub mod frame;
pub mod soap;
pub mod xml;
