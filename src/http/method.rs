//! HTTP methods.

/// A method of CouchDB's API.
#[derive(Clone, Copy)]
pub enum Method {
    /// Reads
    Get,
    /// Creates, where the server chooses the name
    Post,
    /// Creates or replaces
    Put,
    /// Deletes
    Delete,
}

impl Method {
    /// The name as HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}
