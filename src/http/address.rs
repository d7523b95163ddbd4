//! The server's address.

/// Where a server is. Contains no credentials, so it can be shown.
pub struct Address {
    base: String,
}

impl Address {
    /// A URL without credentials and without a trailing slash.
    pub fn new(base: String) -> Address {
        Address { base }
    }

    /// The URL without credentials and without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.base
    }

    /// The URL of `path`, which begins with a slash.
    pub fn join(&self, path: &str) -> String {
        [&self.base, path].concat()
    }
}
