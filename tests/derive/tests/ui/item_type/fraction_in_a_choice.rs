use kmip_types::Ttlv;

#[derive(Ttlv)]
enum Number {
    Whole(i32),
    Fraction(f64),
}

fn main() {}
