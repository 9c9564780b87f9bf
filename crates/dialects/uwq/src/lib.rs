//! UWQ: Oracle E-Business Suite's "Basic Telephony", both ends.
//!
//! EBS sends *callouts*, each in the query of an HTTP GET. The softphone sends *events* as XML, in an HTTP POST to the listener that EBS named
//! in its `Register`. There are three events: `ScreenPop`, `CallEstablished` and `CallReleased`.
//!
//! * [`TelephonySession`]: Cordboard is the softphone and EBS clients are the peers. One session serves one listener with all registrations.
//! * [`DeskSession`]: Cordboard is EBS. The peer is a third-party softphone, which is a switch on the floor.
//!
//! `docs/uwq.md` explains how to connect the real product and what is supported. Each constant in [`wire::limits`] and each configuration key
//! says whether its value is documented or our choice.
//!
//! # States of a teleset at the telephony end
//!
//! The session keeps only `Registered` and `LoggedIn`. The core keeps whether the agent is ready or on a call.
//!
//! | state | Register | Login | Ready, NotReady | MakeCall | Logout | Unregister | CheckStatus |
//! |---|---|---|---|---|---|---|---|
//! | none | → Registered | NotRegistered | NotRegistered | NotRegistered | NotRegistered | ok | NotRegistered |
//! | Registered | replaced | → LoggedIn, or LoginFailed | NotLoggedIn | NotLoggedIn | ok | → none | ok |
//! | LoggedIn | replaced, kept¹ | as before, or LoginFailed | → core | → core | → Registered | sign-out, → none | ok |
//!
//! ¹ From the same machine and for the same agent; live calls are announced again. Otherwise the agent has to log in again.
//!
//! An agent who is signed out elsewhere is `Registered` again. A registration that is silent for too long is removed.
//!
//! # States of an agent at the desk end
//!
//! | the softphone has ╲ wanted | signed out | not ready | ready | on a call |
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
pub use desk::DeskSession;
pub use error::Error;
pub use telephony::TelephonySession;
