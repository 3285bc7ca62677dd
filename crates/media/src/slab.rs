//! Things behind small keys. A key of something that is gone never finds what took its place.

/// The key of an entry: a place, and how often the place had been given away before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    place: usize,
    turn: u32,
}

/// A growing table with stable keys.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    places: Vec<(u32, Option<T>)>,
    free: Vec<usize>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    /// Puts in what `make` builds for the key that it will have.
    pub(crate) fn insert_with(&mut self, make: impl FnOnce(Key) -> T) -> Key {
        let place = self.free.pop().unwrap_or_else(|| {
            self.places.push((0, None));
            self.places.len() - 1
        });
        let key = Key { place, turn: self.places[place].0 };
        self.places[place].1 = Some(make(key));
        key
    }

    pub(crate) fn get(&self, key: Key) -> Option<&T> {
        self.places.get(key.place).filter(|(turn, _)| *turn == key.turn)?.1.as_ref()
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        self.places.get_mut(key.place).filter(|(turn, _)| *turn == key.turn)?.1.as_mut()
    }

    pub(crate) fn remove(&mut self, key: Key) -> Option<T> {
        let (turn, value) = self.places.get_mut(key.place).filter(|(turn, _)| *turn == key.turn)?;
        let value = value.take()?;
        *turn = turn.wrapping_add(1);
        self.free.push(key.place);
        Some(value)
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_key_does_not_find_the_newcomer() {
        let mut slab = Slab::default();
        let old = slab.insert_with(|_| "old");
        assert_eq!(slab.remove(old), Some("old"));
        let new = slab.insert_with(|_| "new");
        assert_eq!((slab.get(old), slab.get(new), slab.len()), (None, Some(&"new"), 1));
        assert_eq!(slab.remove(old), None);
    }
}
