//! The list of dialects. No other part of the program lists them.

use session::dialect::Dialect;

/// The dialects of a program.
pub type Dialects = &'static [&'static Dialect];

/// Every dialect of this workspace, in the order of the example configuration.
pub const DIALECTS: Dialects = &[
    &simulated::DIALECT,
    &uwq::DIALECT,
    &talisma::DIALECT,
    &harmony::DIALECT,
    &crm_connector::DIALECT,
    &max::DIALECT,
    &ari::DIALECT,
];

#[cfg(test)]
mod tests {
    use session::dialect::{Declaration, calls::Pairs};

    use super::*;

    /// The lines of `docs/configuration.md` before and after the table.
    const MARKS: (&str, &str) = ("<!-- dialects -->\n", "<!-- end of dialects -->\n");

    #[test]
    fn the_documented_table_is_the_generated_one() {
        let page = include_str!("../../../docs/configuration.md");
        let (_, rest) = page.split_once(MARKS.0).expect("the table has a start mark");
        let (documented, _) = rest.split_once(MARKS.1).expect("the table has an end mark");
        assert_eq!(documented, table(DIALECTS));
    }

    #[test]
    fn the_documented_pairs_follow_from_the_ends() {
        let (path, marks) = ("../../docs/pairs.md", ("<!-- pairs -->\n", "<!-- end of pairs -->\n"));
        let page = std::fs::read_to_string(path).expect("the page exists");
        let (before, rest) = page.split_once(marks.0).expect("the tables have a start mark");
        let (documented, after) = rest.split_once(marks.1).expect("the tables have an end mark");
        let generated = format!("\n{}\n", Pairs::new(DIALECTS).markdown());
        if std::env::var_os("UPDATE_PAIRS").is_some() {
            let page = [before, marks.0, &generated, marks.1, after].concat();
            return std::fs::write(path, page).expect("the page can be written");
        }
        assert_eq!(documented, generated, "{path} is stale: run this test with UPDATE_PAIRS=1");
    }

    #[test]
    fn every_dialect_has_its_page_in_docs() {
        let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
        for dialect in DIALECTS {
            assert!(docs.join(dialect.docs).is_file(), "{} has no page {}", dialect.name, dialect.docs);
        }
    }

    /// The table of the documentation: a line for each end.
    fn table(dialects: Dialects) -> String {
        let head =
            "| section | product | what it is for | transport | switch | page |\n|---|---|---|---|---|---|\n"
                .to_owned();
        let ends = dialects.iter().flat_map(|dialect| dialect.ends.iter().map(move |end| row(dialect, end)));
        ends.fold(head, |table, row| table + &row)
    }

    fn row(dialect: &Dialect, declaration: &Declaration) -> String {
        let end = declaration.example();
        let section = declaration.section(dialect);
        let section =
            if declaration.is_repeated() { format!("[[{section}]]") } else { format!("[{section}]") };
        let switch = if end.switch().is_some() { "yes" } else { "no" };
        let (product, doc, kind) = (dialect.product, declaration.doc.join(" "), end.binding().kind());
        let docs = dialect.docs;
        format!("| `{section}` | {product} | {doc} | {kind} | {switch} | [{docs}]({docs}) |\n")
    }
}
