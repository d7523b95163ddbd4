//! Plans the cheapest requests that look up some documents among many.

/// Cost of a request without its rows, counted in rows. Measured on CouchDB 3.5: a request takes 1
/// to 2 ms, and 0.11 to 0.17 ms for each row.
const REQUEST_COST: usize = 12;

/// One request.
#[derive(Debug, PartialEq, Eq)]
pub enum Lookup {
    /// `GET /_scheduler/docs/{db}/{docid}`
    One(String),
    /// `GET /_scheduler/docs/{db}` from the first id to the last: for documents that are close
    /// together.
    Range(String, String),
    /// `GET /_scheduler/docs/{db}`
    All,
}

/// Maximum number of requests in a tick: each also takes a round trip.
const MAX_REQUESTS: usize = 32;

/// Documents that are requested together: the first, the last, and the number from the first to the
/// last.
struct Group<'a>(&'a str, &'a str, usize);

/// Plans the lookups of the marked documents among `documents`, which are in the order of the list.
/// `others` is the number of further documents in the list. If it has any, it is unknown which of
/// them lie between two documents, so no range is requested.
pub fn plan<'a>(documents: impl Iterator<Item = (&'a str, bool)> + Clone, others: usize) -> Vec<Lookup> {
    let all = others + documents.clone().count();
    let mut gap = REQUEST_COST;
    let mut groups = groups(documents.clone(), if others == 0 { gap } else { 0 });
    while groups.len() > MAX_REQUESTS && others == 0 {
        gap *= 2;
        groups = self::groups(documents.clone(), gap);
    }
    let cost: usize = groups.iter().map(|group| REQUEST_COST + group.2).sum();
    if cost > REQUEST_COST + all || groups.len() > MAX_REQUESTS {
        return vec![Lookup::All];
    }
    let lookup = |Group(first, last, count)| match count {
        1 => Lookup::One(first.to_owned()),
        _ => Lookup::Range(first.to_owned(), last.to_owned()),
    };
    groups.into_iter().map(lookup).collect()
}

/// Groups the marked documents: one that is at most `gap` after the previous one joins its group.
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

    /// Plans the marked ones of `count` documents.
    fn planned(count: usize, marked: &[usize], others: usize) -> Vec<Lookup> {
        let ids: Vec<String> = (0..count).map(|n| format!("{n:05}")).collect();
        plan(ids.iter().enumerate().map(|(n, id)| (id.as_str(), marked.contains(&n))), others)
    }

    #[test]
    fn few_documents_are_looked_up_one_by_one() {
        assert_eq!(planned(1000, &[], 0), []);
        assert_eq!(planned(1000, &[3, 500], 0), [Lookup::One("00003".into()), Lookup::One("00500".into())]);
    }

    #[test]
    fn neighbours_are_looked_up_together() {
        let both = [Lookup::Range("00003".into(), "00010".into()), Lookup::One("00500".into())];
        assert_eq!(planned(1000, &[3, 7, 10, 500], 0), both);
        // A request costs as much as the rows between these two.
        assert_eq!(planned(1000, &[3, 15], 0).len(), 1);
        assert_eq!(planned(1000, &[3, 16], 0).len(), 2);
    }

    #[test]
    fn many_documents_take_few_requests() {
        let spread: Vec<usize> = (0..4000).step_by(20).collect();
        assert_eq!(planned(4000, &spread, 0).len(), 1);
        let clusters: Vec<usize> = (0..4000).step_by(400).flat_map(|at| (at..at + 100).step_by(20)).collect();
        assert_eq!(planned(4000, &clusters, 0).len(), 10);
        assert_eq!(planned(1, &[0], 0), [Lookup::One("00000".into())]);
        let most: Vec<usize> = (0..32).map(|n| n * 100).collect();
        assert_eq!(planned(4000, &most, 0).len(), 32);
        // The accepted distance doubles: beyond 20 it is 24, which joins the pairs as well.
        let pairs: Vec<usize> = (0..20).flat_map(|pair| [pair * 43, pair * 43 + 20]).collect();
        assert_eq!(planned(1000, &pairs, 0), [Lookup::Range("00000".into(), "00837".into())]);
    }

    #[test]
    fn no_plan_costs_more_than_the_list() {
        let every_second: Vec<usize> = (0..100).step_by(2).collect();
        assert_eq!(planned(100, &every_second, 0), [Lookup::Range("00000".into(), "00098".into())]);
        assert_eq!(planned(3, &[0, 1, 2], 2), [Lookup::All]);
    }

    #[test]
    fn among_unknown_documents_each_is_looked_up_alone() {
        assert_eq!(planned(2, &[0, 1], 1000), [Lookup::One("00000".into()), Lookup::One("00001".into())]);
        assert_eq!(planned(32, &(0..32).collect::<Vec<_>>(), 1000).len(), 32);
        assert_eq!(planned(33, &(0..33).collect::<Vec<_>>(), 1000), [Lookup::All]);
    }
}
