//! The text that the demo prints when it has started: addresses, accounts and commands to try.

use std::{
    fmt,
    net::{SocketAddr, SocketAddrV4},
    path::PathBuf,
};

use super::url;
use crate::config::HTTP_PORT;

/// The port of EBS's listener in the printed commands, as in Oracle's example (uwq.md §2).
const EBS_PORT: u16 = 8888;

/// The addresses of the demo.
#[derive(Debug)]
pub(crate) struct Welcome {
    /// The name with which this program was started, for the printed commands.
    pub(crate) program: String,
    /// The native API.
    pub(crate) http: SocketAddr,
    /// Callouts of Oracle EBS.
    pub(crate) uwq: SocketAddr,
    /// The ends that listen: the product and the address.
    pub(crate) ends: Vec<(&'static str, String)>,
    /// The sample CRM.
    pub(crate) crm: SocketAddr,
    /// The address of ARI when the phones are at an Asterisk.
    pub(crate) asterisk: Option<SocketAddrV4>,
    /// The folder of the data.
    pub(crate) data: PathBuf,
    /// Whether the data is kept when the demo ends.
    pub(crate) kept: bool,
}

impl Welcome {
    /// A command of this program. It names the node if that does not use the default port.
    fn tool(&self, line: &str) -> String {
        let Self { program, http, .. } = self;
        let at = if http.port() == HTTP_PORT { String::new() } else { format!(" --url {}", url(*http)) };
        format!("  {program} {line}{at}\n")
    }

    fn places(&self) -> String {
        let stays = if self.kept { "kept" } else { "deleted at the end; --data DIR keeps it" };
        let rows = [
            ("desktop", format!("{}   open it in a browser and sign in as an agent", url(self.http))),
            (
                "API",
                format!("{}/api/v1   description: /api/v1/openapi.json   metrics: /metrics", url(self.http)),
            ),
            ("CRM", format!("{}   a sample CRM with the connector", url(self.crm))),
        ];
        let floor = [
            ("agents", "1001 to 1020, ACD IDs 7001 to 7020, password demo".to_owned()),
            ("others", "supervisor 1900; accounts admin and integration; password demo".to_owned()),
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

    /// How to register softphones. The rig has SIP on the port after ARI.
    fn softphones(server: SocketAddrV4) -> String {
        let sip = SocketAddrV4::new(*server.ip(), server.port().saturating_add(1));
        format!(
            "\nSoftphones: register 1001 to 1020 at {sip} (UDP) with password demo. Sign in as agent 1001, choose\n\
             Ready, and dial 7700 from another phone.\n"
        )
    }

    fn first_call(&self) -> String {
        [
            "call --from +14155550100 --to 7700",
            "phone 1001 answer",
            "phone 1001 hang-up",
            "agent 1001 ready",
            "history",
        ]
        .map(|line| self.tool(line))
        .concat()
    }
}

impl fmt::Display for Welcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "The demo is running. Stop it with Ctrl-C.\n\n{}", self.places())?;
        write!(out, "\nShow every event, in a second terminal:\n{}", self.tool("tail"))?;
        write!(out, "\nReceive events as Oracle EBS, in a third terminal:\n{}", self.listener())?;
        write!(out, "\nSign in agent 1001 and make it ready, as Oracle EBS:\n{}", self.as_ebs())?;
        match self.asterisk {
            Some(server) => out.write_str(&Self::softphones(server)),
            None => write!(
                out,
                "\nMake a call, answer it and hang up. An agent of Oracle EBS is not ready after each\n\
                 call; `agent 1001 ready` changes that:\n{}",
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
    fn the_commands_can_be_pasted() {
        insta::assert_snapshot!(welcome(8080, 3107, false), @r#"
        The demo is running. Stop it with Ctrl-C.

          desktop     http://127.0.0.1:8080   open it in a browser and sign in as an agent
          API         http://127.0.0.1:8080/api/v1   description: /api/v1/openapi.json   metrics: /metrics
          CRM         http://127.0.0.1:8090   a sample CRM with the connector
          Oracle EBS  http://127.0.0.1:3107   the profile option
          Harmony     127.0.0.1:7850   processor DEMO
          agents      1001 to 1020, ACD IDs 7001 to 7020, password demo
          others      supervisor 1900; accounts admin and integration; password demo
          queues      7700 support, 7710 sales
          data        /tmp/cordboard-demo   deleted at the end; --data DIR keeps it

        Show every event, in a second terminal:
          cordboard tail

        Receive events as Oracle EBS, in a third terminal:
          cordboard peer uwq --end desk --listen-only

        Sign in agent 1001 and make it ready, as Oracle EBS:
          curl -i 'http://127.0.0.1:3107/?FunctionName=Register&telesetNumber=1001&agentID=7001&ipAddress=127.0.0.1&port=8888'
          curl -i 'http://127.0.0.1:3107/?FunctionName=Login&telesetNumber=1001&agentID=7001&agentPassword=demo&agentQueue=7700'
          curl -i 'http://127.0.0.1:3107/?FunctionName=Ready&telesetNumber=1001&agentID=7001'

        Make a call, answer it and hang up. An agent of Oracle EBS is not ready after each
        call; `agent 1001 ready` changes that:
          cordboard call --from +14155550100 --to 7700
          cordboard phone 1001 answer
          cordboard phone 1001 hang-up
          cordboard agent 1001 ready
          cordboard history
        "#);
    }

    #[test]
    fn commands_name_a_node_with_another_port() {
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
