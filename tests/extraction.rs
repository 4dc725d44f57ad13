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
fn saved_pages_of_an_archive() {
    let Some(archive) = pages::archive() else {
        println!("no archive of saved pages; set SEARCH_PAGES to score one");
        return;
    };
    if let Ok(wanted) = std::env::var("SEARCH_PAGE") {
        for (path, _) in [
            pages::with_gold(&archive.join("korean")),
            pages::with_cleaned_text(&archive.join("english-goose")),
            pages::with_expected_html(&archive.join("english-readability")),
        ]
        .concat_pages()
        {
            if path.to_string_lossy().contains(&wanted) {
                println!("{:#?}", pages::read(&path));
            }
        }
    }
    if let Ok(asked) = std::env::var("SEARCH_PAGE")
        && asked == "asiae"
    {
        println!("{:#?}", pages::read(&archive.join("asiae-putin-ctbt.txt")));
    }
    let korean = scored(pages::with_gold(&archive.join("korean")));
    let opening = scored(pages::with_cleaned_text(&archive.join("english-goose")));
    let english = scored(pages::with_expected_html(&archive.join("english-readability")));
    let korean = pages::table("Korean", &korean);
    let opening = pages::table("English, goose (most golds are only the first words)", &opening);
    let english = pages::table("English, readability", &english);
    println!("{korean:?} {opening:?} {english:?}");
}

trait Concat {
    fn concat_pages(self) -> Vec<(PathBuf, Gold)>;
}

impl<const N: usize> Concat for [Vec<(PathBuf, Gold)>; N] {
    fn concat_pages(self) -> Vec<(PathBuf, Gold)> {
        self.into_iter().flatten().collect()
    }
}
