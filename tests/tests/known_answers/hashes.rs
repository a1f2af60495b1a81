//! Hash.

use kmip_sdk::types::attribute::CryptographicParameters;
use kmip_sdk::types::enumerations::{HashingAlgorithm as H, ResultReason};
use kmip_sdk::types::operation::HashRequest;

use crate::asks::{hex, peer};

/// `abc` in one block, and the 448 bits of FIPS 180's example in two: RFC 1321, FIPS 180-4, FIPS 202 and the paper of
/// RIPEMD-160.
#[test]
fn hashes_of_the_standards_examples() {
    let long = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".as_slice();
    let peer = peer();
    for (algorithm, data, expected) in [
        (H::Md5, b"abc".as_slice(), "900150983cd24fb0d6963f7d28e17f72"),
        (H::Md5, long, "8215ef0796a20bcaaae116d3876c664a"),
        (H::Sha1, b"abc".as_slice(), "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (H::Sha1, long, "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
        (H::Sha224, b"abc".as_slice(), "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
        (H::Sha224, long, "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525"),
        (H::Sha256, b"abc".as_slice(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (H::Sha256, long, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        (
            H::Sha384,
            b"abc".as_slice(),
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        ),
        (
            H::Sha384,
            long,
            "3391fdddfc8dc7393707a65b1b4709397cf8b1d162af05abfe8f450de5f36bc6b0455a8520bc4e6f5fe95b1fe3c8452b",
        ),
        (
            H::Sha512,
            b"abc".as_slice(),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
        (
            H::Sha512,
            long,
            "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c33596fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445",
        ),
        (H::Sha512_224, b"abc".as_slice(), "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa"),
        (H::Sha512_224, long, "e5302d6d54bb242275d1e7622d68df6eb02dedd13f564c13dbda2174"),
        (
            H::Sha512_256,
            b"abc".as_slice(),
            "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
        ),
        (H::Sha512_256, long, "bde8e1f9f19bb9fd3406c90ec6bc47bd36d8ada9f11880dbc8a22a7078b6a461"),
        (H::Sha3_224, b"abc".as_slice(), "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"),
        (H::Sha3_224, long, "8a24108b154ada21c9fd5574494479ba5c7e7ab76ef264ead0fcce33"),
        (H::Sha3_256, b"abc".as_slice(), "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
        (H::Sha3_256, long, "41c0dba2a9d6240849100376a8235e2c82e1b9998a999e21db32dd97496d3376"),
        (
            H::Sha3_384,
            b"abc".as_slice(),
            "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
        ),
        (
            H::Sha3_384,
            long,
            "991c665755eb3a4b6bbdfb75c78a492e8c56a22c5c4d7e429bfdbc32b9d4ad5aa04a1f076e62fea19eef51acd0657c22",
        ),
        (
            H::Sha3_512,
            b"abc".as_slice(),
            "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
        ),
        (
            H::Sha3_512,
            long,
            "04a371e84ecfb5b8b77cb48610fca8182dd457ce6f326a0fd3d7ec2f1e91636dee691fbe0c985302ba1b0d8dc78c086346b533b49c030d99a27daf1139d6e75e",
        ),
        (H::Ripemd160, b"abc".as_slice(), "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
        (H::Ripemd160, long, "12a053384a9c0c88e405a06c27dcf49ada62eb2b"),
    ] {
        let parameters = CryptographicParameters {
            hashing_algorithm: Some(algorithm),
            ..CryptographicParameters::default()
        };
        let request = HashRequest { data: Some(data.into()), ..HashRequest::new(parameters.clone()) };
        let hashed = peer.call(request).unwrap().data.unwrap();
        assert_eq!(hashed.reveal(), hex(expected), "{algorithm}");
        // In parts, the first of which is shorter than any block.
        let (first, last) = data.split_at(2);
        let begun = peer.call(HashRequest {
            data: Some(first.into()),
            init_indicator: Some(true),
            ..HashRequest::new(parameters.clone())
        });
        let ended = peer.call(HashRequest {
            data: Some(last.into()),
            correlation_value: begun.unwrap().correlation_value,
            final_indicator: Some(true),
            ..HashRequest::new(parameters)
        });
        assert_eq!(ended.unwrap().data.unwrap(), hashed, "{algorithm}");
    }
    for algorithm in [H::Md2, H::Md4, H::Tiger, H::Whirlpool] {
        let parameters = CryptographicParameters {
            hashing_algorithm: Some(algorithm),
            ..CryptographicParameters::default()
        };
        let request = HashRequest { data: Some(long.into()), ..HashRequest::new(parameters) };
        // Of the parameters, the table of Hash has no reason.
        assert_eq!(peer.call(request), Err(ResultReason::InvalidField), "{algorithm}");
    }
}
