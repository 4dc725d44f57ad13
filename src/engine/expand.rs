//! What the translations of a query found: told to the user, and handed to the matching.

use super::answer::Expansion;
use crate::query::matching::Said;
use crate::query::rewrite::Concept;
use crate::rank::evidence::Kind;
use crate::rank::slot::WeighedSlot;
use crate::store::reader::Reader;

/// The translations that some article holds.
pub fn expansions(concepts: &[Concept], slots: &[WeighedSlot]) -> Vec<Expansion> {
    let mut out: Vec<Expansion> = Vec::new();
    for (at, concept) in concepts.iter().enumerate() {
        for (number, translation) in concept.translations.iter().enumerate() {
            let articles = slots
                .iter()
                .filter(|slot| slot.slot.concept == at && matches!(slot.slot.kind, Kind::Morpheme | Kind::Stem))
                .flat_map(|slot| slot.slot.variants.iter().zip(&slot.counts))
                .filter(|(variant, _)| variant.number == number)
                .map(|(_, count)| count)
                .sum();
            let expansion = Expansion {
                term: concept.text.clone(),
                to: translation.form.clone(),
                reason: translation.reason.to_string(),
                articles,
            };
            if articles > 0 && !out.contains(&expansion) {
                out.push(expansion);
            }
        }
    }
    out
}

/// The articles that say what was typed in other words.
pub fn said<'a>(concepts: &[Concept], slots: &'a [WeighedSlot], reader: &Reader) -> tantivy::Result<Vec<Said<'a>>> {
    slots
        .iter()
        .filter(|slot| slot.slot.kind.finds())
        .map(|slot| {
            let concept = &concepts[slot.slot.concept];
            Ok(Said { leaves: concept.leaves.clone(), span: concept.span, lists: slot.lists(reader)? })
        })
        .collect()
}
