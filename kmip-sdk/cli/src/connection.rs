//! How the server is reached: from flags, the environment and a profile, which bear the names that the library has.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use kmip_sdk::types::message::Credential;
use kmip_sdk::{Client, ClientBuilder, Encoding, ProtocolVersion};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::failure::{Failure, Name};
use crate::profile;

/// Which server, and how.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// The profile whose settings count where neither a flag nor the environment says otherwise; that of `kmip profile
    /// use`, if none is named
    #[arg(long, env = "KMIP_PROFILE", value_name = "NAME", hide_env = true)]
    pub(crate) profile: Option<String>,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

/// What the methods of the library's builder that its errors name are called here.
pub(crate) const FLAGS: &[(&str, &str)] = &[
    ("root_certificates_pem", "--root-certificates-file"),
    ("system_roots", "--system-roots"),
    ("tls13_only", "--tls13-only"),
    ("pinned_certificate_pem", "--pinned-certificate-file"),
    ("identity_pem", IDENTITY),
    ("identity_files", IDENTITY),
    ("identity_password", "--identity-password-file"),
    ("server_name", "--server-name"),
];

const IDENTITY: &str = "--identity-certificates-file and --identity-private-key-file";

/// What a profile has, too.
#[derive(Clone, Debug, Default, Args, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Settings {
    /// Where the server is: HOST, HOST:PORT or https://HOST:PORT/PATH; several with commas
    #[arg(long, env = "KMIP_ADDRESS", value_name = "ADDRESS", value_delimiter = ',', hide_env = true)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) address: Vec<String>,
    /// The name that the server's certificate must be for, if it is not that of the address
    #[arg(long, env = "KMIP_SERVER_NAME", value_name = "NAME", hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    server_name: Option<String>,
    /// The certificates to check the server's by, a PEM file
    #[arg(long, env = "KMIP_ROOT_CERTIFICATES_FILE", value_name = "FILE", hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    root_certificates_file: Option<PathBuf>,
    /// Check the server's certificate by what the operating system trusts, too
    #[arg(long, env = "KMIP_SYSTEM_ROOTS", hide_env = true)]
    #[serde(skip_serializing_if = "is_false")]
    system_roots: bool,
    /// Trust exactly the certificate in this PEM file
    #[arg(long, env = "KMIP_PINNED_CERTIFICATE_FILE", value_name = "FILE", hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned_certificate_file: Option<PathBuf>,
    /// Trust exactly the certificate with this SHA-256, in hex
    #[arg(long, env = "KMIP_PINNED_CERTIFICATE_SHA256", value_name = "HEX", hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned_certificate_sha256: Option<String>,
    /// The client's certificate, a PEM file
    #[arg(long, env = "KMIP_IDENTITY_CERTIFICATES_FILE", value_name = "FILE", hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_certificates_file: Option<PathBuf>,
    /// The private key of the client's certificate, a PEM file
    #[arg(long, env = "KMIP_IDENTITY_PRIVATE_KEY_FILE", value_name = "FILE", hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_private_key_file: Option<PathBuf>,
    /// The client's certificate and its key, a PKCS#12 file
    #[arg(long, env = "KMIP_IDENTITY_PKCS12_FILE", value_name = "FILE", hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_pkcs12_file: Option<PathBuf>,
    /// A file with the password of the client's key; or KMIP_IDENTITY_PASSWORD in the environment
    #[arg(long, env = "KMIP_IDENTITY_PASSWORD_FILE", value_name = "FILE", hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_password_file: Option<PathBuf>,
    /// The user who asks; the password is asked for on the terminal unless a file or the environment has it
    #[arg(long, env = "KMIP_USERNAME", value_name = "NAME", hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// A file with the user's password; or KMIP_PASSWORD in the environment
    #[arg(long, env = "KMIP_PASSWORD_FILE", value_name = "FILE", hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    password_file: Option<PathBuf>,
    /// The version of KMIP, such as 1.4; agreed on with the server, if it is not said
    #[arg(long, env = "KMIP_PROTOCOL_VERSION", value_name = "VERSION", hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) protocol_version: Option<String>,
    /// Take no TLS but 1.3
    #[arg(long, env = "KMIP_TLS13_ONLY", hide_env = true)]
    #[serde(skip_serializing_if = "is_false")]
    tls13_only: bool,
    /// The encoding of messages over HTTPS: ttlv, json or xml
    #[arg(long, env = "KMIP_ENCODING", value_name = "ENCODING", value_parser = ["ttlv", "json", "xml"], hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
    /// How long connecting, and the TLS handshake, may each take, in seconds
    #[arg(long, env = "KMIP_CONNECT_TIMEOUT", value_name = "SECONDS", hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    connect_timeout: Option<f64>,
    /// How long a call may take as a whole, in seconds
    #[arg(long, env = "KMIP_OVERALL_TIMEOUT", value_name = "SECONDS", hide_env = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    overall_timeout: Option<f64>,
    /// Take an error for whatever in an answer is not as the standard has it
    #[arg(long, env = "KMIP_STRICT", hide_env = true)]
    #[serde(skip_serializing_if = "is_false")]
    strict: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Connection {
    /// The settings, those of the profile included.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = self.settings.clone();
        if let Some(profile) = profile::find(self.profile.as_deref())? {
            settings.fill(profile);
        }
        Ok(settings)
    }

    /// A client to be configured further.
    pub(crate) fn builder(&self) -> Result<ClientBuilder, Failure> {
        self.settings()?.builder()
    }
}

/// A span of time of the user's.
fn seconds(flag: &'static str, seconds: f64) -> Result<Duration, Failure> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| Failure::Usage(format!("--{flag} {seconds} is no span of time in seconds")))
}

impl Settings {
    /// Takes what is not set from others. What says whom to trust, and who the client is, counts as a whole.
    fn fill(&mut self, other: Self) {
        let trusts = self.root_certificates_file.is_some()
            || self.system_roots
            || self.pinned_certificate_file.is_some()
            || self.pinned_certificate_sha256.is_some();
        if !trusts {
            self.root_certificates_file = other.root_certificates_file;
            self.system_roots = other.system_roots;
            self.pinned_certificate_file = other.pinned_certificate_file;
            self.pinned_certificate_sha256 = other.pinned_certificate_sha256;
        }
        if self.identity_certificates_file.is_none() && self.identity_pkcs12_file.is_none() {
            self.identity_certificates_file = other.identity_certificates_file;
            self.identity_pkcs12_file = other.identity_pkcs12_file;
            self.identity_private_key_file =
                self.identity_private_key_file.take().or(other.identity_private_key_file);
            self.identity_password_file = self.identity_password_file.take().or(other.identity_password_file);
        }
        if self.username.is_none() {
            self.username = other.username;
            self.password_file = self.password_file.take().or(other.password_file);
        }
        if self.address.is_empty() {
            self.address = other.address;
            self.server_name = self.server_name.take().or(other.server_name);
        }
        self.protocol_version = self.protocol_version.take().or(other.protocol_version);
        self.encoding = self.encoding.take().or(other.encoding);
        self.connect_timeout = self.connect_timeout.or(other.connect_timeout);
        self.overall_timeout = self.overall_timeout.or(other.overall_timeout);
        self.tls13_only |= other.tls13_only;
        self.strict |= other.strict;
    }

    /// The same with files by their whole paths, so that it means the same in every folder.
    pub(crate) fn absolute(mut self) -> Result<Self, Failure> {
        let files = [
            &mut self.root_certificates_file,
            &mut self.pinned_certificate_file,
            &mut self.identity_certificates_file,
            &mut self.identity_private_key_file,
            &mut self.identity_pkcs12_file,
            &mut self.identity_password_file,
            &mut self.password_file,
        ];
        for file in files.into_iter().flatten() {
            *file = std::path::absolute(&file).map_err(|error| Failure::Read(Name(file.clone()), error))?;
        }
        Ok(self)
    }

    /// The same, as a client with another certificate.
    pub(crate) fn shown_as(mut self, certificate: &Path, key: &Path) -> Self {
        self.identity_pkcs12_file = None;
        self.identity_certificates_file = Some(certificate.to_owned());
        self.identity_private_key_file = Some(key.to_owned());
        self
    }

    /// The version that is asked for.
    pub(crate) fn version(&self) -> Result<Option<ProtocolVersion>, Failure> {
        let parse = |text: &String| {
            let known =
                text.parse::<ProtocolVersion>().ok().filter(|version| ProtocolVersion::ALL.contains(version));
            known.ok_or_else(|| {
                let known: Vec<String> = ProtocolVersion::ALL.iter().map(ToString::to_string).collect();
                Failure::Usage(format!("{text:?} is no version of KMIP: {}", known.join(", ")))
            })
        };
        self.protocol_version.as_ref().map(parse).transpose()
    }

    /// A client to be configured further.
    pub(crate) fn builder(&self) -> Result<ClientBuilder, Failure> {
        let mut builder = self.address.iter().fold(Client::builder(), ClientBuilder::address);
        if let Some(name) = &self.server_name {
            builder = builder.server_name(name);
        }
        if let Some(file) = &self.root_certificates_file {
            builder = builder.root_certificates_file(file);
        }
        if self.system_roots {
            builder = builder.system_roots();
        }
        if let Some(file) = &self.pinned_certificate_file {
            builder = builder.pinned_certificate_file(file);
        }
        if let Some(hex) = &self.pinned_certificate_sha256 {
            let mut fingerprint = [0; 32];
            const_hex::decode_to_slice(hex.replace(':', ""), &mut fingerprint)
                .map_err(|_| Failure::Usage("--pinned-certificate-sha256 wants 64 hex digits".to_owned()))?;
            builder = builder.pinned_certificate_sha256(fingerprint);
        }
        builder = match (
            &self.identity_certificates_file,
            &self.identity_private_key_file,
            &self.identity_pkcs12_file,
        ) {
            (None, None, None) => builder,
            (Some(certificates), Some(key), None) => builder.identity_files(certificates, key),
            (None, None, Some(file)) => builder.identity_pkcs12_file(file),
            _ => {
                return Err(Failure::Usage(
                    "the client's certificate is given by --identity-certificates-file with \
                     --identity-private-key-file, or by --identity-pkcs12-file alone"
                        .to_owned(),
                ));
            }
        };
        if let Some(password) = secret(self.identity_password_file.as_deref(), "KMIP_IDENTITY_PASSWORD")? {
            builder = builder.identity_password(password.as_str());
        }
        if let Some(username) = &self.username {
            let password = match secret(self.password_file.as_deref(), "KMIP_PASSWORD")? {
                Some(password) => password,
                None => prompt(&format!("Password of {username}: "))?,
            };
            builder = builder.credential(Credential::username_and_password(username, password.as_str()));
        }
        if let Some(version) = self.version()? {
            builder = builder.version(version);
        }
        if self.tls13_only {
            builder = builder.tls13_only();
        }
        builder = match self.encoding.as_deref() {
            Some("json") => builder.encoding(Encoding::Json),
            Some("xml") => builder.encoding(Encoding::Xml),
            _ => builder,
        };
        if let Some(time) = self.connect_timeout {
            let time = seconds("connect-timeout", time)?;
            builder = builder.connect_timeout(time).tls_timeout(time);
        }
        if let Some(time) = self.overall_timeout {
            builder = builder.overall_timeout(seconds("overall-timeout", time)?);
        }
        Ok(if self.strict { builder.strict() } else { builder })
    }
}

/// A secret from a file, whose first line it is, or from the environment.
pub(crate) fn secret(file: Option<&Path>, variable: &str) -> Result<Option<Zeroizing<String>>, Failure> {
    let Some(file) = file else {
        return Ok(std::env::var(variable).ok().map(Zeroizing::new));
    };
    let text = fs::read_to_string(file).map_err(|error| Failure::Read(Name(file.to_owned()), error))?;
    let text = Zeroizing::new(text);
    Ok(Some(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())))
}

/// A secret that somebody types, unseen.
pub(crate) fn prompt(what: &str) -> Result<Zeroizing<String>, Failure> {
    let typed = rpassword::prompt_password(what).map_err(|error| {
        Failure::Usage(format!("there is no password: give it in a file or in the environment ({error})"))
    })?;
    Ok(Zeroizing::new(typed))
}
