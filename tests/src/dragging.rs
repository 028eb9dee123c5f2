//! A drag from another program, as the X Window System carries it (XDND 5): the tests' stand-in for a file manager.

use std::path::Path;
use std::time::{Duration, Instant};

use x11rb::CURRENT_TIME;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt, CreateWindowAux, EventMask, MapState,
    PropMode, SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, SelectionRequestEvent, Window,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::failure::{Failure, Result};

const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks for an answer, and between two positions while the window makes up its mind.
const BEAT: Duration = Duration::from_millis(5);
const VERSION: u32 = 5;

x11rb::atom_manager! {
    Atoms: AtomsCookie {
        XdndAware,
        XdndSelection,
        XdndEnter,
        XdndPosition,
        XdndStatus,
        XdndLeave,
        XdndDrop,
        XdndFinished,
        XdndActionCopy,
        TARGETS,
    }
}

/// Something that is being dragged. It is let go by [`Drag::drop_it`], else taken back.
pub struct Drag {
    connection: RustConnection,
    atoms: Atoms,
    root: Window,
    /// The window of this program, which asks and answers on its behalf.
    source: Window,
    /// What can be had of it, and in which form.
    offers: Vec<(Atom, Vec<u8>)>,
    /// The window that it is over.
    target: Option<Window>,
    at: (i16, i16),
    is_welcome: bool,
    finished: Option<bool>,
    has_status: bool,
}

impl Drag {
    /// Takes up files and folders, as a file manager offers them.
    pub fn of_files(paths: &[&Path]) -> Result<Self> {
        let mut list = String::new();
        for path in paths {
            list += "file://";
            for byte in path.to_string_lossy().bytes() {
                if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
                    list.push(char::from(byte));
                } else {
                    list += &format!("%{byte:02X}");
                }
            }
            list += "\r\n";
        }
        Self::of(&[("text/uri-list", list.into_bytes())])
    }

    /// Takes up a text, as an editor or a browser offers a selection of it.
    pub fn of_text(text: &str) -> Result<Self> {
        let text = text.as_bytes().to_vec();
        Self::of(&[
            ("UTF8_STRING", text.clone()),
            ("text/plain;charset=utf-8", text.clone()),
            ("text/plain", text),
        ])
    }

    fn of(offers: &[(&str, Vec<u8>)]) -> Result<Self> {
        let (connection, screen) = x11rb::connect(None)?;
        let atoms = Atoms::new(&connection)?.reply()?;
        let root = connection
            .setup()
            .roots
            .get(screen)
            .ok_or_else(|| Failure::new("The display has no screen."))?
            .root;
        let source = connection.generate_id()?;
        connection.create_window(
            x11rb::COPY_DEPTH_FROM_PARENT,
            source,
            root,
            -10,
            -10,
            1,
            1,
            0,
            WindowClass::INPUT_OUTPUT,
            x11rb::COPY_FROM_PARENT,
            &CreateWindowAux::new(),
        )?;
        connection.set_selection_owner(source, atoms.XdndSelection, CURRENT_TIME)?;
        let mut named = Vec::new();
        for (name, bytes) in offers {
            let atom = connection
                .intern_atom(false, name.as_bytes())?
                .reply()?
                .atom;
            named.push((atom, bytes.clone()));
        }
        Ok(Self {
            connection,
            atoms,
            root,
            source,
            offers: named,
            target: None,
            at: (0, 0),
            is_welcome: false,
            finished: None,
            has_status: false,
        })
    }

    /// Moves it to a place of the screen, and waits until what lies there takes it.
    pub async fn over(&mut self, x: i16, y: i16) -> Result<()> {
        self.at = (x, y);
        let target = self.window_at(x, y)?;
        if self.target != Some(target) {
            self.leave()?;
            self.target = Some(target);
            let mut data = [self.source, VERSION << 24, 0, 0, 0];
            for (slot, (atom, _)) in data.iter_mut().skip(2).zip(&self.offers) {
                *slot = *atom;
            }
            self.send(self.atoms.XdndEnter, data)?;
        }
        self.is_welcome = false;
        self.until(
            "the window to take what is dragged",
            |drag| drag.is_welcome,
            true,
        )
        .await
    }

    /// Lets it go where it is, and waits until the window has taken it.
    pub async fn drop_it(mut self) -> Result<()> {
        self.send(self.atoms.XdndDrop, [self.source, 0, CURRENT_TIME, 0, 0])?;
        self.until(
            "the window to have taken the drop",
            |drag| drag.finished.is_some(),
            false,
        )
        .await?;
        self.target = None;
        Ok(())
    }

    /// Moves it out of the window again.
    pub fn leave(&mut self) -> Result<()> {
        if self.target.is_some() {
            self.send(self.atoms.XdndLeave, [self.source, 0, 0, 0, 0])?;
            self.target = None;
        }
        Ok(())
    }

    async fn until(&mut self, what: &str, is: fn(&Self) -> bool, moves: bool) -> Result<()> {
        let patience = Instant::now() + PATIENCE;
        // A window asks for what is dragged before it answers, and answers to the next move only.
        let mut waits = 0_u32;
        self.has_status = true;
        while !is(self) {
            if Instant::now() > patience {
                return Err(Failure::new(format!(
                    "Waited {} s for {what}.",
                    PATIENCE.as_secs()
                )));
            }
            waits += 1;
            // One position at a time, as the protocol asks; again after a while without an answer.
            if moves && (self.has_status || waits.is_multiple_of(100)) {
                self.has_status = false;
                let (x, y) = self.at;
                let place = u32::from(x.cast_unsigned()) << 16 | u32::from(y.cast_unsigned());
                let data = [
                    self.source,
                    0,
                    place,
                    CURRENT_TIME,
                    self.atoms.XdndActionCopy,
                ];
                self.send(self.atoms.XdndPosition, data)?;
            }
            while let Some(event) = self.connection.poll_for_event()? {
                self.take(&event)?;
            }
            tokio::time::sleep(BEAT).await;
        }
        Ok(())
    }

    fn take(&mut self, event: &Event) -> Result<()> {
        match event {
            Event::SelectionRequest(asked) => self.hand_over(asked)?,
            Event::ClientMessage(told) if told.type_ == self.atoms.XdndStatus => {
                self.has_status = true;
                self.is_welcome = told.data.as_data32()[1] & 1 == 1;
            }
            Event::ClientMessage(told) if told.type_ == self.atoms.XdndFinished => {
                self.finished = Some(told.data.as_data32()[1] & 1 == 1);
            }
            _ => {}
        }
        Ok(())
    }

    /// Gives the window what it asks for, in the form that it asks for.
    fn hand_over(&self, asked: &SelectionRequestEvent) -> Result<()> {
        let (requestor, property) = (asked.requestor, asked.property);
        let found = self.offers.iter().find(|(atom, _)| *atom == asked.target);
        let given = if asked.target == self.atoms.TARGETS {
            let forms: Vec<Atom> = self.offers.iter().map(|(atom, _)| *atom).collect();
            self.connection.change_property32(
                PropMode::REPLACE,
                requestor,
                property,
                AtomEnum::ATOM,
                &forms,
            )?;
            true
        } else if let Some((form, bytes)) = found {
            self.connection.change_property8(
                PropMode::REPLACE,
                requestor,
                property,
                *form,
                bytes,
            )?;
            true
        } else {
            false
        };
        let told = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: asked.time,
            requestor,
            selection: asked.selection,
            target: asked.target,
            property: if given { property } else { x11rb::NONE },
        };
        self.connection
            .send_event(false, requestor, EventMask::NO_EVENT, told)?;
        self.connection.flush()?;
        Ok(())
    }

    fn send(&self, kind: Atom, data: [u32; 5]) -> Result<()> {
        let target = self
            .target
            .ok_or_else(|| Failure::new("It is dragged over no window."))?;
        let message = ClientMessageEvent::new(32, target, kind, data);
        self.connection
            .send_event(false, target, EventMask::NO_EVENT, message)?;
        self.connection.flush()?;
        Ok(())
    }

    /// The topmost window at a place of the screen that takes drops.
    fn window_at(&self, x: i16, y: i16) -> Result<Window> {
        // From the lowest to the topmost.
        for window in self
            .connection
            .query_tree(self.root)?
            .reply()?
            .children
            .into_iter()
            .rev()
        {
            let (Ok(about), Ok(place)) = (
                self.connection.get_window_attributes(window)?.reply(),
                self.connection.get_geometry(window)?.reply(),
            ) else {
                continue;
            };
            let inside = |at: i16, from: i16, length: u16| {
                i32::from(at) >= i32::from(from)
                    && i32::from(at) < i32::from(from) + i32::from(length)
            };
            if about.map_state != MapState::VIEWABLE
                || !inside(x, place.x, place.width)
                || !inside(y, place.y, place.height)
            {
                continue;
            }
            let aware = self
                .connection
                .get_property(false, window, self.atoms.XdndAware, AtomEnum::ANY, 0, 1)?
                .reply()?;
            if aware.value_len > 0 {
                return Ok(window);
            }
        }
        Err(Failure::new(format!("No window at {x}, {y} takes drops.")))
    }
}

impl Drop for Drag {
    fn drop(&mut self) {
        let _ = self.leave();
    }
}
