//! Sign and Signature Verify with X9.31, by the vectors of NIST and of Botan's tests.

use kmip_sdk::types::attribute::CryptographicParameters;
use kmip_sdk::types::enumerations::{
    CryptographicAlgorithm as A, HashingAlgorithm as H, KeyFormatType, PaddingMethod, ResultReason,
};
use kmip_sdk::types::object::KeyMaterial;
use kmip_sdk::types::operation::SignRequest;

use crate::asks::{hex, is_valid, peer, private, public};

fn by(hash: H) -> CryptographicParameters {
    CryptographicParameters {
        padding_method: Some(PaddingMethod::X931),
        hashing_algorithm: Some(hash),
        ..CryptographicParameters::default()
    }
}

/// A key as PKCS#1, a message, the number that Botan signs it with, and that number taken from the modulus. The smaller of the
/// two is the signature.
struct Vector {
    hash: H,
    pkcs1: &'static str,
    message: &'static str,
    one: &'static str,
    other: &'static str,
}

const VECTORS: [Vector; 3] = [
    Vector {
        hash: H::Sha1,
        pkcs1: "3082025b02010002818100ab01c9e79bd2d419a8731ada6843e97a4e554f21d8f31388d13293620dab895b9f551f3eece90a\
            72ab06aa58431f47358dd8b99cb776a5cbb84b1d7b1e54f02d8a705ab0950fc9c28411a8c3b6d981a45b560bc06f5e916ec7\
            43885e8f783da4bc09dc01cc421efc3b6fdcb7e8886172655c092cca455931c5f3baae8c6a1279020111028180283ca7fa42\
            c831e7eb6660abdc4c36ef99f5f4806f4840d4e5edc8534e82b6e861b9acffbf45e457374cdcc979348939c705d1520d0cdb\
            b776a8432c07230b559f958af856ee68a9c9ab5a9461514ef814c3e32354c61cb193270258bd9f9597fa45c4e1fc3af30331\
            90ea579793408a4eef8e795db2fb98d393c6e8346ace81024100befbf638255034eff995cf15a610243a48784cefb89cf10a\
            11982f5adfa0c5f249b373e33900a1a4a957f38a1ebfd49c4c74a2d7e74eef2168f18424c6b6a843024100e538d5d8fe4a58\
            00f16398b7732fcdcbba9d397a8e77a67204458f0a89f13bec8aade35e2346f489ff7005398596ba8a496d48d114bdbcc6d9\
            ce292ee6ed7c9302407b93f9abdbe89ab96542d14a3e46ae07984dd76defed146fed445ae0729534c9f3741dcf43006897b8\
            de8e868c5e020ac80f3c31596f4f6ff89c46722639f467024100a1cdc420b37fc5a6500a11726f6d09bcfc32bf295581a2aa\
            d5d6bf52bbb95779cb4d916fa06e52434ae5a955c7b5b0da15b68dc0c358c17d4e73685d57b6b249024100b9cd31711f893a\
            abe34512c49e40af63556848f757397625d53d7b9543780dd71f5f6488f551a01a23a5077efbe8deabc085eddbeddefc0d1f\
            27c2d227af4ee9",
        message: "447564652c2077686572652773206d79206361723f",
        one: "4b9be36be0aaacc62ffa857a34d8032be865c0d757c7a7827ad5d5c6df6c5fd6fd32a2eb0e851a0d04258fdbb94849ca2ad7\
            8ffa2ccc56070219b8ac198d0f98165956d027a6d0325619b8c1458f01ec6a34da517d89f3f3046aed0f169a2797442fb6e5\
            86c6099b7cbe4f07682acf751e291123ac5df312088a9d84a54a7d54",
        other: "5f65e67bbb28275378789560336be64e65ef8e4a812b6c06565cbd9b2e3f2984a2227c53de63f065a6e11a7c89d6fd6b6301\
            29a28aaa4fc4b63164cf04c7e095741703e06d68f9902df7f002714a7fb7f121316ef1d49d7bc2d89b4f78de160d77da251c\
            457c1560beb18db0805d91fd4732f8091de7661fbd691d29e71f9525",
    },
    Vector {
        hash: H::Sha384,
        pkcs1: "3082025c02010002818100b553a8cef2a44c0cc82982b372bfe93e95971cc8a8ed87addac94a720f5178d04d458657d57444\
            80af90d2e0c63800409af3c23475ee17907517405b27192a419e3db00a89b4a8b1f4743f0e81ed19b5235bcd0c4cca9e7a3b\
            614f19ca5972a8821515dbc03f71861dff284ece10492a50f69ea1adb61b99761e00dc59f34d8d02030100010281805c1b34\
            e27a6a6e9f0785de785ccf93215147433dc26175cc2018a39230a9c7deb7819b6e3e6522eee33f837eddf1505f80d6554de4\
            a19ea2a877b91f144b3a24e1ce8465c47e377f6bd7bc5796b008cbe1c06e88ce73bf70d3d490fda8fbb189a8e84fbbbf45ce\
            b984067d4516cf171f6db4ee4c91d784bcb29526f797084a41024100f74faff1f8533804a2ed81ea92e9872505551954df62\
            3503615b558efca368d32c7cc10b39679160e0fdabeb0ddb874469677c2ddf45e369fac599f4ebbcd5c5024100bbb2824d01\
            bf3a3820c349d77cb6761081590767a8bd5753aaf71893c9220080adf01d89d5217fe714fcad68afead388f103da7273ae2a\
            67414198ce7022dd290241008a4e835c33fefe46018407f2d2844d3313ff5a724f971184b96ea5b398701e9072c1b607fbeb\
            82af0644775fb5d93e95b0c8d1f6a975e14f8491fb9eb03363ed024051cc64cecc911afd3502069f3b81850882665b3cc8a3\
            e377da0d1f8fe05aca1f4a2e57a126da17948c67e5e6b6abbf0e7202bce39e186bf05dd7099205fa9ba902400e04b354c72a\
            a354beb33ea3555f1c459c724b5d0a8f12f39f089cdeeab568ebee0a3163a489954da502a9efdf1c3e50d9c3bc87067013bd\
            9b45f5e00f45442d",
        message: "7072696f6e636f7270",
        one: "858691cd4d14cd74841aea3cf1564734d939cb7d8b4341ba1f74d88fda993761aa5d850b258bdbeb228beccc0f6b6c0ef96a\
            3dedc43a7078bf05d9ff4ea0224184572deb43d77f0c9162ce69192ee3e50402579317b56838aeac091369f216f19d271e71\
            41149f1a5760071a65f08515d7226336c9c5ea6cf35691b1c92451c4",
        other: "2fcd1701a58f7e98440e98768169a209bc5d514b1daa45f3bb5471e234b8416ea2e8014cafe868958d04e614b6cc9431a189\
            8446b1b3a717b611665bd879080019e6821f45dd29a5631170a568be35d01f597579351536418cb5460660675bb6e4edf76a\
            7f2ad26bc69f2134681fc41479d43b6ae3f0312c82c76f2a90cefbc9",
    },
    Vector {
        hash: H::Sha512,
        pkcs1: "3082037c0201000281c100aeed42d3bcc6ce49c0d68ab87b01af025527628392f63117235d80affc88d7332f2c59d322c034\
            f09820100cd7ca7ba4b86958e99ef0301dc2de4957f9ccd16be2d1cce5bc86178d0f4256b2a767751d63a285967ea25f59d5\
            03185a8575c4e4fafd4545ab860890481b4b246754dc6bea7f579fc3d595ddc9a69e44b38331445e3392fd96b66ba39417a8\
            ed645c3c93a532ac120844886524ea5b50e074dee651c3cf6f769377a92ed92514523c97c24133e98056dc5ead1d86dcb5a8\
            7c9d8b02030100010281c070ecf22b46bf010553dc2c8993bf2e7fcf0131f3c6b7f051039fa527f75b4fb1d74e465eab1c72\
            10afe462f82786abf356a98ba0a5de60f1958f72c1bc9da0c48914efb58fd2f0f93b54942b992e8cc8803db707c4908605b4\
            21df62f0ad6a81669f9a917898a65a3739354a18d3dfa30b8915f8cd79ffebfeec126d5fc9165d8ae261131aa7f594723ed4\
            fcefe49eacebf022f294fb8e85060d3429a24ba721399ca3a325b4d79d2cbb7d01bd741a40adec69b9c9f13a6b4d00ddb977\
            0afae1026100dca8e48536240777efe1290c0c89db9492b33bd5767f7b8c12bc9659d21d35d253c054469ffc2574eeed1550\
            9093b7606c59eb108a4f4ef4576bd84d2b61922a4cd3587e0a92d3a95ab3cdee4f31410cb1270f369e9e395524e22ad26160\
            9a05026100caf14e53927c9c38d0eee7dda60162b9fd3a270ec0b8b301baa41f880527fbf015babe0413dfcff22338e8e1fe\
            d4f2026faf720373f2ed955ee5252f486b13bae0930e5012d0149b178005302996d967370c272513e20cad5721f49a46869e\
            4f02605ace7e4c7bbd53fd7d90316e2df2c5945cd2b9badceb1592cd5b229c90254932e7186d162b5c7ea5a2759aa1eefd7b\
            27892f6fd6fcb42a8fcf32286f897cbbc4009db0fb1daad2c40cf995b38e8f7c6f96afb64909f99f2a74e5462e11b8c96902\
            606817b3743c4bbc198c592e06cb5224a07f5967953296ca0256083ec016dcf665a3cfa00d1960901983a57a16090e927f5b\
            67e31410520738b96ed14eda5749cc6dca1fea446c0455b48d0e9c3088d64411c12306ea96e4a7b86c8b38e279c413026100\
            d7d57c016c8d3d5572cf808947c1b0a3563ac18f0be933ba1ee5cde6037d7b7e6bc8b591ffd8e38668817bc4bf12cf0b4aba\
            1c01dc86f46f02191e224faeaa51655fa7c2647e9e82326a93a2179607c4e64398a5a7537a7ac3b65e514b2229ef",
        message: "7072696f6e636f7270",
        one: "3697c05a657a8904c792e750515bcb11751d2d4c4c1460fa6055a10a2c5f2320cff2d82c0cf086e2e213cf5c4a4be890f5c0\
            a9f98789710646a500da83333ae1cc6a24e99167b97b7e7ec06fdc789037df23f6fd1608695643c7d7c6462a0b37ad926fca\
            364a826de539cc89419c99397c7fa1f1cd244b0c7d3c27e77b6a4d4806e749b1291a23f8f3e6873bc8de349f871530ae11cf\
            4ec42e27b6e3bacaa3dd6a40ae51463ede39b510e94f0a177328f868c91b5c35f13af0fef0aa4ad88b4d",
        other: "78558279574c4544f943a36829a5e3f0e00a353746e1d01cc307dfa5d029b4125f3981a715cfae0db60c40b08d7e9313c2a8\
            aef01766bf177c39487d7699968a1667a7fc2b1e5e1190c39642caeee4e5847e8e996899f603913b40943f4bb9ad4d6ad57b\
            753b862262e17e9b25b843326dffb5adf6b14ad14c6a765d3818e3fc574c494c6d9c47aaa03121b19b7e07f41e1d7b63f675\
            39a0f6c2a46d25aa3b08e783211e3054996f79c83bc54825249948cb2064faa66d722c87ec0b5da4123e",
    },
];

#[test]
fn signatures_are_the_smaller_of_two_numbers() {
    for Vector { hash, pkcs1, message, one, other } in VECTORS {
        let (peer, message) = (peer(), hex(message));
        let (one, other) = (hex(one), hex(other));
        let (smaller, larger) = if one < other { (one, other) } else { (other, one) };
        let key = private(&peer, A::Rsa, KeyFormatType::Pkcs1, KeyMaterial::bytes(hex(pkcs1))).unwrap();
        let sign = |parameters: CryptographicParameters| {
            let request = SignRequest {
                unique_identifier: Some(key.clone()),
                cryptographic_parameters: Some(Box::new(parameters)),
                data: Some(message.as_slice().into()),
                ..SignRequest::default()
            };
            peer.call(request).map(|signed| signed.signature_data.unwrap())
        };
        assert_eq!(sign(by(hash)).unwrap(), smaller, "{hash}");
        assert_eq!(
            sign(by(H::Md5)),
            Err(ResultReason::UnsupportedCryptographicParameters),
            "X9.31 has no MD5"
        );

        let public = public(&peer, A::Rsa, &spki(&hex(pkcs1))).unwrap();
        let valid = |hash, signature: &[u8]| is_valid(&peer, &public, &by(hash), &message, signature);
        assert!(valid(hash, &smaller), "{hash}");
        assert!(!valid(hash, &larger), "{hash}: the larger number is none");
        assert!(!valid(H::Ripemd160, &smaller), "{hash}: of another hash");
        let mut changed = smaller.clone();
        changed[40] ^= 1;
        assert!(!valid(hash, &changed), "{hash}: changed");
        assert!(!valid(hash, &smaller[1..]), "{hash}: too short");
        assert!(!valid(hash, &vec![0xFF; smaller.len()]), "{hash}: no number below the modulus");
    }
}

/// The SubjectPublicKeyInfo of a private key.
fn spki(pkcs1: &[u8]) -> Vec<u8> {
    let key = kmip_sdk::keys::Material::from_der(pkcs1).unwrap();
    key.public_key().unwrap().to_der().unwrap().reveal().to_vec()
}

/// One of the 186-3 vectors of NIST's for verifying, whose signature was made elsewhere.
#[test]
fn a_signature_of_nists_is_verified() {
    let peer = peer();

    let spki = "30820123300d06092a864886f70d010101050003820110003082010b0282010100c9be1b28f8caccca65d86cc3c9bbcc13ec\
        cc059df3b80bd2292b811eff3aa0dd75e1e85c333b8e3fa9bed53bb20f5359ff4e6900c5e9a388e3a4772a583a79e2299c76\
        582c2b27694b65e9ba22e66bfb817f8b70b22206d7d8ae488c86dbb7137c26d5eff9b33c90e6cee640630313b7a715802e15\
        142fef498c404a8de19674974785f0f852e2d470fe85a2e54ffca9f5851f672b71df691785a5cdabe8f14aa628942147de75\
        93b2cf962414a5b59c632c4e14f1768c0ab2e9250824beea60a3529f11bf5e070ce90a47686eb0be1086fb21f0827f55295b\
        4a48307db0b048c05a4aec3f488c576ca6f1879d354224c7e84cbcd8e76dd217a3de54dba73c35020400e75b1b";
    let message = "5bb0d1c0ef9b5c7af2477fe08d45523d3842a4b2db943f7033126c2a7829bacb3d2cfc6497ec91688189e81b7f8742488224\
        ba320ce983ce9480722f2cc5bc42611f00bb6311884f660ccc244788378673532edb05284fd92e83f6f6dab406209032e6af\
        9a33c998677933e32d6fb95fd27408940d7728f9c9c40267ca1d20ce";
    let signature = "0fe8bb8e3109a1eb7489ef35bf4c1a0780071da789c8bd226a4170538eafefdd30b732d628f0e87a0b9450051feae9754d4f\
        b61f57862d10f0bacc4f660d13281d0cd1141c006ade5186ff7d961a4c6cd0a4b352fc1295c5afd088f80ac1f8e192ef116a\
        010a442655fe8ff5eeacea15807906fb0f0dfa86e680d4c005872357f7ece9aa4e20b15d5f709b30f08648ecaa34f2fbf54e\
        b6b414fa2ff6f87561f70163235e69ccb4ac82a2e46d3be214cc2ef5263b569b2d8fd839b21a9e102665105ea762bda25bb4\
        46cfd831487a6b846100dee113ae95ae64f4af22c428c87bab809541c962bb3a56d4c86588e0af4ebc7fcc66dadced311051\
        356d3ea745f7";

    let key = public(&peer, A::Rsa, &hex(spki)).unwrap();
    assert!(is_valid(&peer, &key, &by(H::Sha1), &hex(message), &hex(signature)));
    assert!(!is_valid(&peer, &key, &by(H::Sha1), b"another", &hex(signature)));
    assert!(!is_valid(&peer, &key, &by(H::Sha256), &hex(message), &hex(signature)));
}
