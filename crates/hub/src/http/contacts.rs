//! Routes for the contacts of the directory.

use axum::extract::State;
use compact_str::CompactString;
use http::{Method, StatusCode};
use model::{Code, Contact, Data, Number, Principal};
use serde::Deserialize;
use serde_json::json;
use store::{Actor, AuditAction};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    access::{self, Access},
    extract::{Items, Json, Path, Query, limit},
    guard::{Acting, Caller},
    problem::Problem,
};

/// The longest contact ID. Bytes (model::Contact).
const ID_BYTES_MAX: usize = 64;

/// The longest name of a contact. Bytes. Our choice.
const NAME_BYTES_MAX: usize = 256;

/// The most numbers of a contact. Our choice.
const NUMBERS_MAX: usize = 32;

/// How many contacts an agent's search returns, in one page. Our choice: enough to find a person, too few to copy the directory.
const FOUND_BY_AGENT_MAX: usize = 50;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(contacts, add_contact)).routes(routes!(
        get_contact,
        put_contact,
        remove_contact
    ))
}

/// Query parameters of a contact search.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Search {
    /// Part of a name or a number.
    #[serde(default)]
    search: String,
    /// The `next` value of the previous page.
    after: Option<String>,
    /// The most items on the page.
    limit: Option<usize>,
}

/// Lists contacts, sorted by name. An agent gets only the first page of a search, and an empty list without a search.
#[utoipa::path(get, path = "/api/v1/contacts", tag = "contacts", params(Search),
    responses((status = 200, body = Items<Contact>), (status = "default", body = Problem)))]
async fn contacts(
    State(api): State<Api>,
    Caller(by): Caller,
    Query(Search { search, after, limit: wanted }): Query<Search>,
) -> Result<Json<Items<Contact>>, Problem> {
    let limit = limit(wanted)?;
    if !by.role.sees_all() {
        return found_by_agent(&api, search, after.is_some(), limit).await;
    }
    let found = api.handle.read(move |reader| reader.contacts(&search, after.as_deref(), limit)).await?;
    Ok(Items::page(found, limit, |contact| contact.id.to_string()))
}

async fn found_by_agent(
    api: &Api,
    search: String,
    further: bool,
    limit: usize,
) -> Result<Json<Items<Contact>>, Problem> {
    if further {
        let text =
            "an agent gets the first page only; search for more letters of the name or digits of the number";
        return Err(Problem::new(Code::Forbidden, text));
    }
    if search.trim().is_empty() {
        return Ok(Items::all(Vec::new()));
    }
    let limit = limit.min(FOUND_BY_AGENT_MAX);
    Ok(Items::all(api.handle.read(move |reader| reader.contacts(search.trim(), None, limit)).await?))
}

/// A contact to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewContact {
    /// The display name.
    #[schema(value_type = String)]
    name: CompactString,
    /// The person's telephone numbers.
    #[serde(default)]
    numbers: Vec<Number>,
    /// More data about the person.
    #[serde(default)]
    data: Data,
}

/// Adds a contact under a new ID. The answer comes when it is durable. Agents may add people whom the directory does not have: for a number
/// that another contact has, they get `conflict`, because a second contact would hide the first.
#[utoipa::path(post, path = "/api/v1/contacts", tag = "contacts", request_body = NewContact,
    responses((status = 201, body = Contact), (status = "default", body = Problem)))]
async fn add_contact(
    State(api): State<Api>,
    Caller(by): Caller,
    Acting(actor): Acting,
    Json(NewContact { name, numbers, data }): Json<NewContact>,
) -> Result<(StatusCode, Json<Contact>), Problem> {
    let contact = Contact { id: made_id(), name, numbers, data };
    check_contact(&contact)?;
    // One at a time, so that two requests cannot add the same number.
    let _turn = api.adding.lock().await;
    if !may_change(&by) {
        check_unknown(&api, &contact).await?;
    }
    write_contact(&api, actor, contact.clone()).await?;
    Ok((StatusCode::CREATED, Json(contact)))
}

/// Whether the account may change existing contacts.
fn may_change(by: &Principal) -> bool {
    matches!(access::of(&Method::PUT, "/api/v1/contacts/{id}"), Some(Access::Roles(roles)) if roles.contains(&by.role))
}

/// Checks that no contact has one of the numbers.
async fn check_unknown(api: &Api, contact: &Contact) -> Result<(), Problem> {
    let (numbers, country) = (contact.numbers.clone(), api.handle.floor().await?.country);
    let known = api.handle.read(move |reader| {
        for number in &numbers {
            if let Some(known) = reader.contacts_by_number(number, country)?.into_iter().next() {
                return Ok(Some((number.clone(), known.id)));
            }
        }
        Ok(None)
    });
    let Some((number, id)) = known.await? else { return Ok(()) };
    let text = format!(
        "contact {id:?} has the number {number}; only an admin or an integration may add another one"
    );
    Err(Problem::new(Code::Conflict, text))
}

fn made_id() -> CompactString {
    let mut bytes = [0; 16];
    crate::node::ids::random(&mut bytes);
    CompactString::new(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
}

/// Returns a contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", tag = "contacts", params(("id" = String, Path)),
    responses((status = 200, body = Contact), (status = "default", body = Problem)))]
async fn get_contact(State(api): State<Api>, Path(id): Path<String>) -> Result<Json<Contact>, Problem> {
    let wanted = id.clone();
    let found = api.handle.read(move |reader| reader.contact(&wanted)).await?;
    found.map(Json).ok_or_else(|| Problem::new(Code::NotFound, format!("there is no contact {id:?}")))
}

/// Adds or replaces a contact. The answer comes when it is durable.
#[utoipa::path(put, path = "/api/v1/contacts/{id}", tag = "contacts", request_body = Contact,
    params(("id" = String, Path)),
    responses((status = 200, body = Contact), (status = "default", body = Problem)))]
async fn put_contact(
    State(api): State<Api>,
    Acting(actor): Acting,
    Path(id): Path<String>,
    Json(contact): Json<Contact>,
) -> Result<Json<Contact>, Problem> {
    if contact.id != id {
        let text = format!("the path names contact {id:?}, the body {:?}", contact.id);
        return Err(Problem::new(Code::Invalid, text));
    }
    check_contact(&contact)?;
    write_contact(&api, actor, contact.clone()).await?;
    Ok(Json(contact))
}

/// Adds or replaces a contact. The audit trail gets its ID and not what it says about the person.
async fn write_contact(api: &Api, actor: Actor, contact: Contact) -> Result<(), Problem> {
    let detail = json!({ "numbers": contact.numbers.len() });
    let event = api.handle.event(actor, AuditAction::ContactWritten, contact.id.as_str(), detail);
    Ok(api.handle.write_audited(event, move |writer| writer.put_contacts(&[contact])).await?)
}

/// Deletes a contact. Succeeds if the contact does not exist.
#[utoipa::path(delete, path = "/api/v1/contacts/{id}", tag = "contacts", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn remove_contact(
    State(api): State<Api>,
    Acting(actor): Acting,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let event = api.handle.event(actor, AuditAction::ContactDeleted, id.clone(), json!({}));
    api.handle.write_audited(event, move |writer| writer.remove_contacts(&[id])).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Checks that a contact is within the limits.
pub(super) fn check_contact(contact: &Contact) -> Result<(), Problem> {
    let Contact { id, name, numbers, .. } = contact;
    let text = if id.is_empty() || id.len() > ID_BYTES_MAX {
        format!("the contact's id has {} bytes, allowed are 1 to {ID_BYTES_MAX}", id.len())
    } else if name.len() > NAME_BYTES_MAX {
        format!("the name of contact {id:?} has {} bytes, at most {NAME_BYTES_MAX} are allowed", name.len())
    } else if numbers.len() > NUMBERS_MAX {
        format!("contact {id:?} has {} numbers, at most {NUMBERS_MAX} are allowed", numbers.len())
    } else {
        return Ok(());
    };
    Err(Problem::new(Code::Invalid, text))
}
