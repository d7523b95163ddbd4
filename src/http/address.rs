//! The server's address, without the credentials that a URL may contain.

use js_sys::decode_uri_component;
use web_sys::Url;

use rows::json::find;

/// Name and password in a URL.
pub struct UserInfo {
    /// Name of the user
    pub username: String,
    /// Password of the user
    pub password: String,
}

/// Where a server is. Contains no credentials, so it can be shown.
pub struct Address {
    base: String,
}

impl Address {
    /// Parses `url`. Returns its user info, percent-decoded, separately. The error says what the URL should be, without repeating
    /// what could be a password.
    pub fn parse(url: &str) -> Result<(Address, Option<UserInfo>), &'static str> {
        if has_password_cut_off(url) {
            return Err(
                "a URL whose password is percent-encoded: / as %2F, ? as %3F, # as %23, @ as %40; or give it as `auth`",
            );
        }
        let url = Url::new(url)
            .map_err(|_| "an absolute URL such as \"https://couch.example.com:6984\"; in a page, new URL(path, location.href) makes one")?;
        if !matches!(url.protocol().as_str(), "http:" | "https:") {
            return Err("a URL that begins with http:// or https://");
        }
        if !url.search().is_empty() || !url.hash().is_empty() {
            return Err("the server's URL alone, without \"?\" or \"#\"");
        }
        let auth = user_info(&url)?;
        let base = [&*url.origin(), url.pathname().trim_end_matches('/')].concat();
        Ok((Address { base }, auth))
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

/// Whether `url` contains a password with a raw `/`, `?` or `#`: it would end the host's part of the URL, so the `@` follows it.
fn has_password_cut_off(url: &str) -> bool {
    let authority = url.get(find(url, "://").map_or(0, |at| at + 3)..).unwrap_or_default();
    let at = authority.bytes().position(|byte| byte == b'@');
    authority.bytes().position(|byte| b"/?#".contains(&byte)).is_some_and(|end| at.is_some_and(|at| end < at))
}

fn user_info(url: &Url) -> Result<Option<UserInfo>, &'static str> {
    if url.username().is_empty() && url.password().is_empty() {
        return Ok(None);
    }
    let decode = |text: String| {
        decode_uri_component(&text).map(String::from).map_err(|_| "user and password percent-encoded as UTF-8")
    };
    Ok(Some(UserInfo { username: decode(url.username())?, password: decode(url.password())? }))
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn user_info_becomes_authentication_and_is_removed_from_the_address() {
        let (address, auth) = Address::parse("https://us%C3%A9r:p%40ss@couch.test:6984/behind/a/proxy/").unwrap();
        assert_eq!(address.as_str(), "https://couch.test:6984/behind/a/proxy");
        assert_eq!(address.join("/_session"), "https://couch.test:6984/behind/a/proxy/_session");
        let UserInfo { username, password } = auth.unwrap();
        assert_eq!((&*username, &*password), ("usér", "p@ss"));
        assert!(Address::parse("http://couch.test").unwrap().1.is_none());
    }

    #[wasm_bindgen_test]
    fn a_url_that_is_not_a_server_is_refused() {
        for url in [
            "",
            "couch.test",
            "/couchdb",
            "ftp://couch.test",
            "http://couch.test/?a=b",
            "http://couch.test/#a",
            "http://u:%ff@h",
            "http://admin:a/b@couch.test:5984",
            "http://admin:12#b@couch.test:5984",
            "http://admin:12?b@couch.test:5984",
        ] {
            assert!(Address::parse(url).is_err(), "{url}");
        }
    }
}
