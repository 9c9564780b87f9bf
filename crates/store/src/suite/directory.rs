//! Tests of the floor, accounts, tokens and contacts.

use model::{AccountName, Contact, Country, Floor, Role, Scope, Timestamp};

use super::{StoreLocation, sample};
use crate::{
    Account, ApiToken, CANDIDATES_MAX, Credential, LIMIT_MAX, Reader, SecondFactor, SignInOrigin, Token,
};

fn account(name: &str, hash: &str) -> Account {
    let name = AccountName::new(name).unwrap();
    Account { name, role: Role::Agent, agent: Some(sample::agent("1001")), password_hash: hash.to_owned() }
}

/// The IDs of the contacts with a number, in the United States.
fn found(reader: &dyn Reader, number: &str) -> Vec<String> {
    found_in(reader, number, "US")
}

fn found_in(reader: &dyn Reader, number: &str, country: &str) -> Vec<String> {
    ids(reader.contacts_by_number(&sample::number(number), Country::new(country).ok()))
}

fn ids(contacts: crate::Result<Vec<Contact>>) -> Vec<String> {
    contacts.unwrap().iter().map(|contact| contact.id.to_string()).collect()
}

pub fn the_floor_is_replaced(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    writer.put_floor(&Floor { wrap_up_ms: 1, ..Floor::default() }).unwrap();
    writer.put_floor(&Floor { wrap_up_ms: 2, ..Floor::default() }).unwrap();
    assert_eq!(reader.floor().unwrap().unwrap().wrap_up_ms, 2);
}

pub fn the_accounts_are_replaced(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    writer.put_accounts(&[account("bob", "1"), account("ann", "2")]).unwrap();
    assert_eq!(reader.accounts(), Ok(vec![account("ann", "2"), account("bob", "1")]));
    writer.put_accounts(&[account("cy", "3")]).unwrap();
    assert_eq!(reader.accounts(), Ok(vec![account("cy", "3")]));
}

pub fn a_token_is_kept_until_it_ends_or_is_taken_out(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let account = AccountName::new("ann").unwrap();
    let token = |name: u8, until: u64| Token {
        fingerprint: [name; 32],
        account: account.clone(),
        account_fingerprint: [9; 32],
        until: Timestamp(until),
        origin: SignInOrigin {
            since: Timestamp(5),
            credential: Credential::PasswordAndCode,
            address: "192.0.2.1".parse().ok(),
            client: Some("Mozilla/5.0".to_owned()),
        },
    };
    for (name, until) in [(3, 300), (1, 100), (2, 200)] {
        writer.put_token(&token(name, until), Timestamp(100)).unwrap();
    }
    assert_eq!(reader.tokens(), Ok(vec![token(1, 100), token(2, 200), token(3, 300)]));
    writer.remove_token(&[2; 32]).unwrap();
    writer.remove_token(&[7; 32]).unwrap();
    writer.put_token(&token(4, 400), Timestamp(101)).unwrap();
    assert_eq!(reader.tokens(), Ok(vec![token(3, 300), token(4, 400)]));
}

pub fn api_tokens_are_replaced_and_removed_by_name(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let token = |name: &str, used: Option<u64>| ApiToken {
        name: AccountName::new(name).unwrap(),
        fingerprint: [3; 32],
        role: Role::Agent,
        agent: Some(sample::agent("1001")),
        scopes: [Scope::Read, Scope::History].into(),
        created_at: Timestamp(1),
        created_by: AccountName::new("ann").unwrap(),
        until: Timestamp(2),
        used_at: used.map(Timestamp),
    };
    for one in [token("b", None), token("a", None), token("b", Some(7))] {
        writer.put_api_token(&one).unwrap();
    }
    assert_eq!(reader.api_tokens(), Ok(vec![token("a", None), token("b", Some(7))]));
    writer.remove_api_token(&AccountName::new("a").unwrap()).unwrap();
    writer.remove_api_token(&AccountName::new("gone").unwrap()).unwrap();
    assert_eq!(reader.api_tokens(), Ok(vec![token("b", Some(7))]));
}

pub fn second_factors_are_replaced_and_removed_by_account(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let factor = |account: &str, last_step: u64| SecondFactor {
        account: AccountName::new(account).unwrap(),
        secret: vec![1, 2, 255],
        enrolled_at: Timestamp(3),
        confirmed: last_step > 0,
        last_step,
        recovery: vec![[4; 32]],
    };
    for one in [factor("bob", 0), factor("ann", 0), factor("bob", 8)] {
        writer.put_second_factor(&one).unwrap();
    }
    assert_eq!(reader.second_factors(), Ok(vec![factor("ann", 0), factor("bob", 8)]));
    for account in ["ann", "gone"] {
        writer.remove_second_factor(&AccountName::new(account).unwrap()).unwrap();
    }
    assert_eq!(reader.second_factors(), Ok(vec![factor("bob", 8)]));
    assert!(!format!("{:?}", factor("bob", 8)).contains("255"), "logs do not have the secret");
}

pub fn a_contact_is_replaced_and_removed(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    writer.put_contacts(&[sample::contact("a", "Ann", &["5550100"])]).unwrap();
    let moved = sample::contact("a", "Ann Lee", &["5550199"]);
    writer.put_contacts(std::slice::from_ref(&moved)).unwrap();
    assert_eq!(reader.contact("a"), Ok(Some(moved)));
    assert_eq!(found(&*reader, "5550100"), [""; 0], "the number is hers no longer");
    assert_eq!(found(&*reader, "5550199"), ["a"]);
    writer.remove_contacts(&["gone".to_owned(), "a".to_owned()]).unwrap();
    assert_eq!(reader.contact("a"), Ok(None));
    assert_eq!(found(&*reader, "5550199"), [""; 0]);
}

pub fn a_contact_is_found_however_its_number_is_written(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let ann = sample::contact("a", "Ann", &["+14155550100", "14155550100", "12*"]);
    let bob = sample::contact("b", "Bob", &["030 12345678"]);
    writer.put_contacts(&[ann, bob, sample::contact("c", "Cy", &["+33 1 42 68 53 00", "#"])]).unwrap();
    for number in ["14155550100", "+1 (415) 555-0100", "011 1 415 555 0100", "415 555 0100"] {
        assert_eq!(found(&*reader, number), ["a"], "{number}");
    }
    for number in ["+49 30 12345678", "0049 30 12345678", "030 12345678"] {
        assert_eq!(found_in(&*reader, number, "DE"), ["b"], "{number}");
    }
    assert_eq!(found_in(&*reader, "0033 142685300", "DE"), ["c"]);
    assert_eq!(found(&*reader, "12"), ["a"], "short, but the same");
    assert_eq!(found_in(&*reader, "14155550100", ""), ["a"], "without a country digits count");
    assert_eq!(found_in(&*reader, "4155550100", ""), [""; 0]);
}

pub fn an_ending_finds_nobody(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let ann = sample::contact("a", "Ann", &["+44 20 7123 4567"]);
    let bob = sample::contact("b", "Bob", &["+1 415 555 0100"]);
    writer.put_contacts(&[ann, bob, sample::contact("c", "Cy", &["0000000", "+266696687"])]).unwrap();
    for country in ["US", "GB", "TR", ""] {
        for number in
            ["1234567", "9014155550100", "+90 141 5555 0100", "5550100", "0000000", "*", "+266696687"]
        {
            assert_eq!(found_in(&*reader, number, country), [""; 0], "{number} in {country:?}");
        }
    }
}

pub fn everybody_who_has_a_number_is_found(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let with = |id: &str, number: &str| sample::contact(id, id, &[number]);
    let office = [
        with("b", "415 555 0100"),
        with("a", "+14155550100"),
        with("c", "+12125550100"),
        with("d", "5550100"),
    ];
    writer.put_contacts(&office).unwrap();
    assert_eq!(found(&*reader, "+14155550100"), ["a", "b"]);
    assert_eq!(found(&*reader, "5550100"), ["d"]);
    let many: Vec<_> = (0..=CANDIDATES_MAX).map(|id| with(&format!("m{id:02}"), "+16505550100")).collect();
    writer.put_contacts(&many).unwrap();
    assert_eq!(found(&*reader, "6505550100").len(), CANDIDATES_MAX);
}

pub fn contacts_are_paged_by_name(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let people = [("3", "ann"), ("1", "Bob"), ("2", "bob"), ("4", "Émile"), ("5", "émilie")];
    let people = people.map(|(id, name)| sample::contact(id, name, &[]));
    writer.put_contacts(&people).unwrap();
    assert_eq!(ids(reader.contacts("", None, 2)), ["3", "1"]);
    assert_eq!(ids(reader.contacts("", Some("1"), 2)), ["2", "4"]);
    assert_eq!(ids(reader.contacts("", Some("4"), 2)), ["5"]);
    assert!(ids(reader.contacts("", Some("gone"), 2)).is_empty());
    let many: Vec<_> = (0..=LIMIT_MAX).map(|id| sample::contact(&format!("m{id}"), "Many", &[])).collect();
    writer.put_contacts(&many).unwrap();
    assert_eq!(ids(reader.contacts("", None, usize::MAX)).len(), LIMIT_MAX);
}

pub fn contacts_are_searched_by_name_and_number(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let ann = sample::contact("a", "Ann 55% Lee", &["+14155550100"]);
    let bob = sample::contact("b", "Bob ÖZ", &["+12125550199"]);
    writer.put_contacts(&[ann, bob]).unwrap();
    assert_eq!(ids(reader.contacts("LEE", None, 9)), ["a"]);
    assert_eq!(ids(reader.contacts("öz", None, 9)), ["b"]);
    assert_eq!(ids(reader.contacts("%", None, 9)), ["a"], "no character has a meaning");
    assert_eq!(ids(reader.contacts("(212) 555", None, 9)), ["b"]);
    assert_eq!(ids(reader.contacts("555", None, 9)), ["a", "b"]);
    assert_eq!(ids(reader.contacts("555", Some("a"), 9)), ["b"]);
    assert!(ids(reader.contacts("x555", None, 9)).is_empty());
}

pub fn a_floor_is_kept_with_its_events_or_not_at_all(place: &dyn StoreLocation) {
    let (mut writer, reader) = place.open();
    let floor = Floor { wrap_up_ms: 7_000, ..Floor::default() };
    let contacts = vec![sample::contact("c", "Cy", &["+14155550100"])];
    let accounts = Some(vec![account("ann", "1")]);
    let change =
        [crate::DirectoryChange { floor: floor.clone().into(), accounts, contacts, audit: Vec::new() }];
    let gap = writer.append_with(&sample::notices(2, 2), &change);
    assert!(matches!(gap, Err(crate::Error::Gap { .. })), "{gap:?}");
    assert_eq!((reader.floor(), reader.accounts()), (Ok(None), Ok(vec![])));
    assert_eq!(reader.contact("c"), Ok(None));
    writer.append_with(&sample::notices(1, 1), &change).unwrap();
    assert_eq!((reader.last_seq(), reader.floor()), (Ok(model::Seq(1)), Ok(Some(floor))));
    assert_eq!(reader.accounts().unwrap().len(), 1);
    assert!(reader.contact("c").unwrap().is_some());
}
