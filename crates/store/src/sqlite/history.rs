//! Queries of the history.

use model::{AgentId, InteractionId, InteractionSummary, QueueId, Timestamp};
use rusqlite::{CachedStatement, Connection, Row, params_from_iter, types::Value};

use super::column::{all, first, from_json, int, limit, unsigned};
use crate::{
    AgentTime, AgentTimeQuery, Error, InteractionQuery, LIMIT_MAX, Result, Wait, WaitQuery, matching,
};

pub(super) fn interaction(connection: &Connection, id: InteractionId) -> Result<Option<InteractionSummary>> {
    let mut select = connection.prepare_cached("SELECT summary FROM interactions WHERE id = ?")?;
    first(select.query([id.0.as_bytes()])?, summary)
}

pub(super) fn interactions(
    connection: &Connection,
    query: &InteractionQuery,
) -> Result<Vec<InteractionSummary>> {
    let mut filter = Filter::default();
    filter.add("agent = ?", query.agent.as_ref().map(|agent| text(agent.as_str())));
    filter.add("linkage = ?", query.linkage.map(|linkage| Value::Blob(linkage.0.as_bytes().to_vec())));
    filter.add("contact = ?", query.contact.as_deref().map(text));
    let number = query.number.as_ref().map(|number| matching::digits(number.as_str()));
    filter.add("customer_digits = ?", number.map(Value::Text));
    filter.add("opened_at >= ?", query.from.map(time));
    filter.add("opened_at < ?", query.until.map(time));
    filter.add("number < ?", query.before.map(|number| Value::Integer(int(number))));
    filter.rows(connection, "summary FROM interactions", "number DESC", query.limit, summary)
}

fn summary(row: &Row<'_>) -> Result<InteractionSummary> {
    from_json(row, 0, "an interaction of the history")
}

pub(super) fn agent_times(connection: &Connection, query: &AgentTimeQuery) -> Result<Vec<AgentTime>> {
    let mut filter = Filter::default();
    filter.add("agent = ?", query.agent.as_ref().map(|agent| text(agent.as_str())));
    filter.add("ended_at > ?", query.from.map(time));
    filter.add("began_at < ?", query.until.map(time));
    let columns = "agent, state, began_at, ended_at FROM agent_times";
    filter.rows(connection, columns, "ended_at DESC, seq DESC", query.limit, agent_time)
}

fn agent_time(row: &Row<'_>) -> Result<AgentTime> {
    Ok(AgentTime {
        agent: AgentId::new(row.get_ref(0)?.as_str().map_err(damaged)?).map_err(damaged)?,
        state: from_json(row, 1, "a time of an agent")?,
        from: Timestamp(unsigned(row, 2)?),
        until: Timestamp(unsigned(row, 3)?),
    })
}

pub(super) fn waits(connection: &Connection, query: &WaitQuery) -> Result<Vec<Wait>> {
    let mut filter = Filter::default();
    filter.add("queue = ?", query.queue.as_ref().map(|queue| text(queue.as_str())));
    filter.add("at >= ?", query.from.map(time));
    filter.add("at < ?", query.until.map(time));
    let columns = "queue, at, waited_ms, answered_by, detail FROM waits";
    filter.rows(connection, columns, "at DESC, seq DESC", query.limit, wait)
}

fn wait(row: &Row<'_>) -> Result<Wait> {
    let answered_by = row.get_ref(3)?.as_str_or_null().map_err(damaged)?;
    Ok(Wait {
        queue: QueueId::new(row.get_ref(0)?.as_str().map_err(damaged)?).map_err(damaged)?,
        at: Timestamp(unsigned(row, 1)?),
        waited_ms: unsigned(row, 2)?,
        answered_by: answered_by.map(AgentId::new).transpose().map_err(damaged)?,
        detail: from_json(row, 4, "a wait")?,
    })
}

fn damaged(error: impl std::fmt::Display) -> Error {
    Error::Corrupt(format!("a row of the history: {error}"))
}

fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

fn time(at: Timestamp) -> Value {
    Value::Integer(int(at.0))
}

/// The conditions of a query, each with one value.
#[derive(Default)]
pub(super) struct Filter {
    conditions: Vec<&'static str>,
    values: Vec<Value>,
}

impl Filter {
    pub(super) fn add(&mut self, condition: &'static str, value: Option<Value>) {
        if let Some(value) = value {
            self.conditions.push(condition);
            self.values.push(value);
        }
    }

    /// The first rows in `order` that meet all conditions.
    pub(super) fn rows<T>(
        self,
        connection: &Connection,
        columns: &str,
        order: &str,
        at_most: usize,
        read: impl Fn(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut select = self.select(connection, columns, order)?;
        let at_most = Value::Integer(limit(at_most.min(LIMIT_MAX)));
        all(select.query(params_from_iter(self.values.into_iter().chain([at_most])))?, read)
    }

    fn select<'a>(
        &self,
        connection: &'a Connection,
        columns: &str,
        order: &str,
    ) -> Result<CachedStatement<'a>> {
        let mut conditions = self.conditions.join(" AND ");
        if conditions.is_empty() {
            conditions.push_str("TRUE");
        }
        let sql = format!("SELECT {columns} WHERE {conditions} ORDER BY {order} LIMIT ?");
        Ok(connection.prepare_cached(&sql)?)
    }
}
