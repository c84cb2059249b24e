//! The wire between a workstation and the server: it can be cut, slowed to a halt at a byte, and tells how much passed.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// Where the server is at present: it takes another port at each start.
#[derive(Clone)]
pub(super) struct Socket(Arc<Mutex<Option<SocketAddr>>>);

impl Socket {
    pub(super) fn empty() -> Self {
        Self(Arc::default())
    }

    pub(super) fn plug(&self, address: Option<SocketAddr>) {
        *self.0.lock().unwrap() = address;
    }

    pub(super) fn address(&self) -> Option<SocketAddr> {
        *self.0.lock().unwrap()
    }
}

/// A wire. Dropping it cuts it.
pub(super) struct Wire {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    server: Socket,
    passing: Mutex<Passing>,
    changed: Condvar,
}

struct Passing {
    is_cut: bool,
    is_over: bool,
    sent: u64,
    halt_at: u64,
    ends: Vec<TcpStream>,
}

impl Wire {
    pub(super) fn to(server: &Socket) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let passing = Passing { is_cut: false, is_over: false, sent: 0, halt_at: u64::MAX, ends: Vec::new() };
        let state = Arc::new(State { server: server.clone(), passing: Mutex::new(passing), changed: Condvar::new() });
        let accepting = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if accepting.passing.lock().unwrap().is_over {
                    return;
                }
                accepting.join(&stream);
            }
        });
        Self { address, state }
    }

    /// The address that the workstation takes for the server's.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts it: what is under way ends, and nothing gets through until it is mended.
    pub(super) fn cut(&self) {
        let mut passing = self.state.passing.lock().unwrap();
        passing.is_cut = true;
        passing.end_all();
        self.state.changed.notify_all();
    }

    /// Mends it.
    pub(super) fn mend(&self) {
        let mut passing = self.state.passing.lock().unwrap();
        passing.is_cut = false;
        passing.halt_at = u64::MAX;
        self.state.changed.notify_all();
    }

    /// Bytes that the workstation has sent in all.
    pub(super) fn sent(&self) -> u64 {
        self.state.passing.lock().unwrap().sent
    }

    /// Lets `more` bytes of the workstation pass, and no further one until it is mended.
    pub(super) fn halt_after(&self, more: u64) {
        let mut passing = self.state.passing.lock().unwrap();
        passing.halt_at = passing.sent + more;
    }

    /// Whether it stands still.
    pub(super) fn is_halted(&self) -> bool {
        let passing = self.state.passing.lock().unwrap();
        passing.sent >= passing.halt_at
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.state.passing.lock().unwrap().is_over = true;
        self.cut();
        // Wakes the thread that accepts, which then ends.
        let _ = TcpStream::connect(self.address);
    }
}

impl Passing {
    fn end_all(&mut self) {
        for end in self.ends.drain(..) {
            // One that its peer closed already is what is wanted.
            let _ = end.shutdown(Shutdown::Both);
        }
    }
}

impl State {
    /// Joins a connection of the workstation to one of the server; without a server it is closed.
    fn join(self: &Arc<Self>, workstation: &TcpStream) {
        let Some(server) = self.server.address().and_then(|address| TcpStream::connect(address).ok()) else { return };
        {
            let mut passing = self.passing.lock().unwrap();
            if passing.is_cut {
                return;
            }
            passing.ends.push(workstation.try_clone().unwrap());
            passing.ends.push(server.try_clone().unwrap());
        }
        for (from, to, is_sent) in [(workstation, &server, true), (&server, workstation, false)] {
            let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
            to.set_nodelay(true).unwrap();
            let state = Arc::clone(self);
            thread::spawn(move || {
                state.carry(&from, &to, is_sent);
                let _ = from.shutdown(Shutdown::Both);
                let _ = to.shutdown(Shutdown::Both);
            });
        }
    }

    fn carry(&self, mut from: &TcpStream, mut to: &TcpStream, is_sent: bool) {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count) = from.read(&mut buffer) {
            if count == 0 || (is_sent && !self.may_pass(count)) || to.write_all(&buffer[..count]).is_err() {
                return;
            }
        }
    }

    /// Counts bytes of the workstation; waits where the wire stands still. False where it was cut meanwhile.
    fn may_pass(&self, count: usize) -> bool {
        let passing = self.passing.lock().unwrap();
        let mut passing =
            self.changed.wait_while(passing, |passing| passing.sent >= passing.halt_at && !passing.is_cut).unwrap();
        passing.sent += count as u64;
        !passing.is_cut
    }
}
