//! How a request says who is asking.

mod basic;

/// One way to authenticate.
pub enum Auth {
    /// HTTP Basic: name and password with each request.
    Basic {
        /// Name of the user; must not contain a colon.
        username: String,
        /// Password of the user.
        password: String,
    },
}

impl Auth {
    /// The value of the `Authorization` header.
    pub fn header(&self) -> Option<String> {
        match self {
            Auth::Basic { username, password } => basic::header(username, password),
        }
    }
}
