//! What the demo says when it has started: what is where, and what to try first.

use std::{
    fmt,
    net::{SocketAddr, SocketAddrV4},
    path::PathBuf,
};

use super::url;
use crate::config::HTTP_PORT;

/// The port at which the lines to paste let EBS listen: the one of Oracle's own example (uwq.md §2).
const EBS_PORT: u16 = 8888;

/// What is where.
#[derive(Debug)]
pub(crate) struct Welcome {
    /// How this program was called, for the lines to paste.
    pub(crate) program: String,
    /// The native API.
    pub(crate) http: SocketAddr,
    /// Callouts of Oracle EBS.
    pub(crate) uwq: SocketAddr,
    /// Ends of dialects that listen: the product, and where it is.
    pub(crate) ends: Vec<(&'static str, String)>,
    /// The CRM that hosts the connector.
    pub(crate) crm: SocketAddr,
    /// Where an Asterisk serves ARI, when the agents' phones are there.
    pub(crate) asterisk: Option<SocketAddrV4>,
    /// Where the data is.
    pub(crate) data: PathBuf,
    /// Whether it stays.
    pub(crate) kept: bool,
}

impl Welcome {
    /// A line of this program's; it names the node where it is not at the usual port.
    fn tool(&self, line: &str) -> String {
        let Self { program, http, .. } = self;
        let at = if http.port() == HTTP_PORT { String::new() } else { format!(" --url {}", url(*http)) };
        format!("  {program} {line}{at}\n")
    }

    fn places(&self) -> String {
        let stays = if self.kept { "kept" } else { "removed at the end; --data DIR keeps it" };
        let rows = [
            ("desktop", format!("{}   sign in with a browser, as an agent below", url(self.http))),
            (
                "API",
                format!("{}/api/v1   description: /api/v1/openapi.json   metrics: /metrics", url(self.http)),
            ),
            ("CRM", format!("{}   contacts to click on, with the connector beside them", url(self.crm))),
        ];
        let floor = [
            ("agents", "1001 to 1020, at the ACD 7001 to 7020, ACD queue 7700, password demo".to_owned()),
            ("others", "supervisor 1900, accounts admin and integration, password demo".to_owned()),
            ("queues", "7700 support, 7710 sales".to_owned()),
            ("data", format!("{}   {stays}", self.data.display())),
        ];
        let rows = rows.into_iter().chain(self.ends.clone()).chain(floor);
        rows.map(|(what, place)| format!("  {what:<12}{place}\n")).collect()
    }

    fn callout(&self, function: &str, rest: &str) -> String {
        let query = format!("FunctionName={function}&telesetNumber=1001&agentID=7001{rest}");
        format!("  curl -i '{}/?{query}'\n", url(self.uwq))
    }

    fn as_ebs(&self) -> String {
        [
            self.callout("Register", &format!("&ipAddress=127.0.0.1&port={EBS_PORT}")),
            self.callout("Login", "&agentPassword=demo&agentQueue=7700"),
            self.callout("Ready", ""),
        ]
        .concat()
    }

    fn listener(&self) -> String {
        format!("  {} peer uwq --end desk --listen-only\n", self.program)
    }

    /// What to do with phones of one's own; the rig has SIP beside ARI.
    fn softphones(server: SocketAddrV4) -> String {
        let sip = SocketAddrV4::new(*server.ip(), server.port().saturating_add(1));
        format!(
            "\nSoftphones: register 1001 to 1020 at {sip} (UDP), password demo; let agent 1001 sign in and go ready,\n\
             and dial 7700 from another phone.\n"
        )
    }

    fn first_call(&self) -> String {
        ["call --from +14155550100 --to 7700", "phone 1001 answer", "phone 1001 hangup", "history"]
            .map(|line| self.tool(line))
            .concat()
    }
}

impl fmt::Display for Welcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "The demo runs; Ctrl-C ends it.\n\n{}", self.places())?;
        write!(out, "\nSee everything that happens, in a terminal of its own:\n{}", self.tool("tail"))?;
        write!(out, "\nBe the listener of Oracle EBS, in another:\n{}", self.listener())?;
        write!(out, "\nBe Oracle EBS: agent 1001 comes to work:\n{}", self.as_ebs())?;
        match self.asterisk {
            Some(server) => out.write_str(&Self::softphones(server)),
            None => write!(
                out,
                "\nA first call, picked up and hung up at the agent's phone:\n{}",
                self.first_call()
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn welcome(http: u16, uwq: u16, kept: bool) -> String {
        let [http, uwq] = [http, uwq].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let data = PathBuf::from("/tmp/cordboard-demo");
        let crm = SocketAddr::from(([127, 0, 0, 1], 8090));
        let ends = vec![
            ("Oracle EBS", format!("{}   the profile option", url(uwq))),
            ("Harmony", "127.0.0.1:7850   processor DEMO".to_owned()),
        ];
        let (program, asterisk) = ("cordboard".to_owned(), None);
        Welcome { program, http, uwq, ends, crm, asterisk, data, kept }.to_string()
    }

    #[test]
    fn the_page_can_be_pasted() {
        insta::assert_snapshot!(welcome(8080, 3107, false), @r#"
        The demo runs; Ctrl-C ends it.

          desktop     http://127.0.0.1:8080   sign in with a browser, as an agent below
          API         http://127.0.0.1:8080/api/v1   description: /api/v1/openapi.json   metrics: /metrics
          CRM         http://127.0.0.1:8090   contacts to click on, with the connector beside them
          Oracle EBS  http://127.0.0.1:3107   the profile option
          Harmony     127.0.0.1:7850   processor DEMO
          agents      1001 to 1020, at the ACD 7001 to 7020, ACD queue 7700, password demo
          others      supervisor 1900, accounts admin and integration, password demo
          queues      7700 support, 7710 sales
          data        /tmp/cordboard-demo   removed at the end; --data DIR keeps it

        See everything that happens, in a terminal of its own:
          cordboard tail

        Be the listener of Oracle EBS, in another:
          cordboard peer uwq --end desk --listen-only

        Be Oracle EBS: agent 1001 comes to work:
          curl -i 'http://127.0.0.1:3107/?FunctionName=Register&telesetNumber=1001&agentID=7001&ipAddress=127.0.0.1&port=8888'
          curl -i 'http://127.0.0.1:3107/?FunctionName=Login&telesetNumber=1001&agentID=7001&agentPassword=demo&agentQueue=7700'
          curl -i 'http://127.0.0.1:3107/?FunctionName=Ready&telesetNumber=1001&agentID=7001'

        A first call, picked up and hung up at the agent's phone:
          cordboard call --from +14155550100 --to 7700
          cordboard phone 1001 answer
          cordboard phone 1001 hangup
          cordboard history
        "#);
    }

    #[test]
    fn lines_name_a_node_that_is_not_at_the_usual_port() {
        let page = welcome(9000, 9001, true);
        assert!(page.contains("  cordboard phone 1001 answer --url http://127.0.0.1:9000\n"), "{page}");
        assert!(
            page.contains(
                "  curl -i 'http://127.0.0.1:9001/?FunctionName=Ready&telesetNumber=1001&agentID=7001'\n"
            ),
            "{page}"
        );
        assert!(page.contains("/tmp/cordboard-demo   kept\n"), "{page}");
    }
}
