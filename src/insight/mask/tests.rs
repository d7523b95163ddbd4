//! What is masked, and what is not.

use super::mask;
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn what_is_secret_is_masked() {
    for (text, masked) in [
        ("https://user:s3cret@host:6984/db", "https://user:*****@host:6984/db"),
        ("https://user:p@ss:w0rd@host/db", "https://user:*****@host/db"),
        ("http://h/db?api_key=abc123&limit=3", "http://h/db?api_key=*****&limit=3"),
        ("http://h/db?x=1&Token=abc#frag", "http://h/db?x=1&Token=*****#frag"),
        ("http://h/?sig=a%2Bb%3D&access_token=q.w-e", "http://h/?sig=*****&access_token=*****"),
        (
            "db_not_found: could not open http://u:pw@h/db/?secret=1",
            "db_not_found: could not open http://u:*****@h/db/?secret=*****",
        ),
        ("{conn_failed,\"http://h/?password=a'b\"}", "{conn_failed,\"http://h/?password=*****\"}"),
        ("{options,[{password,\"s3cret\"},{x,1}]}", "{options,[{password,\"*****\"},{x,1}]}"),
        ("[{<<\"password\">>,<<\"s3cret\">>}]", "[{<<\"password\">>,<<\"*****\">>}]"),
        ("{\"username\":\"u\",\"password\": \"s3cret\"}", "{\"username\":\"u\",\"password\": \"*****\"}"),
        ("{\"Authorization\",\"Basic dTpw\"}", "{\"Authorization\",\"*****\"}"),
        ("sent Basic dTpwYXNz== and Bearer ey.J0.x", "sent Basic ***** and Bearer *****"),
        ("Cookie: AuthSession=YWRtaW46; Path=/", "Cookie: AuthSession=*****; Path=/"),
        ("sent Basic%20dTpwYXNz and Bearer%20ey.J0.x", "sent Basic%20***** and Bearer%20*****"),
        ("/?q=sent%20Basic%20dKEYTpw=&x=1", "/?q=sent%20Basic%20*****&x=1"),
        ("{basic_auth,{\"user\",\"s3cret\"}}", "{basic_auth,{\"user\",\"*****\"}}"),
        ("socks5://u:*****@proxy:1080", "socks5://u:*****@proxy:1080"),
    ] {
        assert_eq!(mask(text), masked);
    }
}

/// Each form with its secret between « and »: that is replaced, and nothing else.
const FORMS: &[&str] = &[
    // User info, with a password as people write it
    "https://user:«s3cret»@host:6984/db",
    "https://user:«p@ss:w0rd»@host/db",
    "https://user:«pa/ss»@host/db",
    "https://user:«pa?ss»@host/db",
    "https://user:«pa#ss»@host/db",
    "https://user:«pa<ss>x»@host/db",
    "https://user:«pa\"ss»@host/db",
    "https://user:«pa'ss»@host/db",
    "https://user:«pa ss word»@host/db",
    "https://user:«p@ss/w0rd»@host/db",
    "https://user:«p@/?#<\" x»@couch.example.org:5984/db",
    "https://user:«pa\\ss»@host/db",
    "https://user:«pa\\nss»@host/db",
    "https://user:«p%40ss»@host/db",
    "https://user:«s3cret»@[fd00::1]:5984/db",
    "https://user:«12345»@host/db",
    "https://:«s3cret»@host/db",
    "https://us@er:«s3cret»@host/db",
    "https://us%40er:«s3cret»@host/db",
    "https://user%3A«s3cret»@host/db",
    "socks5://user:«s3cret»@proxy:1080",
    "{http_request_failed,\"GET\",\"http://user:«pa\"ss»@host/db\",{error,nxdomain}}",
    "could not open http://u:«one»@h/a, http://v:«two»@h/b and http://h:5984/c",
    // ... without a scheme
    "user:«s3cret»@host/db",
    "//user:«s3cret»@host/db",
    "user:«s3cret»@10.0.0.1:5984",
    "user:«pa/ss»@host/db",
    "user:«p@ss»@host/db",
    "could not open user:«s3cret»@host/db",
    "{error,\"user:«s3cret»@host\"}",
    "curl -u x --proxy=user:«s3cret»@proxy:3128",
    // ... escaped
    "http%3A%2F%2Fuser%3A«s3cret»%40host%2Fdb",
    "http%253A%252F%252Fuser%253A«s3cret»%2540host%252Fdb",
    "user%3A«s3cret»%40host",
    "/?url=http%3A%2F%2Fuser%3A«s3%26cret»%40host&limit=3",
    "http:\\/\\/user:«s3cret»@host\\/db",
    "http://user:«s3cret»\\u0040host/db",
    "http\\u003a\\u002f\\u002fuser\\u003A«s3cret»\\u0040host/db",
    "http:\\/\\/user:«pa\\/ss»@host\\/db",
    "http://user:«s3cret»\\x40host/db",
    "{\"url\":\"http:\\/\\/user:«pa\\\"ss»@host\\/db\"}",
    // Queries and forms
    "http://h/db?api_key=«abc123»&limit=3",
    "http://h/db?key=«abc123»&limit=3",
    "http://h/db?x=1&Token=«abc»#frag",
    "http://h/?sig=«a%2Bb%3D»&access_token=«q.w-e»",
    "http://h/?token=«a%26b%23c%20d»&x=1",
    "http://h/?apikey=«a'b)c;d»&x=1",
    "(http://h/?apikey=«abc»), <http://h/?apikey=«abc»> 'http://h/?apikey=«abc»'",
    "pass=«abc»&passphrase=«abc»&pw=«abc»&pwd=«abc»&jwt=«abc»&user=u",
    "http://h/?client_secret=«abc»&clientSecret=«abc»&client-secret=«abc»&CLIENTSECRET=«abc»",
    "http://h/?X-Amz-Signature=«abc»&X-Amz-Credential=«abc»&X-Amz-Date=1",
    "http://h/db?x=1%26token%3D«abc»&y=1",
    "http://h/db?x=1%26token%3D«abc»%26y%3D1",
    "http://h/db?x=1%2526token%253D«abc»%2526y%253D1",
    "http://h/db?x=1\\u0026token\\u003d«abc»\\u0026y=1",
    "token=«abc»\nnext line",
    "password2=«abc» password_1=«abc» tokenValue=«abc»",
    "password = «abc» and = more",
    "{conn_failed,\"http://h/?password=«a\"b»\"}",
    "oauth_consumer_key=«abc», oauth_token=«abc», oauth_nonce=1",
    // Headers and cookies
    "Authorization: «Basic dTpw»",
    "Authorization: «Token abc»",
    "Authorization: «Digest username=\"u\", response=\"abc\"»\nAccept: */*",
    "proxy-authorization: «Basic dTpw»\r\nHost: h",
    "X-Api-Key: «abc»",
    "x-api-key:«abc»",
    "curl -H \"X-Api-Key: «abc»\" -H 'X-Auth-CouchDB-Token: «abc»' http://h",
    "Cookie: AuthSession=«YWRtaW46»; Path=/; HttpOnly",
    "Set-Cookie: AuthSession=«YWRtaW46»; Version=1; Expires=Tue",
    "Cookie: a=«one; b=two»",
    "AuthSession=«YWRtaW46»; Path=/",
    "JSESSIONID=«YWRtaW46»;path=/",
    "password: «abc»",
    "password: «abc def»\nuser: u",
    "password='«abc»' and more",
    "password=\"«abc»\" and more",
    "password='«a b\\'c»' and more",
    "sent Basic «dTpwYXNz==» and Bearer «ey.J0.x»",
    "sent Bearer «abc»",
    "sent Basic%20«dTpwYXNz» and Bearer%20«ey.J0.x»",
    "sent Bearer+«ey.J0.x»",
    "/?q=sent%20Basic%20«dKEYTpw=»&x=1",
    // JSON Web Tokens
    "«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln»",
    "bad token «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2l-n_x», sorry",
    "{error,<<\"«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln»\">>}",
    "http://h/«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln»/db",
    "«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0»",
    "«eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.»",
    // JSON
    "{\"username\":\"u\",\"password\": \"«s3cret»\"}",
    "{\"password\":\"«s3\\\"cret»\",\"x\":1}",
    "{\"password\":\"«s3cret\\\\»\",\"x\":1}",
    "{\"password\":«12345»,\"x\":1}",
    "{\"token\":\"«abc»\"}",
    "{'password': '«abc»', 'x': 1}",
    "{\\\"password\\\":\\\"«s3cret»\\\",\\\"x\\\":1}",
    "{\\\"password\\\":\\\"«s3\\\\\\\"cret»\\\",\\\"x\\\":1}",
    "%7B%22password%22%3A%22«s3cret»%22%2C%22x%22%3A1%7D",
    "%7B%22password%22%3A%22«s3%5C%22cret»%22%2C%22x%22%3A1%7D",
    "{\"auth\":{\"basic\":{\"username\":\"u\",\"password\":\"«s3cret»\"}}}",
    "{\"auth\":{\"iam\":{\"api_key\":\"«s3cret»\"}}}",
    "[[\"Authorization\",\"«Basic dTpw»\"],[\"Accept\",\"x\"]]",
    "{\"tokens\":[«\"a\",\"b\"»],\"x\":[1]}",
    "{\"password\":\"«cut o»",
    // Erlang
    "{options,[{password,\"«s3cret»\"},{x,1}]}",
    "{options,[{password,\"«s3\\\"cret»\"},{x,1}]}",
    "{proxy_password,\"«s3cret»\"},{proxy_user,\"u\"}",
    "{socks5_password,<<\"«s3cret»\">>}",
    "{socks5_password,\n    \"«s3cret»\"}",
    "[{<<\"password\">>,<<\"«s3cret»\">>}]",
    "{<<\"password\">>,<<«208,191»>>}",
    "{password,[«1087»]}",
    "{password,[«1087,1088»]},{x,[1]}",
    "{password,<<«208,191»>>},{x,<<1>>}",
    "{password,«s3cret»}",
    "{password,«12345»}",
    "#{password => <<\"«s3cret»\">>,x => 1}",
    "#{<<\"password\">> => <<\"«s3cret»\">>,x => 1}",
    "{auth,{\"u\",\"«s3cret»\"}}",
    "{basic_auth,{\"u\",\"«s3cret»\"}}",
    "{basic_auth,{<<\"u\">>,<<\"«s3cret»\">>}}",
    "{basic_auth,{[117,112],[«117,112»]}}",
    "{\"Authorization\",\"«Basic dTpw»\"}",
    "{\"Cookie\",\"«AuthSession=YWRtaW46»\"},{\"Accept\",\"x\"}",
    "{\"X-Auth-CouchDB-Token\",\"«abc»\"}",
    "<<\"{\\\"X-Api-Key\\\",\\\"«a\\\\\\\"bc»\\\"}\">>",
    "<<\"Failure: {error,\\\"http://u:«s3cret»@h/?token=«abc»\\\"}\">>",
    "{error,{{badmatch,{error,[{headers,[{\"Authorization\",\"«Basic dTpw»\"},{\"Host\",\"h\"}]}]}}}}",
];

/// Texts that only look as if they held a secret.
const HARMLESS: &[&str] = &[
    "http://127.0.0.1:5984/src_small/",
    "https://user@host/db",
    "http://@couch_prod:5984/dummy/",
    "socks5://u:*****@proxy:1080",
    "http://[fd00:a:d05:a7b:12::2]:5984/_users/",
    "{session_request_failed,\"http://fd00:a:d05:a7b:12::2/_session\",\n    \"admin@example.com\",{url_parsing_failed,{error,invalid_uri}}}",
    "http://couch:5984/userdb/bob@example.com",
    "http://couch:5984/db?email=bob@example.com",
    "http://localhost:5984 is not reached, ask admin@example.com",
    "http://host: no answer, ask admin@example.com",
    "http://h:5984/a and http://v@h/b",
    "{replication_auth_error,\n    {session_request_failed,\"http://h/_session\",\"user\",\n        {conn_failed,{error,econnrefused}}}}",
    "{replication_auth_error,{session_unexpected_result,\"405\",\"https://h/_session\",\"replicator\"}}",
    "{replication_auth_error,{session_request_unauthorized,\"http://h/_session\",\"carol\"}}",
    "unauthorized: Name or password is incorrect.",
    "{\"error\":\"unauthorized\",\"reason\":\"Name or password is incorrect.\"}",
    "{changes_req_failed,401,{[{<<\"error\">>,<<\"invalid_token\">>},{<<\"reason\">>,<<\"token expired\">>}]}}",
    "{error,no_password}",
    "{invalid_token,\"no such user\"}",
    "token_expired: at 12:30",
    "invalid token",
    "password is incorrect",
    "password: is required",
    "token: expired",
    "the token, secret and key are not shown",
    "{token,undefined}",
    "{\"token\":null,\"password\":true}",
    "basic authentication failed",
    "Basic Authentication required",
    "Bearer token required",
    "bearer authentication is not enabled",
    "{\"WWW-Authenticate\",\"Basic realm=\\\"server\\\"\"}",
    "WWW-Authenticate: Basic realm=\"server\"",
    "Access-Control-Allow-Headers: Authorization, X-Api-Key",
    "{\"Vary\",\"Accept, Cookie\"},{\"Server\",\"CouchDB/3.5.0\"}",
    "/_scheduler/docs/_replicator?startkey=%22a%22&limit=3",
    "/db/_view/x?start_key=1&end_key=2&key=%22a%22&keys=[1]&startkey_docid=a",
    "author=ann&design=blue&monkey=1&assigned_to=bob&turkey=2&keyboard=x",
    "compass=n, bypass=1, passed=3, passage=4, passive: x",
    "authority=x, authenticated=1, authentication: none, authored_by: ann",
    "{\"authors\":[\"ann\"],\"sessions_count\":3,\"primary_key\":\"id\",\"public_key\":\"x\"}",
    "max_document_size: 8000000",
    "a=b, c==d, key, token",
    "if token == expected then x",
    "at 2025-05-05T18:47:11Z@node1 and 12:30:45@ and 12:30:45@host",
    "bob@example.com, mailto:bob@example.com, couchdb@a.example.org",
    "org.couchdb.user:bob@example.com",
    "git@github.com:org/repo",
    "23-g1AAAACTeJzLYWBgYMpgTmHgz8tPSTV0MDQy1zMAQsMckEQiQ1L9____szKYExlzgQLsRmYGZqZpadg04DMGAL0",
    "0123456789abcdef0123456789abcdef+continuous+create_target",
    "1-967a00dff5e02add41819138abb3284d",
    "{noproc,{gen_server,call,[<0.20628.0>,{update_headers,[{\"Accept\",\"application/json\"}],6},600000]}}",
    "[{couch_replicator_auth_session,refresh,3,[{file,\"src/couch_replicator_auth_session.erl\"},{line,208}]}]",
    "[{couch_replicator_auth_session,'-refresh/3-fun-0-',2,[]},{couch_httpd_auth,cookie_authentication_handler,1,[]}]",
    "{session,<0.20628.0>},{token,#Ref<0.1.2.3>}",
    "{{nocatch,{invalid_json,{7275,invalid_string}}},[{couch_util,json_decode,2,[]}]}",
    "{tls_alert,{unknown_ca,\"TLS client: In state cipher received SERVER ALERT: Fatal - Unknown CA\\n\"}}",
    "{keyfile,\"/etc/couchdb/key.pem\"},{signature_algs,[sha256]}",
    "cookie_authentication_handler, cookie_format_invalid, {replication_auth_error,cookie_not_found}",
    "Replication `a` specified by document `b` already started, triggered by document `c` from db `_replicator`",
    "100% of docs, 50%25, C:\\couch\\data, \\u00e9, \\q",
    "eyJust a word, eyJ.x, eye.J.x",
    "",
];

/// A form with its secrets, and as it is to be shown.
fn form(marked: &str) -> (String, String) {
    let mut shown = String::new();
    for (at, part) in marked.split(['«', '»']).enumerate() {
        shown.push_str(if at % 2 == 1 { super::MASK } else { part });
    }
    (marked.replace(['«', '»'], ""), shown)
}

#[test]
fn secrets_of_every_form_are_masked_and_nothing_else() {
    assert!(FORMS.len() > 100);
    let wrong: Vec<_> = FORMS
        .iter()
        .map(|marked| form(marked))
        .filter(|(text, shown)| mask(text) != *shown)
        .map(|(text, shown)| format!("{text}\n  gave     {}\n  expected {shown}", mask(&text)))
        .collect();
    assert!(wrong.is_empty(), "{} forms:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn harmless_text_is_not_touched() {
    assert!(HARMLESS.len() > 60);
    let wrong: Vec<_> = HARMLESS
        .iter()
        .filter(|text| mask(text) != **text)
        .map(|text| format!("{text}\n  gave {}", mask(text)))
        .collect();
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_not_secret_stays() {
    for text in [
        "http://127.0.0.1:5984/src_small/",
        "https://user@host/db",
        "{replication_auth_error,\n    {session_request_failed,\"http://h/_session\",\"user\",\n        {conn_failed,{error,econnrefused}}}}",
        "unauthorized: Name or password is incorrect.",
        "basic authentication failed",
        "/_scheduler/docs/_replicator?startkey=%22a%22&limit=3",
        "a=b, c==d, key, token",
        "",
    ] {
        assert_eq!(mask(text), text);
    }
}

/// Texts that the recorded servers sent: whole answers, and each string in them.
fn recorded() -> Vec<String> {
    fn collect(value: &Value, texts: &mut Vec<String>) {
        match value {
            Value::String(text) => {
                texts.push(text.clone());
                if let Ok(inner @ (Value::Array(_) | Value::Object(_))) = serde_json::from_str(text) {
                    collect(&inner, texts);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
            Value::Object(members) => members.values().for_each(|value| collect(value, texts)),
            _ => {}
        }
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/recordings");
    let mut texts = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let recordings: Vec<Value> = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        recordings.iter().for_each(|recording| collect(&recording["body"], &mut texts));
    }
    texts.sort();
    texts.dedup();
    texts
}

/// What is secret in the recordings, as it stands there.
const RECORDED_SECRETS: [(&str, &str); 8] = [
    (":pass@", ":*****@"),
    (":topsecret@", ":*****@"),
    (":proxysecret@", ":*****@"),
    ("api_key=SECRETQ", "api_key=*****"),
    ("token=abcdef", "token=*****"),
    ("\"password\":\"pass\"", "\"password\":\"*****\""),
    ("\"Basic YWRtaW46cGFzcw==\"", "\"*****\""),
    ("Basic YWRtaW46cGFzcw==", "Basic *****"),
];

#[test]
fn texts_of_real_servers_are_not_touched_but_for_their_secrets() {
    let texts = recorded();
    assert!(texts.len() > 500, "{}", texts.len());
    for text in &texts {
        let expected =
            RECORDED_SECRETS.iter().fold(text.clone(), |text, (secret, masked)| text.replace(secret, masked));
        assert_eq!(mask(text), expected);
    }
}

/// Where a secret of letters and digits can stand.
const PLACES: &[&str] = &[
    "https://user:§@host",
    "//user:§@host/db",
    " user:§@host",
    "http%3A%2F%2Fu%3A§%40h",
    "http:\\/\\/u:§\\u0040h",
    "?api_key=§",
    "&key=§",
    "%26token%3D§",
    " password=\"§\"",
    " password='§'",
    " {\"password\",\"§\"}",
    " {<<\"password\">>,<<\"§\">>}",
    " Bearer §",
    " Bearer%20§",
    " Basic §",
    "\nX-Api-Key: §",
    "\nAuthorization: Token §",
    "{\\\"token\\\":\\\"§\\\"}",
    "%22token%22%3A%22§%22",
    "{auth,{\"u\",\"§\"}}",
    "\nCookie: x=§",
    "clientSecret=§",
    "{proxy_password,[§]}",
    "eyJ§.eyJ§.§",
];

/// What people write into passwords, each with its escape in a JSON string or an Erlang term.
fn odd() -> impl Strategy<Value = String> {
    proptest::string::string_regex(r#"[/?#<" @:;,&=%]{1,3}"#).unwrap()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

proptest! {
    #[test]
    fn no_planted_secret_is_left(
        before in r#"[a-z{}<>",:=&?/@ \n]{0,30}"#, after in r#"([&" \n>].{0,20})?"#,
        place in 0..PLACES.len(), random in "[A-Za-z0-9]{0,8}",
    ) {
        let secret = format!("S3{random}cr3T");
        let text = format!("{before}{}{after}", PLACES[place].replace('§', &secret));
        prop_assert!(!mask(&text).contains(&secret), "{text}\n{}", mask(&text));
    }

    #[test]
    fn no_part_of_a_password_with_odd_characters_is_left(odd in odd(), path in "(/[a-z]{0,5})?", quoted: bool) {
        // After `@`, this cannot be told from a host and its path.
        prop_assume!(!odd.contains("@/") && !odd.contains("@?") && !odd.contains("@#"));
        let url = format!("http://user:S3one{odd}S3two@couch.example.org{path}");
        let text = if quoted { format!("{{error,\"{}\"}}", escaped(&url)) } else { url };
        let masked = mask(&text);
        prop_assert!(!masked.contains("S3one") && !masked.contains("S3two"), "{text}\n{masked}");
        prop_assert!(masked.contains("@couch.example.org"), "{text}\n{masked}");
    }

    #[test]
    fn a_quoted_secret_ends_at_its_quote(secret in r#"[^*\x00]{1,12}"#, depth in 0..3, tail in "[a-z ]{0,5}") {
        let mut text = format!("{{\"x\":\"{tail}\",\"password\":\"{}\",\"y\":\"{tail}\"}}", escaped(&secret));
        let mut shown = format!("{{\"x\":\"{tail}\",\"password\":\"*****\",\"y\":\"{tail}\"}}");
        for _ in 0..depth {
            (text, shown) = (escaped(&text), escaped(&shown));
        }
        // Escapes that the string itself has are decoded with those around it.
        prop_assume!(!secret.contains('%'));
        prop_assert_eq!(mask(&text), shown);
    }

    #[test]
    fn masked_text_stays_as_it_is(
        text in r#"([a-z ]{0,4}|password|auth|token|S3cr3t|key|eyJa|Basic |Bearer |Cookie: |=|"|'|://|//|@|:|: |;|,|\\|\\"|%22|%40|%3A|%|\{|\}|\[|\]|<<|>>|&|#|\?|\*\*\*\*\*|\.|é|\n){0,30}"#
    ) {
        let once = mask(&text).into_owned();
        prop_assert_eq!(mask(&once), once.clone(), "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(text in r#"(\PC|password|=|"|://|@|:|Basic |\\|\\u|%|%c3|é|\x00){0,60}"#) {
        let _ = mask(&text);
    }
}
