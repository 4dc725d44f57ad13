//! Reads MeCab's connection costs (`matrix.bin`), in the layout of MeCab 0.996 (`connector.cpp`).

use super::DictionaryError;

/// The connection costs: what it costs that a word with a left id follows a word with a right id.
pub struct Matrix {
    pub rights: usize,
    pub lefts: usize,
    /// At `right + rights * left`.
    pub costs: Vec<i16>,
}

impl Matrix {
    pub fn parse(bytes: &[u8]) -> Result<Matrix, DictionaryError> {
        let bad = |reason: &str| DictionaryError::source("matrix.bin", reason);
        let Some((header, body)) = bytes.split_first_chunk::<4>() else {
            return Err(bad("is too short"));
        };
        let rights = usize::from(u16::from_le_bytes([header[0], header[1]]));
        let lefts = usize::from(u16::from_le_bytes([header[2], header[3]]));
        // the morphology library keeps both sizes in an i16
        if rights == 0 || lefts == 0 || rights > i16::MAX as usize || lefts > i16::MAX as usize {
            return Err(bad("has sizes out of range"));
        }
        if body.len() != rights * lefts * 2 {
            return Err(bad("is not as long as its sizes say"));
        }
        let costs = body.as_chunks::<2>().0.iter().map(|pair| i16::from_le_bytes(*pair)).collect();
        Ok(Matrix { rights, lefts, costs })
    }

    /// Raises by `penalty(left)` the cost of following `right`.
    pub fn penalise_after(&mut self, right: u16, penalty: impl Fn(u16) -> i16) {
        for left in 0..self.lefts {
            let cost = &mut self.costs[usize::from(right) + self.rights * left];
            *cost = cost.saturating_add(penalty(left as u16));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn costs_are_found_by_right_and_left() {
        let bytes = fixture::matrix(3, 2, |right, left| (right * 10 + left) as i16);
        let mut matrix = Matrix::parse(&bytes).unwrap();
        assert_eq!((matrix.rights, matrix.lefts), (3, 2));
        assert_eq!(matrix.costs, [0, 10, 20, 1, 11, 21]);
        matrix.penalise_after(2, |left| if left == 1 { i16::MAX } else { 5 });
        assert_eq!(matrix.costs, [0, 10, 25, 1, 11, i16::MAX]);
        assert!(Matrix::parse(&bytes[..bytes.len() - 1]).is_err());
        assert!(Matrix::parse(&[0, 0, 0, 0]).is_err());
    }
}
