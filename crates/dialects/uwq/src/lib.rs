//! UWQ: Oracle E-Business Suite's "Basic Telephony", both ends of it.
//!
//! EBS asks by *callouts*, the query of an HTTP GET; the softphone tells by *events*, XML in an HTTP POST to the listener that EBS named in
//! its `Register`. Three events there are: `ScreenPop`, `CallEstablished`, `CallReleased`.
//!
//! * [`Telephony`]: we are the softphone, EBS clients are our peers. One session serves one listener with all registrations.
//! * [`Desk`]: we are EBS, a third party's softphone is our peer and a switch of the hub's.
//!
//! How to connect the real product, what is supported and what is not: `docs/uwq.md`. What is known of the protocol and what is a
//! proposal of ours stands at each constant in [`wire::limits`] and at each key of the configuration.
//!
//! # States of a teleset at the telephony end
//!
//! The session knows two of them, `Registered` and `LoggedIn`; whether the agent is ready or on a call the core knows.
//!
//! | state | Register | Login | Ready, NotReady | MakeCall | Logout | Unregister | CheckStatus |
//! |---|---|---|---|---|---|---|---|
//! | none | → Registered | NotRegistered | NotRegistered | NotRegistered | NotRegistered | ok | NotRegistered |
//! | Registered | replaced | → LoggedIn, or LoginFailed | NotLoggedIn | NotLoggedIn | ok | → none | ok |
//! | LoggedIn | replaced, kept¹ | as before, or LoginFailed | → core | → core | → Registered | sign-out, → none | ok |
//!
//! ¹ From the same machine and for the same agent; live calls are announced again. Otherwise the agent has to log in again.
//!
//! The agent is `Registered` too when somebody else signed the agent out. A registration that is silent for long is dropped.
//!
//! # What an agent is at the desk end
//!
//! | the softphone was told ╲ wanted | out | not ready | ready | as it is (a call) |
//! |---|---|---|---|---|
//! | nothing | | Register | Register | Register |
//! | registered | Unregister | Login | Login | Login |
//! | not ready | Logout | | Ready | |
//! | ready | Logout | NotReady | | |

mod config;
mod desk;
mod error;
mod telephony;
pub mod wire;

pub use config::{
    AniFormat, Credentials, DIALECT, DeskConfig, Dnis, Mapping, PORT, PopOn, SuccessBody, TelephonyConfig,
};
pub use desk::Desk;
pub use error::Error;
pub use telephony::Telephony;
