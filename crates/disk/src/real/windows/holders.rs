//! Which programs hold a file, as the Restart Manager of Windows tells (Windows Vista and later).
//!
//! It is made for installers that must name what keeps a file from being replaced. Nothing is asked to close.
#![expect(unsafe_code, reason = "the standard library has no such calls")]

use std::ffi::OsString;
use std::io;
use std::os::windows::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::ptr::null;

use windows_sys::Win32::Foundation::{CloseHandle, ERROR_MORE_DATA, ERROR_SUCCESS};
use windows_sys::Win32::System::RestartManager::{
    CCH_RM_SESSION_KEY, RM_PROCESS_INFO, RmEndSession, RmGetList, RmRegisterResources, RmStartSession,
};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcessId, OpenProcess, PROCESS_QUERY_LIMITED_INFORMATION, QueryFullProcessImageNameW,
};

use super::call;

/// The list grows between two questions where programs start: a few tries are enough.
const TRIES: u32 = 4;

struct Session(u32);

impl Session {
    fn start() -> io::Result<Self> {
        let mut session = 0;
        let mut key = [0_u16; CCH_RM_SESSION_KEY as usize + 1];
        // SAFETY: the key has room for what is documented to be written.
        done(unsafe { RmStartSession(&raw mut session, 0, key.as_mut_ptr()) })?;
        Ok(Self(session))
    }

    fn watch(&self, file: &[u16]) -> io::Result<()> {
        let files = [file.as_ptr()];
        // SAFETY: one text that ends with 0, no program and no service.
        done(unsafe { RmRegisterResources(self.0, 1, files.as_ptr(), 0, null(), 0, null()) })
    }

    fn list(&self) -> io::Result<Vec<RM_PROCESS_INFO>> {
        let mut room = Vec::new();
        for _ in 0..TRIES {
            let mut needed = 0;
            let mut count = u32::try_from(room.len()).unwrap_or(u32::MAX);
            let mut reasons = 0;
            // SAFETY: `room` holds `count` entries, and no more are written.
            let answer =
                unsafe { RmGetList(self.0, &raw mut needed, &raw mut count, room.as_mut_ptr(), &raw mut reasons) };
            if answer != ERROR_MORE_DATA {
                done(answer)?;
                room.truncate(count as usize);
                return Ok(room);
            }
            room.resize(needed as usize, RM_PROCESS_INFO::default());
        }
        Ok(Vec::new())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: the session is ours, and ended once. That it could not be ended harms nobody.
        let _ = unsafe { RmEndSession(self.0) };
    }
}

fn done(answer: u32) -> io::Result<()> {
    if answer == ERROR_SUCCESS { Ok(()) } else { Err(io::Error::from_raw_os_error(answer.cast_signed())) }
}

/// The names of the programs, other than this one, that have the file open.
pub(super) fn holders(path: &Path) -> io::Result<Vec<String>> {
    // With one kind of separator throughout.
    let path: PathBuf = path.components().collect();
    let session = Session::start()?;
    session.watch(&call::wide(&path)?)?;
    // SAFETY: asks for a number.
    let own = unsafe { GetCurrentProcessId() };
    let others = session.list()?.into_iter().filter(|program| program.Process.dwProcessId != own);
    Ok(others.map(|program| image(program.Process.dwProcessId).unwrap_or_else(|| text(&program.strAppName))).collect())
}

/// The file name of a program, such as `EXCEL.EXE`; `None` for one of another user.
fn image(process: u32) -> Option<String> {
    let mut path = [0_u16; 1024];
    let mut length = u32::try_from(path.len()).ok()?;
    // SAFETY: the handle is closed once; the name has the room said.
    let is_known = unsafe {
        let handle = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, process);
        if handle.is_null() {
            return None;
        }
        let known = QueryFullProcessImageNameW(handle, 0, path.as_mut_ptr(), &raw mut length) != 0;
        CloseHandle(handle);
        known
    };
    let path = is_known.then(|| PathBuf::from(OsString::from_wide(path.get(..length as usize).unwrap_or_default())))?;
    Some(path.file_name()?.to_string_lossy().into_owned())
}

fn text(units: &[u16]) -> String {
    let end = units.iter().position(|unit| *unit == 0).unwrap_or(units.len());
    String::from_utf16_lossy(&units[..end])
}
