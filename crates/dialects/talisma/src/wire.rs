//! Messages and their bytes: the notification and its answer, with the vendor's names in WCF's format.

pub mod contract;
mod json;
pub mod limits;
mod members;
mod notification;
mod outcome;
mod status;
mod wsdl;
mod wsdl_reader;

pub use contract::Contract;
pub use json::json_string;
pub use notification::{Custom, Details, Notification, PayLoad, Property};
pub use outcome::Outcome;
pub use status::Status;
pub use wsdl::{Policies, wsdl};
pub use wsdl_reader::{ServiceInfo, WsdlReader};
