//! The four workloads of `kmip-bench`, in the form of KMIP 1.2, as other libraries have them; and a client without a codec.

pub mod bare;
pub mod by_protocol;
pub mod by_ttlv;

#[cfg(test)]
mod tests {
    use kmip_bench::rows::FOUND;
    use kmip_bench::{hand, workloads};
    use kmip_protocol::types::response;
    use kmip_types::ProtocolVersion;
    use kmip_types::message::Message;

    use super::*;

    const VERSION: ProtocolVersion = ProtocolVersion::V1_2;

    #[test]
    fn kmip_ttlv_creates_with_the_same_bytes() {
        for count in [1, 100] {
            let bytes = workloads::create(VERSION, count).to_ttlv().unwrap();
            let message = by_ttlv::create(&hand::Creates::new(VERSION, count));
            assert_eq!(kmip_ttlv::to_vec(&message).unwrap(), bytes, "{count}");
            let read: by_ttlv::RequestMessage<by_ttlv::CreateRequest> =
                kmip_ttlv::from_slice(&bytes).unwrap();
            assert_eq!(read, message, "{count}");
        }
    }

    #[test]
    fn kmip_ttlv_locates_with_the_same_bytes() {
        let bytes = workloads::located(VERSION, FOUND).to_ttlv().unwrap();
        let message = by_ttlv::located(&hand::Located::new(VERSION, FOUND));
        assert_eq!(kmip_ttlv::to_vec(&message).unwrap(), bytes);
        assert_eq!(kmip_ttlv::from_slice::<by_ttlv::ResponseMessage>(&bytes).unwrap(), message);
    }

    #[test]
    fn kmip_ttlv_encrypts_with_the_same_bytes() {
        let bytes = workloads::encrypt(VERSION, 4096).unwrap().to_ttlv().unwrap();
        let message = by_ttlv::encrypt((1, 2), workloads::KEY, workloads::data(4096));
        assert_eq!(kmip_ttlv::to_vec(&message).unwrap(), bytes);
        let read: by_ttlv::RequestMessage<by_ttlv::EncryptRequest> = kmip_ttlv::from_slice(&bytes).unwrap();
        assert_eq!(read, message);
    }

    #[test]
    fn kmip_protocol_creates_with_the_same_bytes() {
        for count in [1, 100] {
            let bytes = workloads::create(VERSION, count).to_ttlv().unwrap();
            let message = by_protocol::create(&hand::Creates::new(VERSION, count));
            assert_eq!(kmip_ttlv::ser::to_vec(&message).unwrap(), bytes, "{count}");
        }
    }

    #[test]
    fn kmip_protocol_reads_the_same_response_of_locate() {
        let bytes = workloads::located(VERSION, FOUND).to_ttlv().unwrap();
        let read: response::ResponseMessage = kmip_protocol::response::from_slice(&bytes).unwrap();
        let Some(response::ResponsePayload::Locate(payload)) = &read.batch_items[0].payload else {
            panic!("expected a response of Locate, found {read:?}");
        };
        let found: Vec<&String> = payload.unique_identifiers.iter().map(|identifier| &identifier.0).collect();
        let expected = hand::Located::new(VERSION, FOUND).unique_identifiers;
        assert_eq!(found, expected.iter().collect::<Vec<_>>());
    }
}
