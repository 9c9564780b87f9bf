//! Routes for the contacts of the directory.

use axum::extract::State;
use compact_str::CompactString;
use http::StatusCode;
use model::{Code, Contact, Data, Number};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api,
    extract::{Items, Json, Path, Query, limit},
    problem::Problem,
};

/// The longest contact ID. Bytes (model::Contact).
const ID_BYTES_MAX: usize = 64;

/// The longest name of a contact. Bytes. Our choice.
const NAME_BYTES_MAX: usize = 256;

/// The most numbers of a contact. Our choice.
const NUMBERS_MAX: usize = 32;

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

/// Lists contacts, sorted by name.
#[utoipa::path(get, path = "/api/v1/contacts", tag = "contacts", params(Search),
    responses((status = 200, body = Items<Contact>), (status = "default", body = Problem)))]
async fn contacts(
    State(api): State<Api>,
    Query(Search { search, after, limit: wanted }): Query<Search>,
) -> Result<Json<Items<Contact>>, Problem> {
    let limit = limit(wanted)?;
    let found = api.handle.read(move |reader| reader.contacts(&search, after.as_deref(), limit)).await?;
    Ok(Items::page(found, limit, |contact| contact.id.to_string()))
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

/// Adds a contact under a new ID. The answer comes when it is durable. Agents may use this too, because it changes no existing contact.
#[utoipa::path(post, path = "/api/v1/contacts", tag = "contacts", request_body = NewContact,
    responses((status = 201, body = Contact), (status = "default", body = Problem)))]
async fn add_contact(
    State(api): State<Api>,
    Json(NewContact { name, numbers, data }): Json<NewContact>,
) -> Result<(StatusCode, Json<Contact>), Problem> {
    let contact = Contact { id: made_id(), name, numbers, data };
    check_contact(&contact)?;
    let kept = contact.clone();
    api.handle.write(move |writer| writer.put_contacts(&[kept])).await?;
    Ok((StatusCode::CREATED, Json(contact)))
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
    Path(id): Path<String>,
    Json(contact): Json<Contact>,
) -> Result<Json<Contact>, Problem> {
    if contact.id != id {
        let text = format!("the path names contact {id:?}, the body {:?}", contact.id);
        return Err(Problem::new(Code::Invalid, text));
    }
    check_contact(&contact)?;
    let kept = contact.clone();
    api.handle.write(move |writer| writer.put_contacts(&[kept])).await?;
    Ok(Json(contact))
}

/// Deletes a contact. Succeeds if the contact does not exist.
#[utoipa::path(delete, path = "/api/v1/contacts/{id}", tag = "contacts", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn remove_contact(State(api): State<Api>, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    api.handle.write(move |writer| writer.remove_contacts(&[id])).await?;
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
