//! Personal numbers as pages show them: enough to recognise, too little to use.

/// An identity paper's number with its first four and last four characters; short ones with their last two.
#[must_use]
pub fn id_no(number: &str) -> String {
    keep(number, 4, 4)
}

/// A mobile number with its first three and last four digits.
#[must_use]
pub fn mobile(number: &str) -> String {
    keep(number, 3, 4)
}

fn keep(text: &str, first: usize, last: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (first, last) = if chars.len() > first + last { (first, last) } else { (0, chars.len().min(2)) };
    let hidden = chars.len() - first - last;
    chars[..first].iter().copied().chain(std::iter::repeat_n('*', hidden)).chain(chars[chars.len() - last..].iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_ends_only() {
        assert_eq!(id_no("330102199001011234"), "3301**********1234");
        assert_eq!(mobile("13800001234"), "138****1234");
        assert_eq!(id_no("A12"), "*12");
        assert_eq!(mobile(""), "");
    }
}
