//! An EBS client's listener. It has its own port and handles one post after the other.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{ActionError, http};
use crate::ebs::{Ebs, Post};

/// An EBS client whose listener is running.
pub(super) struct Listener {
    ebs: Arc<Mutex<Ebs>>,
}

impl Listener {
    /// Opens a listener at a free port.
    pub(super) fn open(teleset: &str, agent: &str) -> Result<Self, ActionError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
        let port = listener.local_addr().map_err(|error| error.to_string())?.port();
        let ebs = Arc::new(Mutex::new(Ebs::new(teleset, agent, port)));
        let client = Arc::clone(&ebs);
        // The thread ends with the process. Nothing joins it.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let served = http::serve(stream, |request| lock(&client).post(request));
                drop(served);
            }
        });
        Ok(Self { ebs })
    }

    /// Locks the client.
    pub(super) fn ebs(&self) -> MutexGuard<'_, Ebs> {
        lock(&self.ebs)
    }

    /// All posts so far.
    pub(super) fn posts(&self) -> Vec<Post> {
        self.ebs().posts.clone()
    }
}

fn lock(ebs: &Mutex<Ebs>) -> MutexGuard<'_, Ebs> {
    ebs.lock().unwrap_or_else(PoisonError::into_inner)
}
