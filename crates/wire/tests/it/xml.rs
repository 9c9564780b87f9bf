//! The XML reader and writer: consistency with each other and with another parser, and hostile input.

use cordboard_wire::xml::{Element, Error, Limits, Node, Writer, parse};
use proptest::prelude::*;

fn read(document: &str) -> Result<Element, Error> {
    parse(document.as_bytes(), &Limits::MESSAGE)
}

#[test]
fn text_and_values_are_collected_across_entities() {
    let root = read(r#"<a v='p&amp;s&#x73;&lt;"'>p&amp;<![CDATA[<s>]]>&#115;<b/>tail</a>"#).unwrap();
    assert_eq!(root.attribute("v"), Some("p&ss<\""));
    assert_eq!(root.children.len(), 3);
    assert_eq!(root.children[0], Node::Text("p&<s>s".into()));
    assert_eq!(root.text(), "p&<s>stail");
}

#[test]
fn pretty_and_declared_documents_are_read() {
    let root =
        read("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- c -->\n<a>\n <b x='1'/>\n</a>\n")
            .unwrap();
    assert_eq!(root.elements().map(|element| element.name.as_str()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn a_value_is_normalised() {
    assert_eq!(read("<a v='1\r\n2\t3&#10;4'/>").unwrap().attribute("v"), Some("1 2 3\n4"));
}

#[test]
fn the_errors_name_the_limit_and_both_values() {
    let deep = "<a>".repeat(200_000);
    let limits = Limits { bytes_max: 1 << 20, ..Limits::MESSAGE };
    let error = |document: &str| parse(document.as_bytes(), &limits).unwrap_err().to_string();
    assert_eq!(error(&deep), "xml is nested deeper than 64 elements");
    let wide: String = (0..100_000).map(|index| format!(" a{index}=''")).collect();
    assert_eq!(
        parse(format!("<e{wide}/>").as_bytes(), &Limits { bytes_max: 1 << 22, ..limits })
            .unwrap_err()
            .to_string(),
        "xml element e has more than 64 attributes"
    );
    assert_eq!(error(&format!("<a>{}</a>", "<b/>".repeat(1_024))), "xml has more than 1024 elements");
    assert_eq!(
        error(&format!("<a v='{}'/>", "x".repeat(8_193))),
        "xml attribute v has 8193 bytes; the maximum is 8192"
    );
    assert_eq!(read(&deep).unwrap_err().to_string(), "xml has 600000 bytes; the maximum is 65536");
}

#[test]
fn prefixes_stand_for_namespaces_where_they_are_declared() {
    let root = read(
        r#"<a:r xmlns:a="urn:1" xmlns="urn:0" a:x="1"><b a:x="2" x="3"/><c xmlns="" xmlns:a="urn:2"><a:d/><e/></c></a:r>"#,
    )
    .unwrap();
    assert!(root.is("urn:1", "r"));
    assert_eq!(root.attribute_in("urn:1", "x"), Some("1"));
    let (b, c) = (root.first("b").unwrap(), root.first("c").unwrap());
    assert!(b.is("urn:0", "b"));
    assert_eq!((b.attribute_in("urn:1", "x"), b.attribute("x")), (Some("2"), Some("3")));
    assert_eq!((c.namespace(), c.first("e").unwrap().namespace()), (None, None));
    assert!(c.first("d").unwrap().is("urn:2", "d"));
    assert_eq!(b.resolve("a:name"), Some((Some("urn:1"), "name")));
    assert_eq!(c.resolve("name"), Some((None, "name")));
    assert_eq!(c.resolve("z:name"), None);
    assert_eq!(root.scope.namespace("xml"), Some("http://www.w3.org/XML/1998/namespace"));
}

#[test]
fn namespaces_are_declared_well_and_not_too_often() {
    for document in [
        "<a:b/>",
        "<a b:c=''/>",
        "<a xmlns:b=''/>",
        "<a xmlns:b='u' xmlns:c='u' b:x='' c:x=''/>",
        "<a xmlns:xml='u'/>",
        "<a xmlns:b:c='u'/>",
        "<a xmlns:b='u'><b:c:d/></a>",
        "<a xmlns:b='u'><b:/></a>",
        "<:a/>",
        "<b:x xmlns:b='u' xmlns:c='u' b:x='' c:x=''/>",
    ] {
        assert!(read(document).is_err(), "{document}");
    }
    let each: String = (0..60).map(|index| format!("<e xmlns:n{index}='u'>")).collect();
    let limits = Limits { namespaces_max: 59, ..Limits::MESSAGE };
    let error = parse(each.as_bytes(), &limits).unwrap_err().to_string();
    assert_eq!(error, "xml element e has more than 59 namespaces in scope");
    let wide: String = (0..50_000).map(|index| format!(" xmlns:n{index}='u'")).collect();
    let limits = Limits { bytes_max: 4 << 20, ..Limits::MESSAGE };
    let error = parse(format!("<e{wide}/>").as_bytes(), &limits).unwrap_err().to_string();
    assert_eq!(error, "xml element e has more than 64 attributes");
    let long = format!("<e>{}</e>", "x".repeat(32_769));
    assert_eq!(read(&long).unwrap_err().to_string(), "xml element e has more than 32768 bytes of text");
}

#[test]
fn entities_cannot_be_declared() {
    let bomb = r#"<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>"#;
    assert_eq!(read(bomb), Err(Error::DocumentType));
    assert_eq!(read("<l>&b;</l>"), Err(Error::Entity { name: "b".into() }));
    assert_eq!(read("<l v='&nbsp;'/>"), Err(Error::Entity { name: "nbsp".into() }));
    assert_eq!(read("<l v='&#0;'/>"), Err(Error::Entity { name: "#0".into() }));
    assert_eq!(read("<l>&#1;</l>"), Err(Error::Character { code: 1 }));
}

#[test]
fn what_is_not_utf8_or_not_a_character_is_refused() {
    assert_eq!(parse(b"<a>\xff</a>", &Limits::MESSAGE), Err(Error::NotUtf8 { at: 3 }));
    assert_eq!(parse(b"<a>\0</a>", &Limits::MESSAGE), Err(Error::Character { code: 0 }));
    let latin = read("<?xml version='1.0' encoding='ISO-8859-1'?><a/>").unwrap_err();
    assert_eq!(latin, Error::Encoding { encoding: "ISO-8859-1".into() });
}

#[test]
fn truncated_documents_are_refused_at_every_byte() {
    let whole = r#"<CCTSDK><event name="A&amp;B"><data name="n" value="v"/></event></CCTSDK>"#;
    assert!(read(whole).is_ok());
    for end in 0..whole.len() {
        assert!(read(&whole[..end]).is_err(), "{:?}", &whole[..end]);
    }
}

#[test]
fn what_only_looks_like_xml_is_refused() {
    for document in [
        "",
        "  ",
        "text",
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "</a>",
        "<a></b>",
        "<a b/>",
        "<a b=c/>",
        "<a b='1' b='2'/>",
        "<a b='&'/>",
        "<a b='<'/>",
        "<a>&</a>",
        "<a>& </a>",
        "< a/>",
        "<1/>",
        "<a 1='2'/>",
        "<a><!DOCTYPE x></a>",
    ] {
        assert!(read(document).is_err(), "{document:?}");
    }
}

#[test]
fn characters_that_xml_has_not_are_replaced() {
    let mut xml = Writer::new();
    xml.empty("a", &[("v", "1\u{1}2\u{fffe}")]);
    assert_eq!(xml.finish(), "<a v=\"1\u{fffd}2\u{fffd}\"/>");
}

fn allowed() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            any::<char>().prop_map(|any| if cordboard_wire::xml::is_allowed(any) { any } else { '?' }),
            proptest::sample::select(vec!['&', '<', '>', '"', '\'', '\t', '\n', '\r', ']', ' ']),
        ],
        0..40,
    )
    .prop_map(String::from_iter)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(value in allowed(), text in allowed(), inner in allowed()) {
        let mut xml = Writer::new();
        xml.open("root", &[("value", &value)]);
        xml.text(&text);
        xml.empty("child", &[("value", inner.as_str()), ("b", "")]);
        let written = xml.finish();
        let root = read(&written).unwrap();
        prop_assert_eq!(root.attribute("value"), Some(value.as_str()));
        prop_assert_eq!(root.text(), text.as_str());
        let child = root.elements().next().unwrap();
        prop_assert_eq!(child.attribute("value"), Some(inner.as_str()));
        let other = roxmltree::Document::parse(&written).unwrap();
        prop_assert_eq!(other.root_element().attribute("value"), Some(value.as_str()));
        prop_assert_eq!(other.root_element().text().unwrap_or(""), text.as_str());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes, &Limits::MESSAGE);
    }

    /// Another parser also accepts what this one accepts, and reads the same.
    #[test]
    fn we_are_no_more_lenient_than_another_parser(document in "(<[ab]?( [cd]?=?['\"][ &;ax]{0,4}['\"])?/?>|</[ab]>|[xy&;]|&amp;|<!--|-->|\\]\\]>){0,8}") {
        if let Ok(root) = read(&document) {
            let other = roxmltree::Document::parse(&document);
            prop_assert!(other.is_ok(), "{}: {:?}", document, other);
            let other = other.unwrap();
            prop_assert_eq!(root.name.as_str(), other.root_element().tag_name().name());
            for attribute in other.root_element().attributes() {
                prop_assert_eq!(root.attribute(attribute.name()), Some(attribute.value()));
            }
        }
    }
}
