//! The part of the handle for second factors.

use std::net::SocketAddr;

use model::{AccountName, Code, Rejection, Secret};
use serde_json::json;
use session::Login;
use store::{Actor, AuditAction, AuditEvent, Credential, SecondFactor};

use super::handle::Handle;
use crate::auth::Enrollment;

/// What proves that a change of a second factor comes from the person whose account it is.
#[derive(Debug)]
pub struct Proof {
    /// The password, to enroll.
    pub password: Option<Secret>,
    /// A code of the factor, to remove it.
    pub code: Option<Secret>,
    /// The address of the client.
    pub from: SocketAddr,
}

impl Handle {
    /// Makes a second factor for an account. It counts after [`Handle::confirm_second_factor`]. The account itself must send its password; an
    /// operator on the machine of the node need not.
    pub async fn enroll_second_factor(
        &self,
        actor: Actor,
        account: AccountName,
        proof: Proof,
    ) -> Result<Enrollment, Rejection> {
        let login = Login::Account(account.clone());
        if self.auth.named(&login).is_none() {
            return Err(Rejection::new(Code::NotFound, format!("there is no account {account}")));
        }
        if !is_operator(&actor) {
            expect_own(&actor, &account)?;
            let missing =
                || Rejection::new(Code::Invalid, "password is missing; send the one of the account");
            let password = proof.password.ok_or_else(missing)?;
            self.auth.check_password(&login, &password, proof.from).await?;
        }
        let _turn = self.shared.floors.lock().await;
        let (factor, enrollment) = self.auth.second_factors().enroll(&account, self.now())?;
        let event = self.factor_event(actor, &account, "enrolled");
        self.keep_factor(event, account, Some(factor)).await?;
        Ok(enrollment)
    }

    /// Confirms a second factor with its first code. Returns the recovery codes, which cannot be read again.
    pub async fn confirm_second_factor(
        &self,
        actor: Actor,
        account: AccountName,
        code: &Secret,
    ) -> Result<Vec<Secret>, Rejection> {
        expect_own_or_operator(&actor, &account)?;
        let _turn = self.shared.floors.lock().await;
        let (factor, codes) = self.auth.second_factors().confirm(&account, code, self.now())?;
        let event = self.factor_event(actor, &account, "confirmed");
        self.keep_factor(event, account, Some(factor)).await?;
        Ok(codes)
    }

    /// Removes a second factor. The account itself must send a code; an operator on the machine of the node need not.
    pub async fn remove_second_factor(
        &self,
        actor: Actor,
        account: AccountName,
        proof: Proof,
    ) -> Result<(), Rejection> {
        let _turn = self.shared.floors.lock().await;
        if is_operator(&actor) {
            self.auth.second_factors().expect(&account)?;
        } else {
            expect_own(&actor, &account)?;
            let missing = || Rejection::new(Code::SecondFactorRequired, "send a code of the second factor");
            let code = proof.code.ok_or_else(missing)?;
            self.auth.second_factors().check_own(&account, &code, self.now())?;
        }
        let event = self.factor_event(actor, &account, "removed");
        self.keep_factor(event, account, None).await
    }

    /// All second factors, by account.
    pub async fn second_factors(&self) -> Result<Vec<SecondFactor>, Rejection> {
        self.read(|reader| reader.second_factors()).await
    }

    fn factor_event(&self, actor: Actor, account: &AccountName, what: &str) -> AuditEvent {
        let detail = json!({ "change": what });
        self.event(actor, AuditAction::SecondFactorChanged, account.to_string(), detail)
    }

    /// Stores the factor of an account, or deletes it, after its entry in the audit trail.
    async fn keep_factor(
        &self,
        event: AuditEvent,
        account: AccountName,
        factor: Option<SecondFactor>,
    ) -> Result<(), Rejection> {
        let (kept, gone) = (factor.clone(), account.clone());
        self.write_audited(event, move |writer| match &kept {
            Some(factor) => writer.put_second_factor(factor),
            None => writer.remove_second_factor(&gone),
        })
        .await?;
        self.auth.second_factors().put(&account, factor);
        Ok(())
    }
}

/// Whether the actor is a command of the operating system user of the node.
fn is_operator(actor: &Actor) -> bool {
    actor.credential == Credential::Local
}

fn expect_own_or_operator(actor: &Actor, account: &AccountName) -> Result<(), Rejection> {
    if is_operator(actor) { Ok(()) } else { expect_own(actor, account) }
}

fn expect_own(actor: &Actor, account: &AccountName) -> Result<(), Rejection> {
    if actor.account.as_ref() == Some(account) {
        return Ok(());
    }
    let text = format!(
        "only account {account} itself, or an operator on the machine of the node, changes its second factor"
    );
    Err(Rejection::new(Code::Forbidden, text))
}
