//! The stand-in over real sockets: themes in one binary.

#[cfg(test)]
#[path = "wire/batches.rs"]
mod batches;
#[cfg(test)]
#[path = "wire/chat.rs"]
mod chat;
#[cfg(test)]
#[path = "wire/checks.rs"]
mod checks;
#[cfg(test)]
#[path = "wire/door.rs"]
mod door;
#[cfg(test)]
#[path = "wire/faults.rs"]
mod faults;
#[cfg(test)]
#[path = "wire/forwarding.rs"]
mod forwarding;
#[cfg(test)]
#[path = "wire/images.rs"]
mod images;
#[cfg(test)]
#[path = "wire/kept.rs"]
mod kept;
#[cfg(test)]
#[path = "wire/ladder.rs"]
mod ladder;
#[cfg(test)]
#[path = "wire/log.rs"]
mod log;
#[cfg(test)]
#[path = "wire/recorded.rs"]
mod recorded;
#[cfg(test)]
#[path = "wire/refusals.rs"]
mod refusals;
#[cfg(test)]
#[path = "wire/replies.rs"]
mod replies;
#[cfg(test)]
#[path = "wire/socket.rs"]
mod socket;
#[cfg(test)]
#[path = "wire/structured.rs"]
mod structured;
#[cfg(test)]
#[path = "wire/talk.rs"]
mod talk;
#[cfg(test)]
#[path = "wire/usage.rs"]
mod usage;
