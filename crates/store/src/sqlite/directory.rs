//! The floor, accounts, tokens and contacts.

use model::{AccountName, Contact, Country, Floor, Number, Timestamp};
use numbers::ComparableNumber;
use rusqlite::{Connection, Row, params};

use super::{
    audit,
    column::{Text, all, first, from_json, int, limit, to_json, unsigned},
};
use crate::{
    Account, ApiToken, CANDIDATES_MAX, DirectoryChange, Error, LIMIT_MAX, Result, SecondFactor, Token,
    matching::{Search, folded, reversed},
};

/// Applies a change of the floor, accounts and contacts.
pub(super) fn change(connection: &Connection, change: &DirectoryChange) -> Result<()> {
    audit::append(connection, &change.audit)?;
    put_floor(connection, &change.floor)?;
    change.accounts.iter().try_for_each(|accounts| put_accounts(connection, accounts))?;
    change.contacts.iter().try_for_each(|contact| put_contact(connection, contact))
}

pub(super) fn put_floor(connection: &Connection, floor: &Floor) -> Result<()> {
    let insert = "INSERT OR REPLACE INTO floor (one, body) VALUES (1, ?)";
    connection.execute(insert, [Text(&to_json(floor)?)])?;
    Ok(())
}

pub(super) fn floor(connection: &Connection) -> Result<Option<Floor>> {
    let mut select = connection.prepare_cached("SELECT body FROM floor")?;
    first(select.query([])?, |row| from_json(row, 0, "the floor"))
}

pub(super) fn put_accounts(connection: &Connection, accounts: &[Account]) -> Result<()> {
    connection.execute("DELETE FROM accounts", [])?;
    let mut insert =
        connection.prepare_cached("INSERT OR REPLACE INTO accounts (name, body) VALUES (?, ?)")?;
    for account in accounts {
        insert.execute(params![account.name.as_str(), Text(&to_json(account)?)])?;
    }
    Ok(())
}

pub(super) fn accounts(connection: &Connection) -> Result<Vec<Account>> {
    let mut select = connection.prepare_cached("SELECT body FROM accounts ORDER BY name")?;
    all(select.query([])?, |row| from_json(row, 0, "an account"))
}

pub(super) fn put_token(connection: &Connection, token: &Token, now: Timestamp) -> Result<()> {
    connection.prepare_cached("DELETE FROM tokens WHERE until < ?")?.execute([int(now.0)])?;
    let mut insert = connection.prepare_cached("INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?, ?)")?;
    let Token { fingerprint, account, account_fingerprint, until, origin } = token;
    let (account, until, origin) = (account.as_str(), int(until.0), to_json(origin)?);
    insert.execute(params![fingerprint, account, account_fingerprint, until, Text(&origin)])?;
    Ok(())
}

pub(super) fn remove_token(connection: &Connection, fingerprint: &[u8; 32]) -> Result<()> {
    connection.prepare_cached("DELETE FROM tokens WHERE fingerprint = ?")?.execute([fingerprint])?;
    Ok(())
}

pub(super) fn tokens(connection: &Connection) -> Result<Vec<Token>> {
    let mut select = connection.prepare_cached(
        "SELECT fingerprint, account, account_fingerprint, until, detail FROM tokens ORDER BY until, fingerprint",
    )?;
    all(select.query([])?, token)
}

fn token(row: &Row<'_>) -> Result<Token> {
    let damaged = |error| Error::Corrupt(format!("the account of a token: {error}"));
    let account = AccountName::new(row.get::<_, String>(1)?).map_err(damaged)?;
    Ok(Token {
        fingerprint: row.get(0)?,
        account,
        account_fingerprint: row.get(2)?,
        until: Timestamp(unsigned(row, 3)?),
        origin: from_json(row, 4, "the origin of a token")?,
    })
}

pub(super) fn put_api_token(connection: &Connection, token: &ApiToken) -> Result<()> {
    let mut insert =
        connection.prepare_cached("INSERT OR REPLACE INTO api_tokens (name, body) VALUES (?, ?)")?;
    insert.execute(params![token.name.as_str(), Text(&to_json(token)?)])?;
    Ok(())
}

pub(super) fn remove_api_token(connection: &Connection, name: &AccountName) -> Result<()> {
    connection.prepare_cached("DELETE FROM api_tokens WHERE name = ?")?.execute([name.as_str()])?;
    Ok(())
}

pub(super) fn api_tokens(connection: &Connection) -> Result<Vec<ApiToken>> {
    let mut select = connection.prepare_cached("SELECT body FROM api_tokens ORDER BY name")?;
    all(select.query([])?, |row| from_json(row, 0, "an API token"))
}

pub(super) fn put_second_factor(connection: &Connection, factor: &SecondFactor) -> Result<()> {
    let mut insert =
        connection.prepare_cached("INSERT OR REPLACE INTO second_factors (account, body) VALUES (?, ?)")?;
    insert.execute(params![factor.account.as_str(), Text(&to_json(factor)?)])?;
    Ok(())
}

pub(super) fn remove_second_factor(connection: &Connection, account: &AccountName) -> Result<()> {
    let mut delete = connection.prepare_cached("DELETE FROM second_factors WHERE account = ?")?;
    delete.execute([account.as_str()])?;
    Ok(())
}

pub(super) fn second_factors(connection: &Connection) -> Result<Vec<SecondFactor>> {
    let mut select = connection.prepare_cached("SELECT body FROM second_factors ORDER BY account")?;
    all(select.query([])?, |row| from_json(row, 0, "a second factor"))
}

pub(super) fn put_contact(connection: &Connection, contact: &Contact) -> Result<()> {
    let id = contact.id.as_str();
    remove_contact(connection, id)?;
    let mut insert =
        connection.prepare_cached("INSERT INTO contacts (id, folded_name, body) VALUES (?, ?, ?)")?;
    insert.execute(params![id, folded(&contact.name), Text(&to_json(contact)?)])?;
    // Two spellings of a number can have the same digits.
    let mut insert = connection
        .prepare_cached("INSERT OR IGNORE INTO contact_numbers (reversed, contact) VALUES (?, ?)")?;
    for number in &contact.numbers {
        insert.execute([reversed(number.as_str()).as_str(), id])?;
    }
    Ok(())
}

pub(super) fn remove_contact(connection: &Connection, id: &str) -> Result<()> {
    connection.prepare_cached("DELETE FROM contacts WHERE id = ?")?.execute([id])?;
    Ok(())
}

pub(super) fn contact(connection: &Connection, id: &str) -> Result<Option<Contact>> {
    let mut select = connection.prepare_cached("SELECT body FROM contacts WHERE id = ?")?;
    first(select.query([id])?, |row| body(row, 0))
}

/// Compares all numbers with the same last digits, of which there are only a few.
pub(super) fn contacts_by_number(
    connection: &Connection,
    number: &Number,
    country: Option<Country>,
) -> Result<Vec<Contact>> {
    let Some(wanted) = ComparableNumber::of(number, country) else { return Ok(Vec::new()) };
    // A colon sorts after every digit.
    let mut select = connection.prepare_cached(
        "SELECT body FROM contacts WHERE id IN (
             SELECT contact FROM contact_numbers WHERE reversed >= ?1 AND reversed < ?1 || ':')
         ORDER BY id",
    )?;
    let mut rows = select.query([reversed(wanted.ending())])?;
    let mut found = Vec::new();
    while let (Some(row), true) = (rows.next()?, found.len() < CANDIDATES_MAX) {
        let contact = body(row, 0)?;
        if contact.numbers.iter().any(|number| wanted.is(number)) {
            found.push(contact);
        }
    }
    Ok(found)
}

pub(super) fn contacts(
    connection: &Connection,
    search: &str,
    after: Option<&str>,
    at_most: usize,
) -> Result<Vec<Contact>> {
    let search = Search::new(search);
    let is_after = match after {
        Some(_) => "(folded_name, id) > (SELECT folded_name, id FROM contacts WHERE id = ?1)",
        None => "?1 IS NULL",
    };
    let mut select = connection.prepare_cached(&format!(
        "SELECT body FROM contacts
         WHERE {is_after} AND (instr(folded_name, ?2) > 0 OR (?3 IS NOT NULL AND EXISTS (
             SELECT 1 FROM contact_numbers WHERE contact = contacts.id AND instr(reversed, ?3) > 0)))
         ORDER BY folded_name, id LIMIT ?4",
    ))?;
    let rows = select.query(params![after, search.text, search.reversed, limit(at_most.min(LIMIT_MAX))])?;
    all(rows, |row| body(row, 0))
}

fn body(row: &Row<'_>, column: usize) -> Result<Contact> {
    from_json(row, column, "a contact")
}
