//! Client files by their names, and what of them is available offline.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use domain::id::FiscalYearId;
use protocol::failure::{Failure, FailureCode};
use protocol::local::SetOffline;
use protocol::query::{GetClientFile, ListClientFiles};
use protocol::view::{ClientFileList, ClientFileRow, ClientFileView};

use super::Voice;

/// What is to be available offline.
pub(super) struct Wanted {
    pub(super) clients: Vec<String>,
    /// Closing years; none for all.
    pub(super) years: Vec<i32>,
    pub(super) all: bool,
}

/// Makes available offline what is wanted.
pub(super) fn make_available(voice: &Voice, wanted: &Wanted) -> Result<(), Failure> {
    if wanted.all || !wanted.clients.is_empty() {
        wait_for_first_rows(voice)?;
    }
    for name in &wanted.clients {
        let row = client_named(voice, name)?;
        let years = if wanted.years.is_empty() { None } else { Some(years_closing(voice, &row, &wanted.years)?) };
        // What is so already is left alone: its files need no look.
        if !row.offline || row.offline_years != years {
            let request = SetOffline { client_files: vec![row.id], offline: true, years };
            let _: protocol::local::Nothing = voice.call("set_offline", &request)?;
        }
    }
    if wanted.all {
        make_all_available(voice)?;
    }
    Ok(())
}

/// Makes all client files available offline of which nothing was; whether there were some.
pub(super) fn make_all_available(voice: &Voice) -> Result<bool, Failure> {
    let rows = client_files(voice, "")?;
    let client_files: Vec<_> = rows.into_iter().filter(|row| !row.offline).map(|row| row.id).collect();
    if client_files.is_empty() {
        return Ok(false);
    }
    let request = SetOffline { client_files, offline: true, years: None };
    let _: protocol::local::Nothing = voice.call("set_offline", &request)?;
    Ok(true)
}

/// The fiscal years of a client file that close in these years, in the order in which they are told.
fn years_closing(voice: &Voice, client: &ClientFileRow, years: &[i32]) -> Result<Vec<FiscalYearId>, Failure> {
    let view: ClientFileView = voice.call("get_client_file", &GetClientFile { client_file: client.id })?;
    let mut found = BTreeSet::new();
    for year in years {
        let closing = view.fiscal_years.iter().filter(|known| known.end.starts_with(&format!("{year}-")));
        let before = found.len();
        found.extend(closing.map(|known| known.id));
        if found.len() == before {
            return Err(Failure::new(FailureCode::NotFound, "no such fiscal year")
                .with("client", &client.name)
                .with("year", year));
        }
    }
    Ok(found.into_iter().collect())
}

fn client_files(voice: &Voice, search: &str) -> Result<Vec<ClientFileRow>, Failure> {
    let mut rows = Vec::new();
    loop {
        let offset = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let request = ListClientFiles { search: search.to_owned(), limit: 500, offset, ..ListClientFiles::default() };
        let list: ClientFileList = voice.call("list_client_files", &request)?;
        let received = list.rows.len();
        rows.extend(list.rows);
        if received == 0 || rows.len() >= list.total as usize {
            return Ok(rows);
        }
    }
}

/// The client file of a name.
pub(super) fn client_named(voice: &Voice, name: &str) -> Result<ClientFileRow, Failure> {
    let key = domain::name::key(name);
    let rows = client_files(voice, "")?;
    rows.into_iter()
        .find(|row| domain::name::key(&row.name) == key)
        .ok_or_else(|| Failure::new(FailureCode::NotFound, "no such client file").with("client", name))
}

/// The replica of a first sign-in is empty until its first pull.
pub(super) fn wait_for_first_rows(voice: &Voice) -> Result<(), Failure> {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let overview: Result<protocol::view::OverviewView, Failure> =
            voice.call("get_overview", &protocol::query::GetOverview {});
        match overview {
            Ok(_) => return Ok(()),
            Err(failure) if failure.code == FailureCode::SignedOut => return Err(failure),
            Err(failure) if Instant::now() > deadline => return Err(failure),
            Err(_) => std::thread::park_timeout(Duration::from_millis(50)),
        }
    }
}
