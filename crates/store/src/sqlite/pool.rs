//! A few connections that read, lent to whoever comes.

use std::{
    ops::Deref,
    path::Path,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OpenFlags};

use super::schema;
use crate::Result;

/// How many read at the same time; others wait. Ours: as many cores as a small machine has.
const CONNECTIONS: usize = 4;

/// How many prepared statements a connection keeps: as many as the history has combinations of filters that occur. Ours.
const STATEMENTS: usize = 64;

/// Connections that read.
#[derive(Debug)]
pub(super) struct Pool {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Pool {
    /// Opens all of them.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let idle = (0..CONNECTIONS).map(|_| connect(path)).collect::<Result<_>>()?;
        Ok(Self { idle: Mutex::new(idle), returned: Condvar::new() })
    }

    /// Lends one; waits for it.
    pub(super) fn lend(&self) -> Lent<'_> {
        let mut idle = self.idle();
        loop {
            match idle.pop() {
                Some(connection) => return Lent { pool: self, connection: Some(connection) },
                None => idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// The list is whole whatever a thread died of: it is held for one push or pop only.
    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn connect(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    schema::prepare_reading(&connection)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// A connection on loan; it goes back when this is dropped.
pub(super) struct Lent<'a> {
    pool: &'a Pool,
    connection: Option<Connection>,
}

impl Deref for Lent<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().unwrap_or_else(|| unreachable!("only drop takes the connection out"))
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        self.pool.idle().extend(self.connection.take());
        self.pool.returned.notify_one();
    }
}
