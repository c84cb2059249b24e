//! The server, told from outside: real HTTP on a port of this machine, real folders, the real program.

mod binary;
mod contents;
mod description;
mod encryption;
mod events;
mod full_disk;
mod invitations;
mod large_contents;
mod people;
mod postgres;
mod sessions;
mod support;
mod sync;
