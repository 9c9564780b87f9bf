mod config;
mod error;
mod telephony;
pub mod wire;
pub use config::{ByteOrder, Credentials, DeskConfig, TelephonyConfig, WireConfig};
pub use error::Error;
pub use telephony::Telephony;
