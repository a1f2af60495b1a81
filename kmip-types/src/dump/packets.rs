//! Captured packets: what TCP carries in them.
//!
//! Packets are taken in their order; one that was sent again is taken once.

use core::ops::Range;
use std::collections::HashSet;

use crate::dump::SkippedKind;
use crate::dump::items::is_start;
use crate::dump::raw::Raw;

/// How long what is before the IP header may be: nothing; BSD loopback; Ethernet, with a VLAN; Linux cooked, 1 and 2.
const LINK: [usize; 6] = [0, 4, 14, 18, 16, 20];

/// The bytes without the headers of packets, if any part of them is one.
pub(super) fn without_headers(mut raw: Raw) -> Raw {
    if !raw.parts().any(|part| packet(raw.bytes(), &part).is_some()) {
        return raw;
    }
    let mut payloads = Raw::of_text(raw.origin(usize::MAX));
    payloads.faults = core::mem::take(&mut raw.faults);
    let mut seen = HashSet::new();
    // Who sent what is not encrypted: a later part of it may look like TLS by chance.
    let mut plain = HashSet::new();
    for part in raw.parts() {
        payloads.part();
        let Some(packet) = packet(raw.bytes(), &part) else {
            payloads.append(&raw, part);
            continue;
        };
        let sender = packet.identity.0.clone();
        if packet.payload.is_empty() || !seen.insert(packet.identity) {
            continue;
        }
        let range = raw.range(packet.payload.clone());
        let payload = raw.bytes().get(packet.payload.clone()).unwrap_or_default();
        if is_tls(payload) && !plain.contains(&sender) {
            payloads.fault(range, SkippedKind::Tls { bytes: packet.payload.len() });
            continue;
        }
        plain.insert(sender);
        payloads.append(&raw, packet.payload);
        if packet.missing > 0 {
            payloads.gap();
            payloads.fault(range.end..range.end, SkippedKind::CutPacket { bytes: packet.missing });
        }
    }
    payloads
}

struct Packet {
    payload: Range<usize>,
    /// How many bytes of the payload were not captured.
    missing: usize,
    /// Addresses, ports, number and length: what is sent again has the same.
    identity: (Vec<u8>, u32, usize),
}

/// The packet that a part is. What starts as TTLV is none.
fn packet(bytes: &[u8], part: &Range<usize>) -> Option<Packet> {
    let frame = bytes.get(part.clone())?;
    if is_start(frame, 0, usize::MAX) {
        return None;
    }
    LINK.into_iter().find_map(|link| {
        let ip = frame.get(link..)?;
        let (addresses, header, total) = ip_header(ip)?;
        let tcp = ip.get(header..)?;
        let offset = usize::from(tcp.get(12)? >> 4) * 4;
        let flags = *tcp.get(13)?;
        // No header is shorter; SYN and FIN together, or no flag at all, are never sent.
        if offset < 20 || flags & 0x03 == 0x03 || flags & 0x3F == 0 || header + offset > total {
            return None;
        }
        let start = part.start + link + header + offset;
        let declared = total - header - offset;
        let end = start.saturating_add(declared).min(part.end).max(start.min(part.end));
        let payload = start.min(end)..end;
        let number = u32::from_be_bytes(*tcp.get(4..8)?.first_chunk()?);
        let mut identity = addresses.to_vec();
        identity.extend_from_slice(tcp.get(..4)?);
        let missing = declared - payload.len();
        Some(Packet { payload, missing, identity: (identity, number, declared) })
    })
}

/// The addresses, the length of the header and that of the packet, if it is one of IP (RFC 791, RFC 8200) with TCP.
fn ip_header(ip: &[u8]) -> Option<(&[u8], usize, usize)> {
    const TCP: u8 = 6;
    let length_at = |at: usize| Some(usize::from(u16::from_be_bytes(*ip.get(at..at + 2)?.first_chunk()?)));
    match ip.first()? >> 4 {
        4 => {
            let header = usize::from(ip.first()? & 0x0F) * 4;
            let is_tcp = header >= 20 && *ip.get(9)? == TCP;
            // The length is not there yet where the network card splits packets.
            let total = match length_at(2)? {
                0 => ip.len(),
                total => total,
            };
            is_tcp.then_some((ip.get(12..20)?, header, total))
        }
        6 => (*ip.get(6)? == TCP).then_some((ip.get(8..40)?, 40, length_at(4)? + 40)),
        _ => None,
    }
}

/// Whether bytes start with a record of TLS (RFC 8446 section 5.1).
pub(super) fn is_tls(bytes: &[u8]) -> bool {
    matches!(bytes, [0x14..=0x17, 0x03, 0x00..=0x04, _, _, ..])
}
