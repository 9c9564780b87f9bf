//! A toy dialect: the example of `docs/adding-a-dialect.md`. It is not in any released program.
//!
//! A *board* is a terminal that shows what each agent is doing. It connects over TCP and sends and receives lines:
//!
//! | direction | line | |
//! |---|---|---|
//! | to the board | `1001 ready` | the state of an agent: first of all agents, then at each change |
//! | from the board | `1001 demo not-ready` | an agent, the agent's password, and `sign-in`, `sign-out`, `ready` or `not-ready` |
//! | to the board | `done`, `refused: …` | the answer |

mod board;

use session::dialect::{Context, Declaration, Dialect, End, Finding, Listen, StreamBinding, TlsFiles};
use settings::{Address, section};

pub use board::Board;

/// The description of the dialect.
pub const DIALECT: Dialect = Dialect {
    name: "toy",
    product: "toy",
    docs: "adding-a-dialect.md",
    package: env!("CARGO_PKG_NAME"),
    ends: &[Declaration::once::<BoardSettings>(
        "telephony",
        &["Boards connect here and show what each agent is doing."],
    )],
};

section! {
    /// The telephony end: boards are the peers.
    pub BoardSettings {
        /// The address that boards connect to.
        listen: Address = default(Address::loopback(7999)),
        /// The first line that a board gets.
        greeting: String = default("hello".to_owned()),
        /// The most boards that may be connected.
        boards_max: usize = default(16),
    }
}

impl End for BoardSettings {
    type Session = Board;

    fn binding(&self) -> StreamBinding {
        let listen = Listen { key: "listen", address: self.listen.socket() };
        StreamBinding::Listener { listen, allow: Vec::new(), tls: TlsFiles::default() }
    }

    fn session(&self, context: &Context) -> Result<Self::Session, Finding> {
        Ok(Board::new(self.clone(), context.instance))
    }

    fn check(&self) -> Vec<Finding> {
        let is_line = !self.greeting.contains(['\r', '\n']);
        let text = || format!("{:?} is not a single line", self.greeting);
        (!is_line).then(|| Finding::new("greeting", text())).into_iter().collect()
    }

    fn summary(&self) -> String {
        format!("up to {} boards", self.boards_max)
    }
}
