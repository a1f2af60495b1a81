//! The steps of a check, one after the other.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use kmip_types::DateTime;
use rustls::version::{TLS12, TLS13};
use rustls::{AlertDescription, ClientConfig};
use rustls_pki_types::ServerName;

use super::advice::{CLOSED_IN_TLS, NOT_KMIP, advice, of_connecting};
use super::probe::{self, Peer, Seen, Shaken};
use super::{Report, Step, StepKind, TlsOffer, Verdict, chain};
use crate::client::{Address, Blocking, ClientBuilder};
use crate::error::{Error, ErrorKind, Phase};

/// How long a step may take where the client has no end.
const PATIENCE: Duration = Duration::from_secs(10);

/// A certificate that ends within this is to be looked at, in seconds: thirty days.
const SOON: i64 = 30 * 24 * 3600;

/// How many connections find out the suites of a version.
const MOST_SUITES: usize = 16;

/// What ends a check.
struct Ended;

/// A report that is being made, and what is told of each step.
struct Making<'a> {
    report: Report,
    seen: &'a mut dyn FnMut(&Step),
}

impl Making<'_> {
    fn push(&mut self, step: Step) {
        (self.seen)(&step);
        self.report.steps.push(step);
    }
}

impl Deref for Making<'_> {
    type Target = Report;

    fn deref(&self) -> &Report {
        &self.report
    }
}

impl DerefMut for Making<'_> {
    fn deref_mut(&mut self) -> &mut Report {
        &mut self.report
    }
}

pub(super) fn check(builder: ClientBuilder<Blocking>, seen: &mut dyn FnMut(&Step)) -> Report {
    let mut making = Making { report: Report::default(), seen };
    if all(builder, &mut making).is_err() {
        for kind in StepKind::ALL.into_iter().skip(making.steps.len()) {
            making.push(step(kind, Verdict::Skipped));
        }
    }
    making.report
}

fn all(builder: ClientBuilder<Blocking>, report: &mut Making<'_>) -> Result<(), Ended> {
    let Set { address, name, config, connect, tls } = configuration(&builder, report)?;
    report.resolved = resolve(&address, connect, report)?;
    report.reachable = reach(connect, report)?;
    let Some(first) = report.reachable.first() else { return Err(Ended) };
    let peer = Peer { address: *first, name: &name, patience: tls };
    offered(&peer, &config, report)?;
    let seen = Arc::new(Seen::default());
    trusted(&peer, &config, &seen, report)?;
    asked(builder, &seen, report)
}

/// What the client is set up with.
struct Set {
    address: Address,
    name: ServerName<'static>,
    config: Arc<ClientConfig>,
    connect: Duration,
    tls: Duration,
}

fn configuration(builder: &ClientBuilder<Blocking>, report: &mut Making<'_>) -> Result<Set, Ended> {
    let set = builder.first_server().and_then(|(address, name)| {
        let config = builder.tls_config_now()?;
        Ok((address, name, config))
    });
    match set {
        Ok((address, name, config)) => {
            report.address = address.to_string();
            let shows = if config.client_auth_cert_resolver.has_certs() { "with" } else { "without" };
            let found = vec![format!("{address}, {shows} a certificate of the client's")];
            report.push(Step { found, ..step(StepKind::Configuration, Verdict::Passed) });
            let (connect, tls) = builder.patience();
            let (connect, tls) = (connect.unwrap_or(PATIENCE), tls.unwrap_or(PATIENCE));
            Ok(Set { address, name, config, connect, tls })
        }
        Err(error) => fail_with(report, StepKind::Configuration, &Error::configuration(error)),
    }
}

/// The addresses of the host. The system's look-up knows no deadline, so it has a thread of its own.
fn resolve(address: &Address, patience: Duration, report: &mut Making<'_>) -> Result<Vec<SocketAddr>, Ended> {
    let host = (address.host().to_owned(), address.port());
    let (sender, receiver) = mpsc::channel();
    let look_up = move || sender.send(host.to_socket_addrs().map(Iterator::collect::<Vec<_>>));
    let thread = thread::Builder::new().name("kmip-look-up".to_owned()).spawn(look_up);
    let advice = "look whether the host's name is spelled right, and whether this machine's DNS knows it";
    let kind = StepKind::Name;
    let found = match thread.map(|_| receiver.recv_timeout(patience)) {
        Ok(Ok(Ok(found))) => found,
        Ok(Ok(Err(error))) | Err(error) => {
            return fail(
                report,
                kind,
                format!("the name {:?} has no address: {error}", address.host()),
                advice,
            );
        }
        Ok(Err(_)) => {
            let seconds = patience.as_secs_f64();
            let problem = format!("the look-up of {:?} took longer than {seconds} s", address.host());
            return fail(report, kind, problem, advice);
        }
    };
    if found.is_empty() {
        return fail(report, kind, format!("the name {:?} has no address", address.host()), advice);
    }
    let listed = found.iter().map(|address| address.ip().to_string()).collect::<Vec<_>>().join(", ");
    report.push(Step { found: vec![listed], ..step(kind, Verdict::Passed) });
    Ok(found)
}

/// What of it takes TCP connections.
fn reach(patience: Duration, report: &mut Making<'_>) -> Result<Vec<SocketAddr>, Ended> {
    let mut step = step(StepKind::Tcp, Verdict::Passed);
    let mut reachable = Vec::new();
    for address in report.resolved.clone() {
        let begun = Instant::now();
        match TcpStream::connect_timeout(&address, patience) {
            Ok(_) => {
                step.found.push(format!("{address} connects within {} ms", begun.elapsed().as_millis() + 1));
                reachable.push(address);
            }
            Err(error) => {
                step.problem = Some(format!("{address} does not connect: {error}"));
                step.advice = Some(of_connecting(error.kind()).to_owned());
            }
        }
    }
    step.verdict = match (reachable.is_empty(), &step.problem) {
        (true, _) => Verdict::Failed,
        (false, Some(_)) => Verdict::Noted,
        (false, None) => Verdict::Passed,
    };
    report.push(step);
    if reachable.is_empty() { Err(Ended) } else { Ok(reachable) }
}

/// The versions of TLS and their suites.
fn offered(peer: &Peer<'_>, own: &ClientConfig, report: &mut Making<'_>) -> Result<(), Ended> {
    let seen = Arc::new(Seen::default());
    let mut last = None;
    for version in [&TLS13, &TLS12] {
        let mut suites = Vec::new();
        while suites.len() < MOST_SUITES {
            // Where no suite is left there is no configuration.
            let Ok(config) = probe::any(version, &suites, own, &seen) else { break };
            match peer.shake(config) {
                Shaken::Done(suite) if !suites.contains(&suite) => suites.push(suite),
                Shaken::Done(_) => break,
                // One that takes one version or suite need not take another.
                _ if !suites.is_empty() || !report.tls.is_empty() => break,
                failed @ (Shaken::Spoken(_) | Shaken::Silent) => return no_tls(failed, peer, report),
                failed => {
                    last.get_or_insert(failed);
                    break;
                }
            }
        }
        if !suites.is_empty() {
            report.tls.push(TlsOffer { version: version.version, suites });
        }
    }
    report.chain = chain::facts(&seen.chain());
    if report.tls.is_empty() {
        return no_tls(last.unwrap_or(Shaken::Closed), peer, report);
    }
    report.asks_for_certificate = Some(seen.asked());
    let found = report.tls.iter().map(|offer| {
        let suites: Vec<String> = offer.suites.iter().map(|suite| format!("{suite:?}")).collect();
        format!("{}: {}", version_name(offer.version), suites.join(", "))
    });
    let found = found.collect();
    report.push(Step { found, ..step(StepKind::Tls, Verdict::Passed) });
    Ok(())
}

fn no_tls<T>(shaken: Shaken, peer: &Peer<'_>, report: &mut Making<'_>) -> Result<T, Ended> {
    let kind = StepKind::Tls;
    let port = "look whether the port is that of KMIP with TLS, 5696 by default";
    match shaken {
        Shaken::Spoken(spoken) => {
            fail(report, kind, format!("the server speaks {spoken} on this port, not TLS"), port)
        }
        Shaken::Silent => {
            let seconds = peer.patience.as_secs_f64();
            fail(report, kind, format!("the server says nothing for {seconds} s when TLS is begun"), port)
        }
        Shaken::Tls(error) => fail_with(report, kind, &Error::new(Phase::Tls, ErrorKind::Tls(error))),
        Shaken::Io(error) => fail(report, kind, format!("the connection failed: {error}"), CLOSED_IN_TLS),
        Shaken::Closed | Shaken::Done(_) => {
            fail(report, kind, "the server closes the connection when TLS is begun".to_owned(), CLOSED_IN_TLS)
        }
    }
}

fn version_name(version: rustls::ProtocolVersion) -> String {
    match version {
        rustls::ProtocolVersion::TLSv1_2 => "TLS 1.2".to_owned(),
        rustls::ProtocolVersion::TLSv1_3 => "TLS 1.3".to_owned(),
        other => format!("{other:?}"),
    }
}

/// Whether the client trusts the certificate.
fn trusted(
    peer: &Peer<'_>,
    config: &ClientConfig,
    seen: &Arc<Seen>,
    report: &mut Making<'_>,
) -> Result<(), Ended> {
    let mut step = step(StepKind::Certificate, Verdict::Passed);
    for certificate in &report.chain {
        step.found.push(format!(
            "{} issued by {}, valid from {} to {}{}",
            certificate.subject,
            certificate.issuer,
            certificate.not_before,
            certificate.not_after,
            match certificate.names.is_empty() {
                true => String::new(),
                false => format!(", for {}", certificate.names.join(", ")),
            }
        ));
    }
    let shaken = peer.shake(probe::own(config, seen));
    if let Shaken::Tls(
        error @ (rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented),
    ) = shaken
    {
        let error = Error::new(Phase::Tls, ErrorKind::Tls(error));
        (step.verdict, step.problem) = (Verdict::Failed, Some(error.kind().to_string()));
        step.advice = advice(&error).map(str::to_owned);
        report.push(step);
        return Err(Ended);
    }
    let end = report.chain.iter().map(|certificate| certificate.not_after.seconds()).min();
    if end.is_some_and(|end| end - DateTime::now().seconds() < SOON) {
        step.verdict = Verdict::Noted;
        step.problem = Some("a certificate of the server's ends within thirty days".to_owned());
        step.advice = Some("renew it".to_owned());
    }
    report.push(step);
    if let Shaken::Tls(error) = shaken {
        let error = Error::new(Phase::Tls, ErrorKind::Tls(error));
        return fail_with(report, StepKind::ClientCertificate, &error);
    }
    Ok(())
}

/// What the server says when it is asked. Whether it takes the client's certificate it says with its first answer at the
/// earliest, with TLS 1.3.
fn asked(builder: ClientBuilder<Blocking>, seen: &Seen, report: &mut Making<'_>) -> Result<(), Ended> {
    let connected =
        builder.build().and_then(|client| client.connect().send().map(|version| (client, version)));
    let (client, version) = match connected {
        Ok(connected) => connected,
        Err(error) if is_of_certificate(&error) => {
            return fail_with(report, StepKind::ClientCertificate, &error);
        }
        Err(error) => {
            client_certificate(seen, report);
            let kind = StepKind::Version;
            return match advice(&error) {
                Some(_) => fail_with(report, kind, &error),
                None if error.phase() == Phase::Result => fail_with(report, kind, &error),
                None => fail(report, kind, error.to_string(), NOT_KMIP),
            };
        }
    };
    client_certificate(seen, report);
    report.version = Some(version);
    report.push(Step { found: vec![version.to_string()], ..step(StepKind::Version, Verdict::Passed) });
    match client.capabilities().detailed().send() {
        Ok(detailed) => {
            report.deviations = detailed.deviations;
            let found = summary(&detailed.value.query);
            report.capabilities = Some(detailed.value);
            report.push(Step { found, ..step(StepKind::Query, Verdict::Passed) });
        }
        Err(error) => {
            report.deviations = error.deviations().to_vec();
            return fail_with(report, StepKind::Query, &error);
        }
    }
    let mut quirks = step(StepKind::Quirks, Verdict::Passed);
    quirks.found = report.deviations.iter().map(ToString::to_string).collect();
    if quirks.found.is_empty() {
        quirks.found.push("none in these answers".to_owned());
    } else {
        quirks.verdict = Verdict::Noted;
        quirks.problem =
            Some("some of the answers is not as the standard has it, and was taken all the same".to_owned());
    }
    report.push(quirks);
    Ok(())
}

fn client_certificate(seen: &Seen, report: &mut Making<'_>) {
    let mut step = step(StepKind::ClientCertificate, Verdict::Passed);
    step.found.push(
        match (seen.asked(), seen.gave()) {
            (true, true) => "asked for, given, and taken",
            (true, false) => "asked for, not given, and not insisted on",
            (false, _) => "not asked for",
        }
        .to_owned(),
    );
    report.push(step);
}

/// Whether the server does not take the client's certificate, or misses one.
fn is_of_certificate(error: &Error) -> bool {
    use AlertDescription as Alert;
    matches!(
        error.kind(),
        ErrorKind::Tls(rustls::Error::AlertReceived(
            Alert::CertificateRequired
                | Alert::NoCertificate
                | Alert::BadCertificate
                | Alert::UnsupportedCertificate
                | Alert::CertificateRevoked
                | Alert::CertificateExpired
                | Alert::CertificateUnknown
                | Alert::UnknownCA
                | Alert::AccessDenied
                | Alert::HandshakeFailure
                | Alert::DecryptError
        ))
    )
}

/// What the server says of itself, a line each.
fn summary(query: &kmip_types::operation::QueryResponse) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(vendor) = &query.vendor_identification {
        found.push(vendor.clone());
    }
    let listed = |names: Vec<String>| names.join(", ");
    found.push(format!("{} operations", query.operation.len()));
    if !query.object_type.is_empty() {
        found.push(format!(
            "objects: {}",
            listed(query.object_type.iter().map(ToString::to_string).collect())
        ));
    }
    let profiles: Vec<String> =
        query.profile_information.iter().map(|profile| profile.profile_name.to_string()).collect();
    found.push(match profiles.is_empty() {
        true => "profiles: it names none".to_owned(),
        false => format!("profiles: {}", listed(profiles)),
    });
    found
}

fn step(kind: StepKind, verdict: Verdict) -> Step {
    Step { kind, verdict, found: Vec::new(), problem: None, advice: None }
}

fn fail<T>(report: &mut Making<'_>, kind: StepKind, problem: String, advice: &str) -> Result<T, Ended> {
    let (problem, advice) = (Some(problem), Some(advice.to_owned()));
    report.push(Step { problem, advice, ..step(kind, Verdict::Failed) });
    Err(Ended)
}

fn fail_with<T>(report: &mut Making<'_>, kind: StepKind, error: &Error) -> Result<T, Ended> {
    let advice = advice(error).map(str::to_owned);
    // With what the system said, such as why a file cannot be read.
    let mut problem = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let said = cause.to_string();
        if !problem.contains(&said) {
            problem = format!("{problem}: {said}");
        }
        source = cause.source();
    }
    report.push(Step { problem: Some(problem), advice, ..step(kind, Verdict::Failed) });
    Err(Ended)
}
