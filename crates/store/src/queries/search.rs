//! Search by name over client files, folders and documents.
//!
//! Names are short and a firm's fit in memory pages: a scan of the folded sort keys answers as one types. Full text comes
//! with the contents' own index.

use domain::access::Scope;
use domain::text::folded;
use protocol::query::Search;
use protocol::view::{SearchHit, SearchResults};

use super::Asked;
use crate::commands::naming::ancestors;
use crate::engine::{Row, Value};
use crate::error::Result;
use crate::rows::{ClientFile, Node};

/// The most results.
const MAX_HITS: u32 = 50;

pub(super) fn search(asked: &mut Asked<'_, '_>, request: &Search) -> Result<SearchResults> {
    let folded_text = folded(&request.text);
    let words: Vec<&str> = folded_text.split_whitespace().collect();
    let limit = request.limit.clamp(1, MAX_HITS) as usize;
    let mut hits = Vec::new();
    if words.is_empty() {
        return Ok(SearchResults { hits });
    }
    if request.client_file.is_none() {
        let clients: Vec<ClientFile> = asked.unit.list("id <> '' ORDER BY sort_key, id", &[])?;
        hits.extend(
            clients
                .into_iter()
                .filter(|row| asked.actor.sees(&Scope::Client(row.id)) && begins_words(&folded(&row.name), &words))
                .take(limit)
                .map(|row| SearchHit::ClientFile { id: row.id, name: row.name }),
        );
    }
    for row in candidates(asked, request, &words)? {
        if hits.len() >= limit {
            break;
        }
        if begins_words(&folded(&row.get::<String>(1)?), &words) && asked.actor.sees(&row.get(2)?) {
            let node = asked.unit.need_node(row.get(0)?)?;
            hits.extend(hit(asked, node)?);
        }
    }
    Ok(SearchResults { hits })
}

/// What is shown of a node found; nothing where a folder above it is in the trash.
fn hit(asked: &mut Asked<'_, '_>, node: Node) -> Result<Option<SearchHit>> {
    let above = ancestors(&mut asked.unit, node.parent)?;
    if above.iter().any(Node::is_trashed) {
        return Ok(None);
    }
    let client = asked.unit.need_client_file(node.client_file)?;
    let path = above.into_iter().rev().map(|folder| folder.name).collect();
    Ok(Some(if node.is_folder {
        SearchHit::Folder { id: node.id, name: node.name, client_file: client.id, client_name: client.name, path }
    } else {
        SearchHit::Document {
            id: node.id,
            parent: node.parent,
            name: node.name,
            client_file: client.id,
            client_name: client.name,
            path,
        }
    }))
}

/// Id, name and scope of the nodes whose names may match, the latest first.
fn candidates(asked: &mut Asked<'_, '_>, request: &Search, words: &[&str]) -> Result<Vec<Row>> {
    // The database narrows by the longest word, with accents and case folded in the key; the rest is checked by the
    // caller. Names that differ from their keys by digits are found by their letters.
    let letters = words
        .iter()
        .flat_map(|word| word.split(|c: char| c.is_ascii_digit()))
        .max_by_key(|part| part.len())
        .unwrap_or_default();
    // `_` stands for any character, itself and the two that mean something else to LIKE included.
    let pattern = format!("%{}%", letters.replace(['%', '\\'], "_"));
    let mut params = vec![Value::Text(pattern)];
    let mut condition = "sort_key LIKE $2".to_owned();
    if let Some(client) = request.client_file {
        condition.push_str(" AND client_file = $3");
        params.push(Value::Text(client.to_string()));
    }
    let sql = format!(
        "SELECT id, name, scope FROM node WHERE firm = $1 AND deleted = 0 AND trashed_at = 0 AND {condition} ORDER BY modified_at DESC, id"
    );
    asked.unit.select(&sql, &params)
}

/// Whether each word begins a word of `name`.
fn begins_words(name: &str, words: &[&str]) -> bool {
    words.iter().all(|word| {
        name.starts_with(word) || name.match_indices(word).any(|(at, _)| !name[..at].ends_with(char::is_alphanumeric))
    })
}
