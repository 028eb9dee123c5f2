//! Pictures and files that can't be sent as they are named.

use super::{Asked, Edit, Finding, Fix};
use crate::media::{self, DETAILS, FileRef};

pub(super) fn check(asked: &Asked, findings: &mut Vec<Finding>) {
    for part in media::parts(asked.body) {
        let what = if part.picture { "picture" } else { "file" };
        let remove = || Fix::offered("Take it out", [Edit::remove(&part.pointer)]);
        match part.source {
            None if part.file_id.is_none() => findings.push(
                Finding::error(
                    "attachment_nothing",
                    &part.source_pointer,
                    format!("A {what} has neither data nor an address."),
                )
                .reason("Attach a file, or name a URL or a file_id.")
                .fix(Some(remove())),
            ),
            Some(text) => {
                if let Some(trouble) = asked.context.files.get(text) {
                    let name = FileRef::parse(text).map_or_else(|| text.to_owned(), |it| it.path);
                    findings.push(
                        Finding::error(
                            trouble.code(),
                            &part.source_pointer,
                            trouble.message(&name),
                        )
                        .reason(trouble.hint())
                        .fix(Some(remove())),
                    );
                }
            }
            None => {}
        }
        if let Some(detail) = part
            .detail
            .filter(|it| part.picture && !DETAILS.contains(it))
        {
            findings.push(
                Finding::warning(
                    "picture_detail",
                    format!(
                        "{}/detail",
                        part.source_pointer
                            .rsplit_once('/')
                            .map_or("", |(at, _)| at)
                    ),
                    format!("No source names the detail {detail:?}."),
                )
                .reason(format!("It is one of {}.", DETAILS.join(", "))),
            );
        }
    }
}
