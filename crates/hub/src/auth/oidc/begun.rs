//! Sign-ins that a page has begun and not completed. Anyone can begin one, so their number is limited.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::Secret;
use ring::digest::{SHA256, digest};

use crate::{
    auth::{
        fingerprints::{Fingerprint, fingerprint},
        network,
    },
    node::ids::random,
};

/// How long a person has to sign in at the provider. Our choice: enough for a second factor and a new password.
pub(super) const LIFE: Duration = Duration::from_secs(10 * 60);

/// How many sign-ins can be open at the same time. One more replaces the oldest of the address with the most. Our choice: several times the
/// agents of a floor who start a shift together.
const OPEN_MAX: usize = 4_096;

/// How many random bytes a value has: 43 characters, the least for a verifier (RFC 7636, 4.1).
const RANDOM_BYTES: usize = 32;

/// The secrets of one sign-in that the hub keeps.
pub(super) struct BegunSignIn {
    /// Returned by the provider, so that an answer belongs to this sign-in (RFC 6749, 10.12).
    pub(super) state: String,
    /// Returned in the ID token, so that the token belongs to this sign-in (OpenID Connect Core, 3.1.2.1).
    pub(super) nonce: String,
    /// Proves to the provider that the code was requested here (RFC 7636).
    pub(super) verifier: Secret,
}

/// All sign-ins that are open.
#[derive(Default)]
pub(super) struct BegunSignIns {
    open: Mutex<VecDeque<OpenSignIn>>,
}

struct OpenSignIn {
    ticket: Fingerprint,
    from: IpAddr,
    since: Instant,
    begun: BegunSignIn,
}

/// What the page and the provider get at the beginning.
pub(super) struct Opened {
    /// The page shows it again when it completes the sign-in. Nobody else gets it.
    pub(super) ticket: Secret,
    pub(super) state: String,
    pub(super) nonce: String,
    /// The SHA-256 of the verifier.
    pub(super) challenge: String,
}

impl BegunSignIns {
    pub(super) fn begin(&self, from: IpAddr, now: Instant) -> Opened {
        let [ticket, state, nonce, verifier] = std::array::from_fn(|_| random_text());
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let opened =
            Opened { ticket: Secret::new(&ticket), state: state.clone(), nonce: nonce.clone(), challenge };
        let begun = BegunSignIn { state, nonce, verifier: Secret::new(verifier) };
        let mut open = self.lock();
        remove_expired(&mut open, now);
        if open.len() >= OPEN_MAX {
            evict(&mut open);
        }
        let ticket = fingerprint(&[ticket.as_bytes()]);
        open.push_back(OpenSignIn { ticket, from: network(from), since: now, begun });
        opened
    }

    /// Removes and returns a sign-in; `None` if it was taken before, has expired or never existed. So each sign-in has one attempt.
    pub(super) fn take(&self, ticket: &Secret, now: Instant) -> Option<BegunSignIn> {
        let ticket = fingerprint(&[ticket.reveal().as_bytes()]);
        let mut open = self.lock();
        remove_expired(&mut open, now);
        let at = open.iter().position(|sign_in| sign_in.ticket == ticket)?;
        open.remove(at).map(|sign_in| sign_in.begun)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<OpenSignIn>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes expired sign-ins. The oldest are first.
fn remove_expired(open: &mut VecDeque<OpenSignIn>, now: Instant) {
    while open.front().is_some_and(|oldest| now.saturating_duration_since(oldest.since) >= LIFE) {
        open.pop_front();
    }
}

/// Removes the oldest sign-in of the address with the most.
fn evict(open: &mut VecDeque<OpenSignIn>) {
    let mut counts: HashMap<IpAddr, usize> = HashMap::new();
    open.iter().for_each(|sign_in| *counts.entry(sign_in.from).or_default() += 1);
    let crowd = counts.into_iter().max_by_key(|(_, count)| *count).map(|(from, _)| from);
    if let Some(at) = open.iter().position(|sign_in| Some(sign_in.from) == crowd) {
        open.remove(at);
    }
}

fn random_text() -> String {
    let mut bytes = [0; RANDOM_BYTES];
    random(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(host: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, host])
    }

    #[test]
    fn a_sign_in_is_completed_once_and_in_time() {
        let (begun, now) = (BegunSignIns::default(), Instant::now());
        let (one, other) = (begun.begin(from(1), now), begun.begin(from(1), now));
        assert_ne!(one.state, other.state);
        let taken = begun.take(&one.ticket, now + LIFE / 2).unwrap();
        assert_eq!((&taken.state, &taken.nonce), (&one.state, &one.nonce));
        assert!(begun.take(&one.ticket, now).is_none(), "it was taken");
        assert!(begun.take(&Secret::new(&one.state), now).is_none());
        assert!(begun.take(&other.ticket, now + LIFE).is_none(), "it has expired");
    }

    #[test]
    fn the_challenge_belongs_to_the_verifier() {
        let (begun, now) = (BegunSignIns::default(), Instant::now());
        let opened = begun.begin(from(1), now);
        let verifier = begun.take(&opened.ticket, now).unwrap().verifier;
        assert_eq!(verifier.reveal().len(), 43);
        assert_eq!(opened.challenge, URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.reveal().as_bytes())));
    }

    #[test]
    fn a_flood_from_one_address_ends_only_its_own_sign_ins() {
        let (begun, now) = (BegunSignIns::default(), Instant::now());
        let other = begun.begin(from(2), now);
        let first = begun.begin(from(1), now);
        (0..2 * OPEN_MAX).for_each(|_| drop(begun.begin(from(1), now)));
        assert_eq!(begun.lock().len(), OPEN_MAX);
        assert!(begun.take(&first.ticket, now).is_none());
        assert!(begun.take(&other.ticket, now).is_some());
    }
}
