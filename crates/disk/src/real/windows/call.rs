//! The calls of Windows that the standard library lacks, each a safe function; the only unsafe code of the crate.
//!
//! Nothing is decided here. Paths come in their extended form.
#![expect(unsafe_code, reason = "the standard library has no such calls")]

use std::fs::File;
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::io::{AsRawHandle, FromRawHandle};
use std::path::Path;
use std::ptr::{null, null_mut};

use windows_sys::Win32::Foundation::{ERROR_INVALID_NAME, HANDLE, INVALID_HANDLE_VALUE, STATUS_DELETE_PENDING};
use windows_sys::Win32::Storage::FileSystem::{
    BY_HANDLE_FILE_INFORMATION, FILE_ATTRIBUTE_TAG_INFO, FILE_BASIC_INFO, FILE_ID_INFO, FILE_INFO_BY_HANDLE_CLASS,
    FILE_READ_ATTRIBUTES, FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE, FILE_STANDARD_INFO,
    FileAttributeTagInfo, FileBasicInfo, FileIdInfo, FileStandardInfo, GetDiskFreeSpaceExW, GetFileInformationByHandle,
    GetFileInformationByHandleEx, MoveFileExW, REPLACEFILE_IGNORE_ACL_ERRORS, REPLACEFILE_IGNORE_MERGE_ERRORS,
    ReOpenFile, ReplaceFileW, SetFileAttributesW,
};
use windows_sys::core::BOOL;

#[link(name = "ntdll.dll", kind = "raw-dylib", modifiers = "+verbatim")]
unsafe extern "system" {
    fn RtlGetLastNtStatus() -> i32;
}

/// A path as the system takes it.
pub(super) fn wide(path: &Path) -> io::Result<Vec<u16>> {
    let mut text: Vec<u16> = path.as_os_str().encode_wide().collect();
    if text.contains(&0) {
        return Err(io::Error::from_raw_os_error(ERROR_INVALID_NAME.cast_signed()));
    }
    text.push(0);
    Ok(text)
}

/// The system's error, where a call answered false.
fn done(answer: BOOL) -> io::Result<()> {
    if answer == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// What the system tells about an open file, by the number of its class.
///
/// # Safety
/// The type is what the system writes for `CLASS`, and any bytes it writes make a value of it.
pub(super) unsafe trait Told: Default {
    const CLASS: FILE_INFO_BY_HANDLE_CLASS;
}

// SAFETY: of all four, the type is the one documented for the class, of integers and of flags that are 0 or 1.
unsafe impl Told for FILE_BASIC_INFO {
    const CLASS: FILE_INFO_BY_HANDLE_CLASS = FileBasicInfo;
}
// SAFETY: see above.
unsafe impl Told for FILE_STANDARD_INFO {
    const CLASS: FILE_INFO_BY_HANDLE_CLASS = FileStandardInfo;
}
// SAFETY: see above.
unsafe impl Told for FILE_ATTRIBUTE_TAG_INFO {
    const CLASS: FILE_INFO_BY_HANDLE_CLASS = FileAttributeTagInfo;
}
// SAFETY: see above.
unsafe impl Told for FILE_ID_INFO {
    const CLASS: FILE_INFO_BY_HANDLE_CLASS = FileIdInfo;
}

/// What the system tells about an open file.
pub(super) fn told<T: Told>(file: &File) -> io::Result<T> {
    let mut answer = T::default();
    let length = u32::try_from(size_of::<T>()).expect("BUG: an answer of more than 4 GiB");
    // SAFETY: the handle is open, and the answer is as long as said and may hold any bytes of its class.
    done(unsafe { GetFileInformationByHandleEx(file.as_raw_handle(), T::CLASS, (&raw mut answer).cast(), length) })?;
    Ok(answer)
}

/// What volumes without [`FILE_ID_INFO`] tell: the volume's serial number and the file's index.
pub(super) fn short_identity(file: &File) -> io::Result<(u32, u64)> {
    let mut answer = BY_HANDLE_FILE_INFORMATION::default();
    // SAFETY: the handle is open, and the answer is of the type asked for.
    done(unsafe { GetFileInformationByHandle(file.as_raw_handle(), &raw mut answer) })?;
    let index = u64::from(answer.nFileIndexHigh) << 32 | u64::from(answer.nFileIndexLow);
    Ok((answer.dwVolumeSerialNumber, index))
}

/// Another handle to an open file, for its metadata.
pub(super) fn reopened(file: &File) -> io::Result<File> {
    let share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    // SAFETY: the handle is open; the one returned belongs to nobody else.
    unsafe {
        let handle: HANDLE = ReOpenFile(file.as_raw_handle(), FILE_READ_ATTRIBUTES, share, 0);
        if handle == INVALID_HANDLE_VALUE { Err(io::Error::last_os_error()) } else { Ok(File::from_raw_handle(handle)) }
    }
}

/// Moves a file or a folder to a name that is free, on the same volume.
pub(super) fn move_to_free_name(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = (wide(from)?, wide(to)?);
    // SAFETY: both texts end with 0. Without flags nothing is replaced, and nothing copied from volume to volume.
    done(unsafe { MoveFileExW(from.as_ptr(), to.as_ptr(), 0) })
}

/// Puts `replacement` in the place of `replaced`, which takes the free name `backup`.
pub(super) fn replace(replaced: &Path, replacement: &Path, backup: &Path) -> io::Result<()> {
    let (replaced, replacement, backup) = (wide(replaced)?, wide(replacement)?, wide(backup)?);
    // A volume that keeps no streams or rights has none to lose.
    let flags = REPLACEFILE_IGNORE_MERGE_ERRORS | REPLACEFILE_IGNORE_ACL_ERRORS;
    // SAFETY: the three texts end with 0; the two reserved pointers are null, as they must be.
    done(unsafe { ReplaceFileW(replaced.as_ptr(), replacement.as_ptr(), backup.as_ptr(), flags, null(), null()) })
}

/// Gives a file or a folder these attributes and no others.
pub(super) fn set_attributes(path: &Path, attributes: u32) -> io::Result<()> {
    let path = wide(path)?;
    // SAFETY: the text ends with 0.
    done(unsafe { SetFileAttributesW(path.as_ptr(), attributes) })
}

/// Bytes that this user may still write on the volume of a folder.
pub(super) fn free_bytes(folder: &Path) -> io::Result<u64> {
    let folder = wide(folder)?;
    let mut free = 0;
    // SAFETY: the text ends with 0, and what is not asked for is null.
    done(unsafe { GetDiskFreeSpaceExW(folder.as_ptr(), &raw mut free, null_mut(), null_mut()) })?;
    Ok(free)
}

/// Whether this thread's last call failed because the file is removed and only waits for its last handle to be closed:
/// the error of such a call is «access denied» like any other.
pub(super) fn was_delete_pending() -> bool {
    // SAFETY: reads a number of this thread.
    unsafe { RtlGetLastNtStatus() == STATUS_DELETE_PENDING }
}
