// Lucene + Nori as a peer of `search`: indexes JSON lines, times queries, writes TREC runs. See README.md.
//
//   index CORPUS DIR nori|nori-bigram THREADS store|ids     one line: seconds, bytes of text, bytes of the index
//   bench DIR nori|nori-bigram QUERIES [OFFSET]             class<TAB>queries<TAB>p50<TAB>p90<TAB>p99, in ms, warm, ten hits
//   run   DIR nori|nori-bigram QUERIES OUT DEPTH            a TREC run
//   one   DIR nori|nori-bigram QUERY                        top 10 of a fresh process

import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.atomic.*;
import java.util.regex.*;
import org.apache.lucene.analysis.*;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.ko.*;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.*;
import org.apache.lucene.index.*;
import org.apache.lucene.search.*;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.AttributeFactory;
import org.apache.lucene.util.QueryBuilder;

public class Lucene {
    static final String WORDS = "text", BIGRAMS = "text_bigram";

    /** What the reference of the nori plugin proposes, and a stemmer for the English half of the archive. */
    static final Analyzer NORI = new Analyzer() {
        @Override protected TokenStreamComponents createComponents(String field) {
            Tokenizer words = new KoreanTokenizer(AttributeFactory.DEFAULT_ATTRIBUTE_FACTORY, null,
                    KoreanTokenizer.DecompoundMode.DISCARD, false);
            TokenStream kept = new KoreanPartOfSpeechStopFilter(words);
            return new TokenStreamComponents(words, new PorterStemFilter(new LowerCaseFilter(kept)));
        }
    };
    static final Analyzer BIGRAM = new CJKAnalyzer();

    public static void main(String[] args) throws Exception {
        IndexSearcher.setMaxClauseCount(1 << 16);
        switch (args[0]) {
            case "index" -> index(Path.of(args[1]), Path.of(args[2]), bigrams(args[3]), Integer.parseInt(args[4]), args[5].equals("store"));
            case "bench" -> bench(Path.of(args[1]), bigrams(args[2]), Path.of(args[3]), args.length > 4 ? Integer.parseInt(args[4]) : 0);
            case "run" -> run(Path.of(args[1]), bigrams(args[2]), Path.of(args[3]), Path.of(args[4]), Integer.parseInt(args[5]));
            case "one" -> one(Path.of(args[1]), bigrams(args[2]), args[3]);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    static boolean bigrams(String variant) {
        return switch (variant) {
            case "nori" -> false;
            case "nori-bigram" -> true;
            default -> throw new IllegalArgumentException(variant);
        };
    }

    // ---- indexing

    static void index(Path corpus, Path dir, boolean bigrams, int threads, boolean store) throws Exception {
        IndexWriterConfig config = new IndexWriterConfig(new PerFieldAnalyzerWrapper(NORI, Map.of(BIGRAMS, BIGRAM)));
        config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
        config.setRAMBufferSizeMB(256);
        config.setSimilarity(new BM25Similarity(1.2f, 0.75f));
        AtomicLong bytes = new AtomicLong();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long started = System.nanoTime();
        try (FSDirectory files = FSDirectory.open(dir); IndexWriter writer = new IndexWriter(files, config);
                BufferedReader lines = Files.newBufferedReader(corpus)) {
            Thread[] workers = new Thread[threads];
            for (int i = 0; i < threads; i++) {
                workers[i] = new Thread(() -> {
                    try {
                        for (List<String> batch = take(lines); !batch.isEmpty(); batch = take(lines)) {
                            for (String line : batch) bytes.addAndGet(add(writer, new Json(line).strings(), bigrams, store));
                        }
                    } catch (Throwable problem) {
                        failure.compareAndSet(null, problem);
                    }
                });
                workers[i].start();
            }
            for (Thread worker : workers) worker.join();
            if (failure.get() != null) throw new IOException("indexing failed", failure.get());
            writer.commit();
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        long size = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(dir)) {
            for (Path file : all) size += Files.size(file);
        }
        System.out.printf(Locale.ROOT, "%.3f\t%d\t%d%n", seconds, bytes.get(), size);
    }

    static List<String> take(BufferedReader lines) throws IOException {
        List<String> batch = new ArrayList<>(64);
        synchronized (lines) {
            for (String line; batch.size() < 64 && (line = lines.readLine()) != null;) if (!line.isBlank()) batch.add(line);
        }
        return batch;
    }

    static long add(IndexWriter writer, Map<String, String> article, boolean bigrams, boolean store) throws IOException {
        String text = article.getOrDefault("title", "") + "\n" + article.getOrDefault("body", "");
        Document document = new Document();
        document.add(new StringField("id", article.get("id"), Field.Store.YES));
        document.add(new TextField(WORDS, text, store ? Field.Store.YES : Field.Store.NO));
        if (bigrams) document.add(new TextField(BIGRAMS, text, Field.Store.NO));
        label(article, document);
        writer.addDocument(document);
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** What filters ask for. `search` knows two languages, and articles labelled `mixed` are Korean to it. */
    static void label(Map<String, String> article, Document document) {
        String source = article.get("source"), lang = article.get("lang");
        String day = article.getOrDefault("date", article.getOrDefault("published", ""));
        if (source != null) document.add(new StringField("source", source, Field.Store.NO));
        if (lang != null) document.add(new StringField("lang", lang.equals("mixed") ? "ko" : lang, Field.Store.NO));
        if (day.length() >= 10) document.add(new IntPoint("day", day(day.substring(0, 10))));
    }

    static int day(String date) {
        return Integer.parseInt(date.replace("-", ""));
    }

    // ---- queries

    /** Any of the words, as often as the query has them; with bigrams the sum of both fields. */
    static Query query(String text, boolean bigrams) throws IOException {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        words(NORI, WORDS, text, any);
        if (bigrams) words(BIGRAM, BIGRAMS, text, any);
        return any.build();
    }

    static void words(Analyzer analyzer, String field, String text, BooleanQuery.Builder any) throws IOException {
        Map<String, Integer> counts = new LinkedHashMap<>();
        try (TokenStream tokens = analyzer.tokenStream(field, text)) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) counts.merge(term.toString(), 1, Integer::sum);
            tokens.end();
        }
        counts.forEach((term, count) -> {
            Query one = new TermQuery(new Term(field, term));
            any.add(count == 1 ? one : new BoostQuery(one, count), BooleanClause.Occur.SHOULD);
        });
    }

    static final Pattern CONDITION = Pattern.compile("\\b(source|lang|date):(?:\"([^\"]*)\"|(\\S+))");

    /** For latency: any of the words, or a phrase of the words field where they are in quotation marks; and conditions. */
    static Query typed(String text, boolean bigrams) throws IOException {
        Matcher conditions = CONDITION.matcher(text);
        BooleanQuery.Builder chosen = new BooleanQuery.Builder();
        boolean filtered = false;
        while (conditions.find()) {
            filtered = true;
            chosen.add(condition(conditions.group(1), conditions.group(2) == null ? conditions.group(3) : conditions.group(2)), BooleanClause.Occur.FILTER);
        }
        Query wanted = wanted(conditions.replaceAll("").strip(), bigrams);
        return filtered ? chosen.add(wanted, BooleanClause.Occur.MUST).build() : wanted;
    }

    static Query wanted(String text, boolean bigrams) throws IOException {
        if (text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
            Query phrase = new QueryBuilder(NORI).createPhraseQuery(WORDS, text.substring(1, text.length() - 1));
            return phrase == null ? new MatchNoDocsQuery() : phrase;
        }
        return query(text, bigrams);
    }

    /** `date:` has both of its days, which are included. */
    static Query condition(String name, String value) {
        if (!name.equals("date")) return new TermQuery(new Term(name, value));
        String[] days = value.split("\\.\\.");
        return IntPoint.newRangeQuery("day", day(days[0]), day(days[1]));
    }

    static IndexSearcher searcher(DirectoryReader reader) {
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity(1.2f, 0.75f));
        searcher.setQueryCache(null); // the same query twice is not what is timed
        return searcher;
    }

    /** Columns of the queries: id, text; or id, class, text. */
    static List<String[]> queries(Path path) throws IOException {
        List<String[]> queries = new ArrayList<>();
        for (String line : Files.readAllLines(path)) {
            String[] fields = line.split("\t");
            if (fields.length == 2) queries.add(new String[] {fields[0], "all", fields[1]});
            if (fields.length >= 3) queries.add(new String[] {fields[0], fields[1], fields[2]});
        }
        return queries;
    }

    /** Six passes and 6,000 queries at least, so that the compiler of the JVM has settled; the last pass counts. Ids are read, as a page of hits would. */
    static void bench(Path dir, boolean bigrams, Path path, int offset) throws IOException {
        List<String[]> queries = queries(path);
        int passes = Math.max(6, 6000 / Math.max(1, queries.size()));
        Map<String, List<Long>> times = new TreeMap<>();
        List<Long> all = new ArrayList<>();
        long read = 0;
        try (FSDirectory files = FSDirectory.open(dir); DirectoryReader reader = DirectoryReader.open(files)) {
            IndexSearcher searcher = searcher(reader);
            for (int pass = 0; pass < passes; pass++) {
                times.clear();
                all.clear();
                for (String[] query : queries) {
                    long started = System.nanoTime();
                    StoredFields stored = searcher.storedFields();
                    ScoreDoc[] hits = searcher.search(typed(query[2], bigrams), offset + 10).scoreDocs;
                    for (int at = offset; at < hits.length; at++) {
                        read += stored.document(hits[at].doc, Set.of("id")).get("id").length();
                    }
                    long took = System.nanoTime() - started;
                    times.computeIfAbsent(query[1], key -> new ArrayList<>()).add(took);
                    all.add(took);
                }
            }
        }
        times.put("all", all);
        times.forEach(Lucene::print);
        if (read == 0) System.err.println("no query had a hit");
    }

    static void print(String name, List<Long> times) {
        Collections.sort(times);
        System.out.printf(Locale.ROOT, "%s\t%d\t%.3f\t%.3f\t%.3f%n", name, times.size(), at(times, .5), at(times, .9), at(times, .99));
    }

    /** Nearest rank, in milliseconds. */
    static double at(List<Long> sorted, double share) {
        int rank = (int) Math.ceil(sorted.size() * share);
        return sorted.get(Math.max(1, Math.min(sorted.size(), rank)) - 1) / 1e6;
    }

    static void run(Path dir, boolean bigrams, Path path, Path out, int depth) throws IOException {
        try (FSDirectory files = FSDirectory.open(dir); DirectoryReader reader = DirectoryReader.open(files);
                PrintWriter run = new PrintWriter(Files.newBufferedWriter(out))) {
            IndexSearcher searcher = searcher(reader);
            StoredFields stored = searcher.storedFields();
            for (String[] query : queries(path)) {
                int rank = 0;
                for (ScoreDoc hit : searcher.search(query(query[2], bigrams), depth).scoreDocs) {
                    run.printf(Locale.ROOT, "%s Q0 %s %d %.6f lucene%n", query[0], stored.document(hit.doc).get("id"), ++rank, hit.score);
                }
            }
        }
    }

    static void one(Path dir, boolean bigrams, String text) throws IOException {
        try (FSDirectory files = FSDirectory.open(dir); DirectoryReader reader = DirectoryReader.open(files)) {
            IndexSearcher searcher = searcher(reader);
            StoredFields stored = searcher.storedFields();
            for (ScoreDoc hit : searcher.search(typed(text, bigrams), 10).scoreDocs) {
                System.out.printf(Locale.ROOT, "%s\t%.4f%n", stored.document(hit.doc).get("id"), hit.score);
            }
        }
    }
}
