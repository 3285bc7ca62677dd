//! Personal data as pages show them: enough to recognise, too little to use.

/// The family name and a star for each further character: `张*`.
#[must_use]
pub fn name(name: &str) -> String {
    let mut characters = name.chars();
    let first: String = characters.next().into_iter().collect();
    first + &"*".repeat(characters.count().min(4))
}

/// An identity paper's number with its first four and last four characters: `3301**********1234`.
#[must_use]
pub fn id_no(number: &str) -> String {
    keep(number, 4, 4)
}

/// A mobile number with its first three and last four digits: `138****1234`.
#[must_use]
pub fn mobile(number: &str) -> String {
    keep(number, 3, 4)
}

/// Stars between the ends. Where fewer than four characters would be hidden, as in a passport's number, the last two alone are shown.
fn keep(text: &str, first: usize, last: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (first, last) = if chars.len() >= first + last + 4 { (first, last) } else { (0, chars.len().min(2)) };
    let hidden = chars.len() - first - last;
    chars[..first]
        .iter()
        .copied()
        .chain(std::iter::repeat_n('*', hidden))
        .chain(chars[chars.len() - last..].iter().copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_ends_only() {
        assert_eq!(id_no("330102199001011234"), "3301**********1234");
        assert_eq!(mobile("13800001234"), "138****1234");
        assert_eq!(mobile(""), "");
    }

    #[test]
    fn short_numbers_keep_their_last_two_characters() {
        assert_eq!(id_no("E12345678"), "*******78");
        assert_eq!(id_no("A12"), "*12");
        assert_eq!(mobile("10086"), "***86");
    }

    #[test]
    fn names_keep_the_family_name() {
        assert_eq!(name("张三"), "张*");
        assert_eq!(name("欧阳小明"), "欧***");
        assert_eq!(name(""), "");
    }
}
