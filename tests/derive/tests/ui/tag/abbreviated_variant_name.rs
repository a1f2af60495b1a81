use kmip_types::{Ttlv, enumerations::CryptographicAlgorithm};

#[derive(Ttlv)]
#[ttlv(choice = "tag")]
enum Part {
    CryptoAlgorithm(CryptographicAlgorithm),
}

fn main() {}
