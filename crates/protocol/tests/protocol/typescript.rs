//! Writes `ui/protocol/protocol.ts` when `GEDEON_GENERATE=1`, else holds it to what would be written.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use protocol::query::QuerySpec;
use ts_rs::{Config, TS, TypeVisitor};

#[derive(Default)]
struct Declarations {
    config: Config,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        T::visit_generics(self);
        if T::output_path().is_none() {
            return T::visit_dependencies(self);
        }
        let ident = T::ident(&self.config);
        if self.by_name.contains_key(&ident) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        self.by_name.insert(ident, format!("{docs}export {}\n", T::decl(&self.config)));
        T::visit_dependencies(self);
    }
}

fn calls(name: &str, list: &[QuerySpec]) -> String {
    let mut text = format!("\nexport interface {name} {{\n");
    for call in list {
        writeln!(
            text,
            "  /** {} */\n  {}: {{ request: {}; response: {} }};",
            call.summary.trim(),
            call.name,
            call.request,
            call.response
        )
        .expect("writing to a string");
    }
    text.push_str("}\n");
    text
}

#[test]
fn the_interface_has_the_types_of_the_protocol() {
    let mut declarations = Declarations { config: Config::new().with_large_int("number"), ..Declarations::default() };
    protocol::query::visit_types(&mut declarations);
    protocol::local::visit_types(&mut declarations);
    declarations.visit::<protocol::failure::Failure>();
    declarations.visit::<protocol::event::AppEvent>();

    let mut text = String::from(
        "// Generated from crates/protocol: do not edit. `GEDEON_GENERATE=1 cargo test -p protocol` writes it again.\n\n",
    );
    for declaration in declarations.by_name.values() {
        text.push_str(declaration);
    }
    text.push_str(&calls("Queries", protocol::query::QUERIES));
    text.push_str(&calls("LocalCalls", protocol::local::LOCAL_CALLS));
    text.push_str("\n/** Groups of data each call shows: it is read again when one changes. */\nexport const TAGS: Record<keyof Queries | keyof LocalCalls, Tag[]> = {\n");
    for call in protocol::query::QUERIES.iter().chain(protocol::local::LOCAL_CALLS) {
        let tags = serde_json::to_string(call.tags).expect("tags are words");
        writeln!(text, "  {}: {tags},", call.name).expect("writing to a string");
    }
    text.push_str("};\n");

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/protocol/protocol.ts");
    if std::env::var_os("GEDEON_GENERATE").is_some() {
        std::fs::write(&file, &text).expect("the interface's folder is writable");
    }
    let committed = std::fs::read_to_string(&file).expect("ui/protocol/protocol.ts is committed");
    assert!(
        committed == text,
        "ui/protocol/protocol.ts is not what crates/protocol gives: GEDEON_GENERATE=1 cargo test -p protocol"
    );
}
