//! Typed messages and bytes: the notification and its answer, as the help article names them and WCF would write them.

pub mod contract;
mod json;
mod learn;
pub mod limits;
mod members;
mod notification;
mod outcome;
mod status;
mod wsdl;

pub use contract::Contract;
pub use json::json_string;
pub use learn::{Learned, Survey};
pub use notification::{Custom, Details, Notification, PayLoad, Property};
pub use outcome::Outcome;
pub use status::Status;
pub use wsdl::{Policies, wsdl};
