//! People as the directory knows them.

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

/// The longest id of a contact. Bytes (model::Contact).
const ID_BYTES_MAX: usize = 64;

/// The longest name of a contact. Bytes. Ours.
const NAME_BYTES_MAX: usize = 256;

/// The most numbers of a contact. Ours.
const NUMBERS_MAX: usize = 32;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(contacts, add_contact)).routes(routes!(
        get_contact,
        put_contact,
        remove_contact
    ))
}

/// Which contacts.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Search {
    /// What the name or a number holds.
    #[serde(default)]
    search: String,
    /// `next` of the page before.
    after: Option<String>,
    /// At most so many.
    limit: Option<usize>,
}

/// Contacts by name.
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

/// Somebody the directory does not know yet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewContact {
    /// Name to show.
    #[schema(value_type = String)]
    name: CompactString,
    /// Numbers at which the person is reached.
    #[serde(default)]
    numbers: Vec<Number>,
    /// More about the person.
    #[serde(default)]
    data: Data,
}

/// Adds somebody under an id that nobody has; answered when it is durable. Agents may: it changes nobody that is known.
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

/// A contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", tag = "contacts", params(("id" = String, Path)),
    responses((status = 200, body = Contact), (status = "default", body = Problem)))]
async fn get_contact(State(api): State<Api>, Path(id): Path<String>) -> Result<Json<Contact>, Problem> {
    let wanted = id.clone();
    let found = api.handle.read(move |reader| reader.contact(&wanted)).await?;
    found.map(Json).ok_or_else(|| Problem::new(Code::NotFound, format!("there is no contact {id:?}")))
}

/// Adds or replaces a contact; answered when it is durable.
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

/// Takes a contact out; one that is not there is taken out already.
#[utoipa::path(delete, path = "/api/v1/contacts/{id}", tag = "contacts", params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn remove_contact(State(api): State<Api>, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    api.handle.write(move |writer| writer.remove_contacts(&[id])).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether a contact is within bounds.
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
