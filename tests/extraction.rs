//! How well pages are read, in numbers: our own small pages always, an archive of saved pages where there is one.

mod pages;

use std::path::{Path, PathBuf};

use pages::{Gold, Scored};

fn scored(pages: Vec<(PathBuf, Gold)>) -> Vec<Scored> {
    let name = |path: &Path| {
        let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let folder = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        if file == "source" { folder } else { file }
    };
    pages.iter().map(|(path, gold)| pages::score(&name(path), &pages::read(path), gold)).collect()
}

#[test]
fn our_own_pages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pages");
    let scored = scored(pages::with_gold(&folder));
    pages::table("our own", &scored);
    assert!(scored.len() >= 8);
    for page in &scored {
        assert!(page.title && page.date && page.body > 0.995, "{}", page.name);
    }
    for (path, gold) in pages::with_gold(&folder) {
        let article = pages::read(&path);
        assert_eq!(article.captions, gold.captions, "{}", path.display());
        assert_eq!(article.source, gold.source, "{}", path.display());
        assert_eq!(article.byline, gold.byline, "{}", path.display());
        assert_eq!(article.lead, gold.lead, "{}", path.display());
    }
}

#[test]
fn saved_pages_of_an_archive() {
    let Some(archive) = pages::archive() else {
        println!("no archive of saved pages; set SEARCH_PAGES to score one");
        return;
    };
    let korean = pages::with_gold(&archive.join("korean"));
    let opening = pages::with_cleaned_text(&archive.join("english-goose"));
    let english = pages::with_expected_html(&archive.join("english-readability"));
    // one page in full, to see what is wrong with it
    if let Ok(wanted) = std::env::var("SEARCH_PAGE") {
        let first = archive.join("asiae-putin-ctbt.txt");
        let all = korean.iter().chain(&opening).chain(&english).map(|(path, _)| path).chain([&first]);
        for path in all.filter(|path| path.to_string_lossy().contains(&wanted)) {
            println!("{:#?}", pages::read(path));
        }
    }
    let korean = pages::table("Korean", &scored(korean));
    let opening = pages::table("English, goose (most golds are only the first words)", &scored(opening));
    let english = pages::table("English, readability", &scored(english));
    assert!(korean.titles >= 1.0 && korean.dates >= 1.0 && korean.bodies >= 0.98, "{korean:?}");
    assert!(opening.titles >= 1.0 && opening.bodies >= 0.98, "{opening:?}");
    // one of the golds is a front page, not an article
    assert!(english.titles >= 1.0 && english.dates >= 1.0 && english.bodies >= 0.90, "{english:?}");
}
