//! Messages and their bytes: the notification and its answer, with the vendor's names in WCF's format.

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
pub use learn::{ServiceInfo, WsdlReader};
pub use notification::{Custom, Details, Notification, PayLoad, Property};
pub use outcome::Outcome;
pub use status::Status;
pub use wsdl::{Policies, wsdl};
