//! The fields of the providers as text.

use crate::Release;
use serde_json::Value as Json;

const HEAD: &str = "\
# NAME*: a required field. TYPE: string, string(one|of|these), bytes (base64), boolean, integer, map(of), [a list], object, or a selector ($).
# as:FORM, filled, min:N limit a value. one(a,b): exactly one is there; upToOne; some: at least one (a+b: both); without: none. = DEFAULT.
";

/// Selectors: the name, and the fields that tell it.
const SELECTORS: &[(&str, &[&str])] = &[
    ("secretKey", &["key", "name", "namespace"]),
    ("secretName", &["name", "namespace"]),
    ("serviceAccount", &["audiences", "name", "namespace"]),
    ("configMapKey", &["key", "name", "namespace"]),
    ("caProvider", &["key", "name", "namespace", "type"]),
];

const FORMS: &[(&str, &str)] = &[
    ("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", "name"),
    ("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "label"),
    ("^[-._a-zA-Z0-9]+$", "key"),
    ("^[a-z0-9-]+$", "region"),
    ("^.*@.*\\.iam\\.gserviceaccount\\.com$", "gsa"),
];

/// What the schema says in CEL, in the words of the table. An empty one is said by another.
const RULES: &[(&str, &str)] = &[
    (
        "!('esoNamespace' in self) && !('esoStoreName' in self) && !('esoStoreKind' in self)",
        "without(esoNamespace,esoStoreName,esoStoreKind)",
    ),
    ("has(self.auth) || has(self.authRef)", ""),
    ("[has(self.auth),has(self.authRef)].filter(x,x==true).size() <= 1", "one(auth,authRef)"),
    (
        "(has(self.secretRef) && !has(self.oidcConfig)) || (!has(self.secretRef) && has(self.oidcConfig))",
        "one(secretRef,oidcConfig)",
    ),
    (
        "has(self.serviceAccountCredsSecretRef) || has(self.tokenSecretRef)",
        "some(serviceAccountCredsSecretRef,tokenSecretRef)",
    ),
    ("[has(self.vault),has(self.environment)].filter(x,x==true).size() <= 1", "upToOne(vault,environment)"),
    ("[has(self.caBundle),has(self.caProvider)].filter(x,x==true).size() <= 1", "upToOne(caBundle,caProvider)"),
    (
        "[has(self.appRole),has(self.tokenSecretRef),has(self.userPass)].filter(x,x==true).size() == 1",
        "one(appRole,tokenSecretRef,userPass)",
    ),
    ("[has(self.roleId),has(self.roleRef)].filter(x,x==true).size() == 1", "one(roleId,roleRef)"),
    (
        "(has(self.auth) && !has(self.accessToken)) || (!has(self.auth) && has(self.accessToken))",
        "one(auth,accessToken)",
    ),
    (
        "(has(self.accessToken) && !has(self.oidcConfig)) || (!has(self.accessToken) && has(self.oidcConfig))",
        "one(accessToken,oidcConfig)",
    ),
    ("has(self.token) || (has(self.username) && has(self.password))", "some(token,username+password)"),
    ("has(self.value) != has(self.secretRef)", "one(value,secretRef)"),
];

/// The text of `providers.txt`.
///
/// # Errors
/// An expression or a pattern that has no name yet.
pub(crate) fn text(release: &Release, date: &str) -> Result<String, String> {
    let mut out = format!(
        "# Providers of External Secrets {0}: the fields of SecretStore's spec.provider, in the version external-secrets.io/v1.\n\
         # Source: apis/externalsecrets/v1 of github.com/external-secrets/external-secrets at v{0}, as config/crds/bases has it. Read {date}.\n{HEAD}",
        release.name
    );
    for (name, _) in SELECTORS {
        let found = properties(&release.providers).iter().find_map(|(_, schema)| find(schema, name));
        out.push_str(&format!("${name}: object\n"));
        out.push_str(&below(found.ok_or_else(|| format!("there is no {name}"))?, 1)?);
    }
    out.push_str(&fields(&release.providers, &Json::Null, 0)?);
    Ok(out)
}

/// The fields by name.
pub(crate) fn properties(of: &Json) -> Vec<(&String, &Json)> {
    let mut out: Vec<(&String, &Json)> = of.as_object().into_iter().flatten().collect();
    out.sort_by_key(|(name, _)| *name);
    out
}

fn find<'s>(schema: &'s Json, name: &str) -> Option<&'s Json> {
    if selector(schema) == Some(name) {
        return Some(schema);
    }
    let below = properties(&schema["properties"]).into_iter().map(|(_, schema)| schema);
    below.chain(schema.get("items")).find_map(|schema| find(schema, name))
}

/// The selector that an object is. That of a ConfigMap demands what that of a Secret does not.
pub(crate) fn selector(schema: &Json) -> Option<&'static str> {
    let names: Vec<&str> = properties(&schema["properties"]).iter().map(|(name, _)| name.as_str()).collect();
    let is_strict = required(schema).contains(&"key");
    let is = |known: &&(&str, &[&str])| known.1 == names && (known.0 != "secretKey" || !is_strict);
    SELECTORS.iter().find(is).map(|(name, _)| *name)
}

pub(crate) fn required(schema: &Json) -> Vec<&str> {
    schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}

fn below(schema: &Json, depth: usize) -> Result<String, String> {
    fields(&schema["properties"], &schema["required"], depth)
}

fn fields(of: &Json, required: &Json, depth: usize) -> Result<String, String> {
    let mut out = String::new();
    for (name, schema) in properties(of) {
        let is_required = required.as_array().is_some_and(|names| names.iter().any(|required| required == name));
        let star = if is_required { "*" } else { "" };
        let words = [vec![kind(schema)], limits(schema)?].concat().join(" ");
        out.push_str(&format!("{:indent$}{name}{star}: {words}\n", "", indent = depth * 2));
        let item = schema.get("items").unwrap_or(schema);
        if selector(item).is_none() {
            out.push_str(&below(item, depth + 1)?);
        }
    }
    Ok(out)
}

fn kind(schema: &Json) -> String {
    let own = schema["type"].as_str().unwrap_or_default();
    match own {
        "object" if selector(schema).is_some() => selector(schema).unwrap_or_default().to_owned(),
        "object" if schema["additionalProperties"].is_object() => {
            format!("map({})", kind(&schema["additionalProperties"]))
        }
        "array" => format!("[{}]", kind(&schema["items"])),
        "string" if schema["format"] == "byte" => "bytes".to_owned(),
        _ => own.to_owned() + &choices(schema),
    }
}

fn choices(schema: &Json) -> String {
    let values: Vec<&str> = schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    if values.is_empty() { String::new() } else { format!("({})", values.join("|")) }
}

fn limits(schema: &Json) -> Result<Vec<String>, String> {
    if selector(schema).is_some() {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    match schema["pattern"].as_str() {
        Some(pattern) => out.push(format!("as:{}", named(FORMS, pattern)?)),
        None if schema["minLength"] == 1 => out.push("filled".to_owned()),
        None => {}
    }
    out.extend(schema["minimum"].as_i64().map(|least| format!("min:{least}")));
    if schema["maxProperties"] == 1 {
        let names: Vec<&str> = properties(&schema["properties"]).iter().map(|(name, _)| name.as_str()).collect();
        out.push(format!("one({})", names.join(",")));
    }
    for rule in schema["x-kubernetes-validations"].as_array().into_iter().flatten() {
        out.extend(
            Some(named(RULES, rule["rule"].as_str().unwrap_or_default())?.to_owned()).filter(|rule| !rule.is_empty()),
        );
    }
    out.extend(
        schema
            .get("default")
            .map(|default| format!("= {}", default.as_str().map_or_else(|| default.to_string(), str::to_owned))),
    );
    Ok(out)
}

fn named(names: &'static [(&str, &str)], text: &str) -> Result<&'static str, String> {
    let known = names.iter().find(|(known, _)| *known == text).map(|(_, name)| *name);
    known.ok_or_else(|| format!("{text} has no name yet: give it one in xtask/providers/src/schema.rs"))
}
