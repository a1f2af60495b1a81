//! The shapes in which bytes are pasted: each as the program that it is of writes it.

use std::fmt::Write;

/// How bytes are written as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The bytes themselves.
    Binary,
    /// Hex digits in one line.
    Hex,
    /// Hex digits in upper case, folded at a number of characters that is odd.
    FoldedHex,
    /// Pairs of digits with spaces, sixteen in a line, as Java's `HexFormat.ofDelimiter(" ")` and many others.
    SpacedHex,
    /// Pairs of digits with colons, as OpenSSL has them.
    ColonHex,
    /// Numbers after `0x` with commas.
    PrefixedHex,
    /// A line of a log with hex in it.
    LoggedHex,
    /// Pairs of digits with characters beside them.
    HexAndCharacters,
    /// `xxd`.
    Xxd,
    /// `xxd -g1 -u`.
    XxdPairs,
    /// `hexdump -C`, with `*` for lines that are as the one before.
    Hexdump,
    /// `hexdump`: numbers of two bytes, low byte first.
    HexdumpWords,
    /// `od -A o -t x1`: offsets in octal.
    Od,
    /// Wireshark's "as Hex Dump".
    Wireshark,
    /// Wireshark's "as Hex + ASCII Dump".
    WiresharkCharacters,
    /// Wireshark's "as a C Array".
    WiresharkArray,
    /// Wireshark's "as Escaped String".
    WiresharkString,
    /// `tcpdump -X`, one packet over IPv4.
    Tcpdump,
    /// `tcpdump -XX`, in several packets with Ethernet headers.
    TcpdumpSegments,
    /// Go's `hex.Dump`.
    GoDump,
    /// Go's `%v` of bytes.
    GoList,
    /// Go's `%q` of bytes.
    GoString,
    /// netty's `ByteBufUtil.prettyHexDump`.
    Netty,
    /// What `openssl s_client -debug` prints.
    OpenSsl,
    /// An array of C in one line, without a declaration.
    CArray,
    /// An array of Java, with casts.
    JavaArray,
    /// Java's `Arrays.toString`: signed numbers.
    JavaList,
    /// Rust's `{:?}` of bytes.
    RustList,
    /// Python's `repr` of bytes.
    PythonBytes,
    /// Base64 in one line.
    Base64,
    /// Base64 in lines of 64 in PEM armour.
    Pem,
    /// Base64 in the alphabet for URLs, without padding.
    Base64Url,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Self; 32] = [
        Self::Binary,
        Self::Hex,
        Self::FoldedHex,
        Self::SpacedHex,
        Self::ColonHex,
        Self::PrefixedHex,
        Self::LoggedHex,
        Self::HexAndCharacters,
        Self::Xxd,
        Self::XxdPairs,
        Self::Hexdump,
        Self::HexdumpWords,
        Self::Od,
        Self::Wireshark,
        Self::WiresharkCharacters,
        Self::WiresharkArray,
        Self::WiresharkString,
        Self::Tcpdump,
        Self::TcpdumpSegments,
        Self::GoDump,
        Self::GoList,
        Self::GoString,
        Self::Netty,
        Self::OpenSsl,
        Self::CArray,
        Self::JavaArray,
        Self::JavaList,
        Self::RustList,
        Self::PythonBytes,
        Self::Base64,
        Self::Pem,
        Self::Base64Url,
    ];

    /// The bytes in this shape.
    pub fn write(self, bytes: &[u8]) -> Vec<u8> {
        let mut out = String::new();
        match self {
            Self::Binary => return bytes.to_vec(),
            Self::Hex => out = hex(bytes, ""),
            Self::FoldedHex => {
                for line in hex(bytes, "").to_uppercase().as_bytes().chunks(61) {
                    let _ = writeln!(out, "{}", String::from_utf8_lossy(line));
                }
            }
            Self::SpacedHex => lines(bytes, 16, &mut out, |_, line| hex(line, " ")),
            Self::ColonHex => out = hex(bytes, ":"),
            Self::PrefixedHex => {
                lines(bytes, 12, &mut out, |_, line| format!("0x{},", hex(line, ", 0x")));
            }
            Self::LoggedHex => {
                let _ =
                    writeln!(out, "2024-05-01 12:00:00,123 DEBUG kmip: sending {} (done)", hex(bytes, ""));
            }
            Self::HexAndCharacters => {
                lines(bytes, 16, &mut out, |_, line| format!("{:48} {}", hex(line, " "), characters(line)));
            }
            Self::Xxd => lines(bytes, 16, &mut out, |at, line| {
                format!("{at:08x}: {:41}{}", groups(line), characters(line))
            }),
            Self::XxdPairs => lines(bytes, 16, &mut out, |at, line| {
                format!("{at:08x}: {:49}{}", hex(line, " ").to_uppercase(), characters(line))
            }),
            Self::Hexdump => hexdump(bytes, &mut out),
            Self::HexdumpWords => {
                lines(bytes, 16, &mut out, |at, line| format!("{at:07x} {}", groups(&swapped(line))));
                let _ = writeln!(out, "{:07x}", bytes.len());
            }
            Self::Od => {
                lines(bytes, 16, &mut out, |at, line| format!("{at:07o} {}", hex(line, " ")));
                let _ = writeln!(out, "{:07o}", bytes.len());
            }
            Self::Wireshark => {
                lines(bytes, 16, &mut out, |at, line| format!("{at:04x}   {}", hex(line, " ")))
            }
            Self::WiresharkCharacters => lines(bytes, 16, &mut out, |at, line| {
                format!("{at:04x}   {:47}   {}", hex(line, " "), characters(line))
            }),
            Self::WiresharkArray => {
                let _ =
                    writeln!(out, "/* Packet 7 */\nstatic const unsigned char pkt7[{}] = {{", bytes.len());
                lines(bytes, 8, &mut out, |_, line| {
                    format!("0x{}, /* {} */", hex(line, ", 0x"), characters(line).replace("*/", ".."))
                });
                out.push_str("};\n");
            }
            Self::WiresharkString => lines(bytes, 16, &mut out, |_, line| {
                format!("\"{}\" \\", line.iter().map(|byte| format!("\\x{byte:02x}")).collect::<String>())
            }),
            Self::Tcpdump => tcpdump(&packet(bytes, 1), "0x", &mut out),
            Self::TcpdumpSegments => {
                let mut number = 1;
                for segment in bytes.chunks(90) {
                    let frame =
                        [&[0x02, 0, 0, 0, 0, 1, 0x02, 0, 0, 0, 0, 2, 8, 0][..], &packet(segment, number)];
                    tcpdump(&frame.concat(), "0x", &mut out);
                    number += u32::try_from(segment.len()).unwrap_or(0);
                }
            }
            Self::GoDump => lines(bytes, 16, &mut out, |at, line| {
                format!("{at:08x}  {:50}|{}|", halves(line), characters(line))
            }),
            Self::GoList => out = format!("[{}]", decimals(bytes, " ")),
            Self::GoString => out = literal(bytes, |byte| format!("\\x{byte:02x}"), '"', ""),
            Self::Netty => netty(bytes, &mut out),
            Self::OpenSsl => {
                let _ = writeln!(out, "write to 0x5581 [0x5590] ({} bytes => {0} (0x{0:X}))", bytes.len());
                lines(bytes, 16, &mut out, |at, line| {
                    let (first, second) = line.split_at(line.len().min(8));
                    let joint = if second.is_empty() { "" } else { "-" };
                    let pairs = format!("{}{joint}{}", hex(first, " "), hex(second, " "));
                    format!("{at:04x} - {pairs:48}  {}", characters(line))
                });
            }
            Self::CArray => out = format!("{{ 0x{} }}", hex(bytes, ", 0x")),
            Self::JavaArray => {
                out = format!("byte[] message = new byte[] {{ (byte) 0x{} }};", hex(bytes, ", (byte) 0x"));
            }
            Self::JavaList => {
                let signed: Vec<String> = bytes.iter().map(|byte| byte.cast_signed().to_string()).collect();
                out = format!("[{}]", signed.join(", "));
            }
            Self::RustList => out = format!("{bytes:?}"),
            Self::PythonBytes => out = literal(bytes, |byte| format!("\\x{byte:02x}"), '\'', "b"),
            Self::Base64 => out = base64(bytes, b"+/", true),
            Self::Pem => {
                out.push_str("-----BEGIN KMIP MESSAGE-----\n");
                for line in base64(bytes, b"+/", true).as_bytes().chunks(64) {
                    let _ = writeln!(out, "{}", String::from_utf8_lossy(line));
                }
                out.push_str("-----END KMIP MESSAGE-----\n");
            }
            Self::Base64Url => out = base64(bytes, b"-_", false),
        }
        out.into_bytes()
    }
}

fn lines(bytes: &[u8], width: usize, out: &mut String, write: impl Fn(usize, &[u8]) -> String) {
    for (index, line) in bytes.chunks(width).enumerate() {
        let _ = writeln!(out, "{}", write(index * width, line));
    }
}

fn hex(bytes: &[u8], separator: &str) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(separator)
}

/// Groups of two bytes.
fn groups(bytes: &[u8]) -> String {
    bytes.chunks(2).map(|pair| hex(pair, "")).collect::<Vec<_>>().join(" ")
}

/// Pairs of digits, with more room in the middle.
fn halves(bytes: &[u8]) -> String {
    let (first, second) = bytes.split_at(bytes.len().min(8));
    format!("{:23}  {}", hex(first, " "), hex(second, " "))
}

/// Each two bytes the other way round; the last is followed by a zero if it is alone.
fn swapped(bytes: &[u8]) -> Vec<u8> {
    bytes.chunks(2).flat_map(|pair| [pair.get(1).copied().unwrap_or(0), pair[0]]).collect()
}

fn decimals(bytes: &[u8], separator: &str) -> String {
    bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(separator)
}

/// What bytes are as characters, as dumps have it beside them.
fn characters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| if (0x20..0x7F).contains(byte) { char::from(*byte) } else { '.' }).collect()
}

fn literal(bytes: &[u8], escape: impl Fn(u8) -> String, quote: char, prefix: &str) -> String {
    let mut out = format!("{prefix}{quote}");
    for byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            _ if char::from(*byte) == quote => {
                out.push('\\');
                out.push(quote);
            }
            0x20..0x7F => out.push(char::from(*byte)),
            _ => out.push_str(&escape(*byte)),
        }
    }
    out.push(quote);
    out
}

fn hexdump(bytes: &[u8], out: &mut String) {
    let (mut before, mut left_out) = (None, false);
    for (index, line) in bytes.chunks(16).enumerate() {
        if before == Some(line) {
            if !left_out {
                out.push_str("*\n");
            }
            left_out = true;
            continue;
        }
        (before, left_out) = (Some(line), false);
        let _ = writeln!(out, "{:08x}  {:50}|{}|", index * 16, halves(line), characters(line));
    }
    let _ = writeln!(out, "{:08x}", bytes.len());
}

fn netty(bytes: &[u8], out: &mut String) {
    let rule = "-".repeat(49);
    let _ = writeln!(out, "         +{rule}+");
    let _ = writeln!(out, "         |  0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f |");
    let _ = writeln!(out, "+--------+{rule}+----------------+");
    lines(bytes, 16, out, |at, line| format!("|{at:08x}| {:48}|{:16}|", hex(line, " "), characters(line)));
    let _ = writeln!(out, "+--------+{rule}+----------------+");
}

/// A packet of IPv4 and TCP.
fn packet(payload: &[u8], number: u32) -> Vec<u8> {
    let length = u16::try_from(40 + payload.len()).unwrap_or(0).to_be_bytes();
    let mut packet =
        vec![0x45, 0, length[0], length[1], 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
    packet.extend([0xA0, 0x11, 0x16, 0x24]);
    packet.extend(number.to_be_bytes());
    packet.extend([0, 0, 0, 1, 0x50, 0x18, 1, 0xF6, 0, 0, 0, 0]);
    packet.extend(payload);
    packet
}

fn tcpdump(packet: &[u8], prefix: &str, out: &mut String) {
    let _ = writeln!(
        out,
        "12:00:00.000001 IP 10.0.0.1.40977 > 10.0.0.2.5668: Flags [P.], length {}",
        packet.len()
    );
    lines(packet, 16, out, |at, line| {
        format!("\t{prefix}{at:04x}:  {:39}  {}", groups(line), characters(line))
    });
}

fn base64(bytes: &[u8], last: &[u8; 2], padded: bool) -> String {
    let alphabet: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(*last).collect();
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0_usize, |all, byte| all << 8 | usize::from(*byte)) << (8 * (3 - chunk.len()));
        for index in 0..4 {
            if index <= chunk.len() {
                out.push(char::from(alphabet[group >> (18 - 6 * index) & 0x3F]));
            } else if padded {
                out.push('=');
            }
        }
    }
    out
}
