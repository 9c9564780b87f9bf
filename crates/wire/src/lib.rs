//! What dialects share on the wire: bounded XML.
