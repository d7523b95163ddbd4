//! The cheapest way to ask for some documents among many.

/// What a request costs the server before its first row, in rows: measured on CouchDB 3.5, 1 to 2 ms against 0.11 to 0.17 ms a row.
const REQUEST: usize = 12;

/// One thing to ask.
#[derive(Debug, PartialEq, Eq)]
pub enum Ask {
    /// `GET /_scheduler/docs/{db}/{docid}`
    One(String),
    /// `GET /_scheduler/docs/{db}` from the first id to the last: for documents that stand close together.
    Range(String, String),
    /// `GET /_scheduler/docs/{db}`
    Everything,
}

/// Requests made for one tick at most: each also takes its time to the server and back.
const MOST_REQUESTS: usize = 32;

/// Documents asked for together: the first, the last, and how many there are from the one to the other.
struct Group<'a>(&'a str, &'a str, usize);

/// How to ask for the documents that are marked among `documents`, which are in the order of the list. `others` is how many the
/// list has beside these; where it has any, there is no telling which stand in between, and no range is asked for.
pub fn plan<'a>(documents: impl Iterator<Item = (&'a str, bool)> + Clone, others: usize) -> Vec<Ask> {
    let all = others + documents.clone().count();
    let mut gap = REQUEST;
    let mut groups = groups(documents.clone(), if others == 0 { gap } else { 0 });
    while groups.len() > MOST_REQUESTS && gap < all && others == 0 {
        gap *= 2;
        groups = self::groups(documents.clone(), gap);
    }
    let cost: usize = groups.iter().map(|group| REQUEST + group.2).sum();
    if cost > REQUEST + all || groups.len() > MOST_REQUESTS {
        return vec![Ask::Everything];
    }
    let ask = |Group(first, last, count)| match count {
        1 => Ask::One(first.to_owned()),
        _ => Ask::Range(first.to_owned(), last.to_owned()),
    };
    groups.into_iter().map(ask).collect()
}

/// The marked documents, together with those before them that are at most `gap` away.
fn groups<'a>(documents: impl Iterator<Item = (&'a str, bool)>, gap: usize) -> Vec<Group<'a>> {
    let mut groups: Vec<Group> = Vec::new();
    let mut since_last = 0;
    for (id, marked) in documents {
        since_last += 1;
        if !marked {
            continue;
        }
        match groups.last_mut().filter(|_| since_last <= gap) {
            Some(group) => {
                group.1 = id;
                group.2 += since_last;
            }
            None => groups.push(Group(id, id, 1)),
        }
        since_last = 0;
    }
    groups
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    /// The plan for those of `count` documents that are marked.
    fn planned(count: usize, marked: &[usize], others: usize) -> Vec<Ask> {
        let ids: Vec<String> = (0..count).map(|n| format!("{n:05}")).collect();
        plan(ids.iter().enumerate().map(|(n, id)| (id.as_str(), marked.contains(&n))), others)
    }

    #[test]
    fn the_few_are_asked_for_alone() {
        assert_eq!(planned(1000, &[], 0), []);
        assert_eq!(planned(1000, &[3, 500], 0), [Ask::One("00003".into()), Ask::One("00500".into())]);
    }

    #[test]
    fn neighbours_are_asked_for_together() {
        let both = [Ask::Range("00003".into(), "00010".into()), Ask::One("00500".into())];
        assert_eq!(planned(1000, &[3, 7, 10, 500], 0), both);
        // A request costs as much as the rows between these two.
        assert_eq!(planned(1000, &[3, 15], 0).len(), 1);
        assert_eq!(planned(1000, &[3, 16], 0).len(), 2);
    }

    #[test]
    fn many_are_asked_for_in_few_requests() {
        let spread: Vec<usize> = (0..4000).step_by(20).collect();
        assert_eq!(planned(4000, &spread, 0).len(), 1);
        let clusters: Vec<usize> = (0..4000).step_by(400).flat_map(|at| (at..at + 100).step_by(20)).collect();
        assert_eq!(planned(4000, &clusters, 0).len(), 10);
        assert_eq!(planned(1, &[0], 0), [Ask::One("00000".into())]);
    }

    #[test]
    fn no_plan_costs_more_than_the_list() {
        let every_second: Vec<usize> = (0..100).step_by(2).collect();
        assert_eq!(planned(100, &every_second, 0), [Ask::Range("00000".into(), "00098".into())]);
        assert_eq!(planned(3, &[0, 1, 2], 2), [Ask::Everything]);
    }

    #[test]
    fn among_unknown_ones_each_is_asked_for_alone() {
        assert_eq!(planned(2, &[0, 1], 1000), [Ask::One("00000".into()), Ask::One("00001".into())]);
        assert_eq!(planned(33, &(0..33).collect::<Vec<_>>(), 1000), [Ask::Everything]);
    }
}
