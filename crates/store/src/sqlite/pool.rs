//! A pool of connections for reading.

use std::{
    ops::Deref,
    path::Path,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OpenFlags};

use super::schema;
use crate::Result;

/// The number of connections; further readers wait. Our choice: the number of cores of a small machine.
const CONNECTIONS: usize = 4;

/// The prepared statements that a connection caches. Our choice: the number of filter combinations that occur.
const STATEMENTS: usize = 64;

/// A pool of connections for reading.
#[derive(Debug)]
pub(super) struct Pool {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Pool {
    /// Opens all connections.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let idle = (0..CONNECTIONS).map(|_| connect(path)).collect::<Result<_>>()?;
        Ok(Self { idle: Mutex::new(idle), returned: Condvar::new() })
    }

    /// Waits for a free connection.
    pub(super) fn lend(&self) -> PooledConnection<'_> {
        let mut idle = self.idle();
        loop {
            match idle.pop() {
                Some(connection) => return PooledConnection { pool: self, connection: Some(connection) },
                None => idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// Locks the list of idle connections. A poisoned lock is safe to use, because it is held only for one push or pop.
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

/// A connection from the pool. Dropping it returns it to the pool.
pub(super) struct PooledConnection<'a> {
    pool: &'a Pool,
    connection: Option<Connection>,
}

impl Deref for PooledConnection<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection.as_ref().unwrap_or_else(|| unreachable!("only drop takes the connection out"))
    }
}

impl Drop for PooledConnection<'_> {
    fn drop(&mut self) {
        self.pool.idle().extend(self.connection.take());
        self.pool.returned.notify_one();
    }
}
