//! The workspace as a list for a face: its folders and requests in their order, and what changed between
//! two looks at it.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::defaults::{self, Chain, FolderFile, Inherited};
use super::index::{Folder, Seen, Snapshot};
use super::names;
use super::request_file::{Endpoint, RequestSummary};
use crate::error::{Error, ErrorCode};

/// A folder in the sidebar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct FolderSummary {
    /// Relative to the workspace folder, with forward slashes; "" for the workspace itself, which is listed
    /// too.
    pub path: String,
    pub name: String,
    /// Its place in the order that the folder above asks for; None: after those, by name.
    pub position: Option<u32>,
    /// It hands something down to the requests below it.
    pub has_defaults: bool,
    /// What its `folder.yaml` was when it was seen, "" where it has none.
    pub stamp: String,
    /// Why its `folder.yaml` can't be followed.
    pub problem: Option<Error>,
}

/// Folders and requests, each in the order of the tree: depth first, folders before requests where no
/// order is asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listing {
    pub folders: Vec<FolderSummary>,
    pub requests: Vec<RequestSummary>,
}

impl Listing {
    /// The names of all that lies directly in a folder, in the order in which it is shown.
    pub fn names_in(&self, folder: &str) -> Vec<String> {
        let folders = self.folders.iter().map(|it| {
            let (parent, file) = names::split(&it.path);
            (parent, it.position, false, it.name.to_lowercase(), file)
        });
        let folders = folders.filter(|(.., file)| !file.is_empty());
        let requests = self.requests.iter().map(|it| {
            let (parent, file) = names::split(&it.path);
            (parent, it.position, true, it.name.to_lowercase(), file)
        });
        let mut found: Vec<_> = folders
            .chain(requests)
            .filter(|(parent, ..)| *parent == folder)
            .map(|(_, position, is_request, name, file)| {
                (position.unwrap_or(u32::MAX), is_request, name, file)
            })
            .collect();
        found.sort();
        found
            .into_iter()
            .map(|(.., file)| file.to_owned())
            .collect()
    }
}

/// What changed in the tree. Everything in it takes the place of what was known under its path.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct TreeNews {
    /// This is all there is: what else was known is gone.
    pub whole: bool,
    /// Files whose text is another, or that are gone: what is open of them should be looked at. Files of the
    /// workspace that are no requests among them.
    pub changed: Vec<String>,
    /// Paths of requests that are no longer there.
    pub removed: Vec<String>,
    /// Requests that are new, or are shown in another way.
    pub requests: Vec<RequestSummary>,
    /// All folders, if any of them changed.
    pub folders: Option<Vec<FolderSummary>>,
    /// Requests that were found but not read yet.
    pub pending: u32,
    /// What stands in the way of seeing the workspace; what was known of it stays.
    pub problem: Option<Error>,
}

impl TreeNews {
    /// Nothing that a face would show.
    pub fn is_empty(&self) -> bool {
        self.removed.is_empty()
            && self.requests.is_empty()
            && self.folders.is_none()
            && self.problem.is_none()
            && self.changed.is_empty()
            && !self.whole
    }

    /// What is different in `now`.
    pub fn between(before: &Listing, now: &Listing) -> Self {
        let known: HashMap<&str, &RequestSummary> = before
            .requests
            .iter()
            .map(|summary| (summary.path.as_str(), summary))
            .collect();
        let there: HashMap<&str, ()> = now
            .requests
            .iter()
            .map(|summary| (summary.path.as_str(), ()))
            .collect();
        let mut news = Self::default();
        for summary in &now.requests {
            let old = known.get(summary.path.as_str());
            if old != Some(&summary) {
                news.requests.push(summary.clone());
            }
            if old.is_some_and(|old| !old.pending && !summary.pending && old.stamp != summary.stamp)
            {
                news.changed.push(summary.path.clone());
            }
            news.pending += u32::from(summary.pending);
        }
        for summary in &before.requests {
            if !there.contains_key(summary.path.as_str()) {
                news.removed.push(summary.path.clone());
                news.changed.push(summary.path.clone());
            }
        }
        if before.folders != now.folders {
            news.folders = Some(now.folders.clone());
        }
        news
    }
}

/// The list of what was seen.
pub fn list(snapshot: &Snapshot) -> Listing {
    let twins = twins(&snapshot.files);
    let mut below: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
    for path in snapshot.folders.keys().filter(|path| !path.is_empty()) {
        let (parent, name) = names::split(path);
        below.entry(parent).or_default().push(Item {
            name: name.to_lowercase(),
            file: name,
            path,
            seen: None,
        });
    }
    for (path, seen) in &snapshot.files {
        let (parent, file) = names::split(path);
        let name = seen
            .as_ref()
            .and_then(|seen| seen.brief.as_ref().ok())
            .map_or(file, |brief| &brief.name);
        below.entry(parent).or_default().push(Item {
            name: name.to_lowercase(),
            file,
            path,
            seen: Some(seen.as_ref()),
        });
    }
    let mut listing = Listing::default();
    if let Some(top) = snapshot.folders.get("") {
        listing
            .folders
            .push(folder_summary("", "", None, Some(top)));
    }
    Lister {
        snapshot,
        below,
        twins,
    }
    .fill("", &mut Vec::new(), &mut listing);
    listing
}

/// A folder or a file in the folder that holds it.
struct Item<'a> {
    /// By which it is sorted.
    name: String,
    file: &'a str,
    path: &'a str,
    /// None for a folder; what was read of it for a file.
    seen: Option<Option<&'a Seen>>,
}

struct Lister<'a> {
    snapshot: &'a Snapshot,
    below: BTreeMap<&'a str, Vec<Item<'a>>>,
    /// Of ids that more than one file has, the files.
    twins: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Lister<'a> {
    fn fill(&mut self, folder: &'a str, chain: &mut Chain, listing: &mut Listing) {
        let own = self.snapshot.folders.get(folder);
        let file = own.and_then(|own| own.file.as_ref());
        let order = file.map_or(&[][..], |file: &FolderFile| &file.order);
        if let Some(file) = file {
            chain.push((folder.to_owned(), file.clone()));
        }
        let inherited =
            Endpoint::ALL.map(|endpoint| (endpoint, defaults::inherited(chain, endpoint)));
        let mut items = self.below.remove(folder).unwrap_or_default();
        let position = |name: &str| order.iter().position(|known| known == name);
        items.sort_by(|a, b| {
            let rank = |item: &Item| {
                (
                    position(item.file).unwrap_or(usize::MAX),
                    item.seen.is_some(),
                )
            };
            (rank(a), &a.name, a.path).cmp(&(rank(b), &b.name, b.path))
        });
        for item in &items {
            let position = position(item.file).and_then(|at| u32::try_from(at).ok());
            if let Some(seen) = item.seen {
                let mut summary = summary(item.path, seen);
                summary.position = position;
                if let Some(Ok(brief)) = seen.map(|seen| &seen.brief) {
                    let own = inherited.iter().find(|(of, _)| *of == brief.endpoint);
                    own.into_iter()
                        .for_each(|(_, inherited)| inherit(&mut summary, inherited));
                }
                summary.notice = self.notice(&summary);
                listing.requests.push(summary);
            } else {
                let known = self.snapshot.folders.get(item.path);
                let summary = folder_summary(item.path, item.file, position, known);
                listing.folders.push(summary);
                self.fill(item.path, chain, listing);
            }
        }
        if file.is_some() {
            chain.pop();
        }
    }

    /// What is odd about a request that can be read all the same.
    fn notice(&self, summary: &RequestSummary) -> Option<Error> {
        let files = self.twins.get(summary.id.as_str())?;
        let other = files.iter().find(|path| **path != summary.path)?;
        Some(
            Error::new(
                ErrorCode::IdTaken,
                format!(
                    "{} has the same id as {other}: their runs can't be told apart.",
                    summary.path
                ),
            )
            .place(*other)
            .hint("Give one of them a new id. The runs so far stay with the other."),
        )
    }
}

fn folder_summary(
    path: &str,
    name: &str,
    position: Option<u32>,
    known: Option<&Folder>,
) -> FolderSummary {
    FolderSummary {
        path: path.to_owned(),
        name: name.to_owned(),
        position,
        has_defaults: known
            .and_then(|known| known.file.as_ref())
            .is_some_and(|file| !file.defaults.is_empty()),
        stamp: known.map(|known| known.stamp.clone()).unwrap_or_default(),
        problem: known.and_then(|known| known.problem.clone()),
    }
}

/// Fills in the model and the effort that come from a folder.
fn inherit(summary: &mut RequestSummary, inherited: &[Inherited]) {
    for value in inherited {
        let place = match value.pointer.as_str() {
            "/model" => &mut summary.model,
            "/reasoning/effort" | "/reasoning_effort" => &mut summary.effort,
            _ => continue,
        };
        if place.is_none() {
            *place = value.value.as_str().map(str::to_owned);
        }
    }
}

fn twins(files: &[(String, Option<Seen>)]) -> HashMap<&str, Vec<&str>> {
    let mut by_id: HashMap<&str, Vec<&str>> = HashMap::new();
    for (path, seen) in files {
        if let Some(Ok(brief)) = seen.as_ref().map(|seen| &seen.brief) {
            by_id.entry(&brief.id).or_default().push(path);
        }
    }
    by_id.retain(|_, files| files.len() > 1);
    by_id
}

/// A request as the sidebar lists it, without what depends on its neighbours.
pub fn summary(path: &str, seen: Option<&Seen>) -> RequestSummary {
    let (folder, file) = names::split(path);
    let mut summary = RequestSummary {
        path: path.to_owned(),
        folder: folder.to_owned(),
        id: path.to_owned(),
        name: file.to_owned(),
        model: None,
        effort: None,
        tags: Vec::new(),
        position: None,
        stamp: seen.map(|seen| seen.stamp.clone()).unwrap_or_default(),
        pending: seen.is_none(),
        problem: None,
        notice: None,
    };
    match seen.map(|seen| &seen.brief) {
        None => {}
        Some(Ok(brief)) => {
            summary.id.clone_from(&brief.id);
            summary.name.clone_from(&brief.name);
            summary.model.clone_from(&brief.model);
            summary.effort.clone_from(&brief.effort);
            summary.tags.clone_from(&brief.tags);
        }
        Some(Err(problem)) => summary.problem = Some(problem.clone()),
    }
    summary
}
