//! What is masked, and what is not.

use super::{MASK, is_sensitive, mask};
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

/// Forms of secrets, each secret between « and », and texts that only look like some; the tests in JavaScript read them too.
fn forms() -> Value {
    serde_json::from_str(include_str!("../../../tests/support/secret-forms.json")).unwrap()
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => vec![],
    }
}

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
    let forms = texts(&forms()["secret"]);
    assert!(forms.len() > 100);
    let wrong: Vec<_> = forms
        .iter()
        .map(|marked| form(marked))
        .filter(|(text, shown)| mask(text) != *shown)
        .map(|(text, shown)| format!("{text}\n  gave     {}\n  expected {shown}", mask(&text)))
        .collect();
    assert!(wrong.is_empty(), "{} forms:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn harmless_text_is_not_touched() {
    let harmless = texts(&forms()["harmless"]);
    assert!(harmless.len() > 50);
    let wrong: Vec<_> = harmless
        .iter()
        .filter(|text| mask(text) != **text)
        .map(|text| format!("{text}\n  gave {}", mask(text)))
        .collect();
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_secret_is_masked_whatever_its_length() {
    for len in (1000..1040).chain([3000, 20_000]) {
        let secret = "eyJhbGciOi5".repeat(len / 11 + 1);
        let secret = &secret[..len];
        for form in [
            "https://user:{}@host/db",
            "https://user:{}@host/db?at=me@home",
            "user:{}@host",
            "https%3A%2F%2Fuser%3A{}%40host%2Fdb",
            "{basic_auth,{\"user\",\"{}\"}} closed",
            "{auth, {\"basic\", {\"user\", \"{}\"}}}",
            "wrong password \"{}\", sorry",
            "password '{}' rejected",
            "--password '{}' --verbose",
            "password={}&more=1",
            "{password,<<\"{}\">>}",
        ] {
            let shown = mask(&form.replace("{}", secret)).into_owned();
            assert!(!shown.contains("eyJ"), "{len} of {form}: {shown}");
            assert!(shown.contains(form.split(['"', '{']).next().unwrap()), "{len} of {form}: {shown}");
        }
    }
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

#[test]
fn a_name_is_sensitive_by_its_ending() {
    for name in [
        "dbpassword",
        "PHPSESSID",
        "X-Api_Key2",
        "X-Key",
        "x-functions-key",
        "pw",
        "my_pass",
        "userPin",
        "O-Auth",
        "private.key",
        "tokenValue",
        "sig_id",
        "password_base64",
        "secret_key_base",
    ] {
        assert!(is_sensitive(name.as_bytes()), "{name}");
    }
    for name in [
        "",
        "w",
        "compass",
        "spin",
        "startkey",
        "x_key",
        "max-key",
        "token_key",
        "passenger",
        "value",
        "invalid_token",
        "ord",
        "database",
        "base64",
    ] {
        assert!(!is_sensitive(name.as_bytes()), "{name}");
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
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/recordings");
    let mut texts = Vec::new();
    // Those in folders are of other endpoints, whose documents are not shown.
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
        let recordings: Vec<Value> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
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
    " http:/user:§@host/db",
    "http&#58;//u&colon;§&commat;h",
    "{&quot;password&quot;:&quot;§&quot;}",
    "{credentials,\"u\",\"§\"}",
    "{basic,<<\"u\">>,<<\"§\">>}",
    "{user,\"u\",password,\"§\"}",
    " --password §",
    " -u admin:§",
    "[\"--user\",\"admin:§\"]",
    " <password>§</password>",
    "\n-----BEGIN PRIVATE KEY-----\n§\n-----END PRIVATE KEY-----",
    "\nAPI key: §9a ",
    " token §9a ",
    " password is \"§\"",
];

/// What people write into passwords, each with its escape in a JSON string or an Erlang term.
fn odd() -> impl Strategy<Value = String> {
    proptest::string::string_regex(r#"[/?#<" @:;,&=%]{1,3}"#).unwrap()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Found by fuzzing.
#[test]
fn a_mask_can_give_another_meaning_to_what_surrounds_it() {
    for (text, masked) in [
        ("[{basic_auth,\"u\",\"«pa ss\\\"wo:\0ut,5}]", "[{basic_auth,\"*****\",*****"),
        // Without its scheme, the URL begins elsewhere.
        ("ph:tt//h:5tp://h:598a and Basic Zl9http://v@hyZWFkZ/X", "ph:*****@hyZWFkZ/X"),
        // An option of a command ends a password, and is none once it is masked.
        ("-u#:!-u,-u5-u:-H@F:!-u:/u'", "-u#:!-u,-u5-u:*****'"),
    ] {
        assert_eq!(mask(text), masked);
        assert_eq!(mask(masked), masked);
    }
}

/// Found by fuzzing.
#[test]
fn a_text_that_never_settles_is_masked_as_a_whole() {
    let text = "#{pass=> <<hret»\"/,>\0x>ttp:\\\"«s3cret»\"/,>\0x>\0\\/user:«ass=> <<http:\\x>ttp:\\\"«s3cret»\"/,>\0x>\0\\/user:«ass=> <<http:\\\"«s3cret»\"/,>\"«s3cret»\"/,>\0x>\0\\/user:«=>=> 1}";
    assert_eq!(mask(text), MASK);
    assert_eq!(mask(MASK), MASK);
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
        // After `@`, this looks like a host and its path.
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
        text in r#"([a-z ]{0,4}|password|auth|token|S3cr3t|key|eyJa|Basic |Bearer |Cookie: |=|"|'|://|//|@|:|: |;|,|\\|\\"|%22|%40|%3A|%|\{|\}|\[|\]|<<|>>|&|#|\?|\*\*\*\*\*|\.|é|\n| is |-u |--pass |basic,"u"|<pin>|</pin>|&#58;|&quot;|&amp;|S3cr3tX9|-----BEGIN PRIVATE KEY-----|http:/|<|>|\[|\]){0,30}"#
    ) {
        let once = mask(&text).into_owned();
        prop_assert_eq!(mask(&once), once.clone(), "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(text in r#"(\PC|password|=|"|://|@|:|Basic |\\|\\u|%|%c3|é|\x00){0,60}"#) {
        let _ = mask(&text);
    }
}
