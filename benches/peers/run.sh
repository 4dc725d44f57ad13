#!/usr/bin/env bash
# `search` and its peers side by side in one run: speed, size, memory and, where there are judgements, ranking.
set -euo pipefail

usage() {
    cat <<'END'
benches/peers/run.sh                              10,000 and 100,000 articles, every peer, ranking
benches/peers/run.sh --articles 2000 --no-ranking a quick look
benches/peers/run.sh --articles 10000,100000,1000000  how the figures grow

  --articles N[,N...]  sizes of the archive            [10000,100000]
  --peers NAMES        of nori,nori-bigram,fts5-words,fts5-trigram; none: only ours   [all]
  --threads N[,N...]   threads that index              [1,2]
  --repeats N          rounds, of which the medians    [3; indexing more than 20,000 articles: 1]
  --eval DIR           evaluation folder; none: without [$SEARCH_EVAL, else ../shared/eval, else none]
  --corpus DIR         sample archive                  [corpus/ of this repository]
  --out DIR            figures, tables and plots       [target/peers]
  --work DIR           where corpora and indexes are while it runs [the folder of --out]
  --no-speed, --no-ranking

$SEARCH_BIN is the binary measured (default: built here), $PEERS_JAVA_OPTS the options of the JVM.
END
}
say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 2; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
articles=10000,100000 peers=nori,nori-bigram,fts5-words,fts5-trigram threads=1,2 repeats='' speed=1 ranking=1
eval_dir=${SEARCH_EVAL:-} corpus=$root/corpus out=$root/target/peers work=''
while (($#)); do
    case $1 in
        --articles | --peers | --threads | --repeats | --eval | --corpus | --out | --work)
            (($# > 1)) || die "$1: a value is missing; see --help"
            case $1 in
                --eval) eval_dir=$2 ;;
                *) printf -v "${1#--}" %s "$2" ;;
            esac
            shift ;;
        --no-speed) speed= ;;
        --no-ranking) ranking= ;;
        -h | --help) usage; exit ;;
        *) die "$1: no such option; see --help" ;;
    esac
    shift
done
if [[ -z $eval_dir && -d $root/../shared/eval ]]; then eval_dir=$root/../shared/eval; fi
[[ $eval_dir != none ]] || eval_dir=
[[ -z $eval_dir || -d $eval_dir ]] || die "$eval_dir: no such folder; give --eval DIR"
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=${work:-$out}
mkdir -p "$work"
work=$(mktemp -d "$(cd "$work" && pwd)/peers.XXXXXX")
trap 'rm -rf "$work"' EXIT
command -v python3 >/dev/null || die "python3: missing, it measures memory and draws the tables and plots"

# ---- the engines: what each needs, and how it indexes, answers and starts

search=${SEARCH_BIN:-} built='binary given by $SEARCH_BIN'
if [[ -z $search ]]; then
    built="commit $(git -C "$root" describe --always --dirty 2>/dev/null || echo unknown)"
    cargo build --release --manifest-path "$root/Cargo.toml"
    search=${CARGO_TARGET_DIR:-$root/target}/release/search
fi
[[ -x $search ]] || die "$search: no such program"

jars=$out/jars
have_lucene() {
    command -v java >/dev/null && command -v javac >/dev/null && command -v mvn >/dev/null || { say "nori: skipped, java, javac or mvn is missing"; return 1; }
    compgen -G "$jars/lucene-analysis-nori-*.jar" >/dev/null ||
        mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$jars" >&2 || { say "nori: skipped, its jars could not be fetched"; return 1; }
    mkdir -p "$jars/classes"
    javac -d "$jars/classes" -cp "$jars/*" "$here"/*.java
}
have_fts5() {
    python3 -c 'import sqlite3; sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize=trigram)")' 2>/dev/null ||
        { say "fts5: skipped, this python3 has no SQLite with FTS5 and its trigrams"; return 1; }
}

engines=(search)
lucene_ready='' fts5_ready=''
for peer in ${peers//,/ }; do
    case $peer in
        nori | nori-bigram) [[ -n $lucene_ready ]] || { have_lucene && lucene_ready=yes || lucene_ready=no; }
            [[ $lucene_ready == no ]] || engines+=("$peer") ;;
        fts5-words | fts5-trigram) [[ -n $fts5_ready ]] || { have_fts5 && fts5_ready=yes || fts5_ready=no; }
            [[ $fts5_ready == no ]] || engines+=("$peer") ;;
        none) ;;
        *) die "$peer: no such peer; see --help" ;;
    esac
done

# the whole command of an engine, for programs that start it: words in `command_line`
command_line() {
    case $1 in
        search) command_line=("$search") ;;
        nori*) read -ra command_line <<<"java ${PEERS_JAVA_OPTS:--Xms256m -Xmx2g}"; command_line+=(-cp "$jars/classes:$jars/*" Lucene) ;;
        fts5*) command_line=(python3 "$here/fts5.py") ;;
    esac
}
# measured COMMAND...: its output, and its peak memory in KiB in $work/peak
measured() { python3 "$here/memory.py" "$work/peak" "$@"; }
note() { printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>"$out/speed.tsv"; } # articles, engine, figure, class, value
per() { awk -v a="$1" -v b="$2" -v unit="${3:-1}" 'BEGIN { printf "%.4f", a / unit / b }'; }
bytes_in() { find "$1" -type f "${@:2}" -printf '%s\n' | awk '{ sum += $1 } END { printf "%d", sum }'; }
peak_mib() { per "$(<"$work/peak")" 1024; }

# index_with ENGINE CORPUS THREADS store|ids: seconds, bytes of text, bytes of the index
index_with() {
    local engine=$1 from=$2 jobs=$3 stored=$4 dir=$work/$1.index
    rm -rf "$dir"
    command_line "$engine"
    case $engine in
        search) # what is asked for in words, so that every engine is charged for the same text
            measured "$search" index "$from" -i "$dir" --jobs "$jobs" --json 2>"$work/log" >"$work/summary" || die "$(cat "$work/log")"
            grep -q '"skipped":0[,}]' "$work/summary" || die "$from: search skipped articles, the figures would not compare: $(cat "$work/log")"
            printf '%s\t%s\t%s\n' "$(sed 's/.*"seconds":\([0-9.e-]*\).*/\1/' "$work/summary")" "$text_bytes" "$(bytes_in "$dir")" ;;
        nori*) measured "${command_line[@]}" index "$from" "$dir" "$engine" "$jobs" "$stored" ;;
        fts5*) mkdir -p "$dir"; measured "${command_line[@]}" index "$from" "$dir/db" "${engine#fts5-}" "$stored" ;;
    esac
}
# bench_with ENGINE QUERIES OFFSET [FLAGS]: class, queries, p50, p90, p99
bench_with() {
    command_line "$1"
    case $1 in
        search) measured "$search" bench -i "$work/search.index" --queries "$2" --offset "$3" --json "${@:4}" 2>"$work/log" >"$work/summary" || die "$(cat "$work/log")"
            python3 -c 'import json, sys
for row in json.load(open(sys.argv[1])): print(row["class"], row["queries"], *(row[p] / 1000 for p in ("p50", "p90", "p99")), sep="\t")' "$work/summary" ;;
        nori*) measured "${command_line[@]}" bench "$work/$1.index" "$1" "$2" "$3" ;;
        fts5*) measured "${command_line[@]}" bench "$work/$1.index/db" "$2" "$3" ;;
    esac
}
fresh_with() {
    command_line "$1"
    case $1 in
        search) command_line+=(query -i "$work/search.index" --) ;;
        nori*) command_line+=(one "$work/$1.index" "$1") ;;
        fts5*) command_line+=(one "$work/$1.index/db") ;;
    esac
    python3 "$here/fresh.py" "$queries" "$2" "${command_line[@]}"
}

# ---- the archive

# archive N: writes $work/articles.jsonl, further.tsv and deep.tsv (hits after `offset`), and sets `queries`, `text_bytes` and `read_mb_s` (the file alone, from the page cache)
archive() {
    if [[ -n $eval_dir && -f $eval_dir/big/make_big.py ]]; then
        source_of="make_big.py of the evaluation folder, seed 1"
        python3 "$eval_dir/big/make_big.py" "$1" "$work/articles.jsonl" >&2
        queries=$eval_dir/big/queries.tsv
    else
        source_of="composed from corpus/, seed 20240317"
        [[ -d $corpus ]] || die "$corpus: no such folder; give --eval DIR or --corpus DIR"
        queries=$work/queries.tsv
        "$search" index "$corpus" -i "$work/sample.index" --rebuild 2>/dev/null
        "$search" export -i "$work/sample.index" >"$work/sample.jsonl" 2>/dev/null
        python3 "$here/compose.py" "$work/sample.jsonl" "$1" "$work/articles.jsonl" "$queries"
    fi
    local figures
    figures=$(
        python3 - "$work/articles.jsonl" <<'END'
import json, sys, time
with open(sys.argv[1], encoding="utf-8") as lines:
    text = sum(len(f"{article['title']}\n{article['body']}".encode()) for article in map(json.loads, lines))
started, size = time.perf_counter(), 0
with open(sys.argv[1], "rb", buffering=0) as file:
    while block := file.read(1 << 20):
        size += len(block)
print(text, f"{size / 1e6 / (time.perf_counter() - started):.0f}")
END
    )
    read -r text_bytes read_mb_s <<<"$figures"
    say "$1 articles, $(per "$text_bytes" 1e6) MB of text ($source_of)"
    offset=$(($1 / 50 < 500 ? $1 / 50 : 500))
    python3 "$here/further.py" "$work/articles.jsonl" "$work/further.tsv" "$work/deep.tsv" "$offset" >"$work/frequencies"
}

speed_at() {
    local count=$1 times=${repeats:-$(($1 > 20000 ? 1 : 3))} asked=${repeats:-3} engine jobs round figures seconds text size
    archive "$count"
    note "$count" corpus text_mb - "$(per "$text_bytes" 1e6)"
    note "$count" corpus read_mb_s - "$read_mb_s"
    note "$count" corpus rounds indexing "$times"
    note "$count" corpus rounds queries "$asked"
    local name fewest most counted
    while IFS=$'\t' read -r name fewest most counted; do
        note "$count" corpus fewest "$name" "$fewest"
        note "$count" corpus most "$name" "$most"
        note "$count" corpus counted "$name" "$counted"
    done <"$work/frequencies"
    # once each without the text, which also warms the page cache for the timed runs
    for engine in "${engines[@]}"; do
        [[ $engine != search ]] || continue
        say "  $engine: index without text"
        figures=$(index_with "$engine" "$work/articles.jsonl" 1 ids)
        read -r seconds text size <<<"$figures"
        note "$count" "$engine" size_ids - "$(per "$size" "$text")"
    done
    # one engine after the other within a round: what slows the machine slows all of them
    for ((round = 1; round <= times; round++)); do
        for jobs in ${threads//,/ }; do
            for engine in "${engines[@]}"; do
                [[ $engine != fts5* || $jobs == 1 ]] || continue # SQLite writes on one thread
                say "  $engine: index, $jobs threads, round $round of $times"
                figures=$(index_with "$engine" "$work/articles.jsonl" "$jobs" store)
                read -r seconds text size <<<"$figures"
                note "$count" "$engine" "index_mb_s_$jobs" - "$(per "$text" "$seconds" 1e6)"
                note "$count" "$engine" index_mib_"$jobs" - "$(peak_mib)"
                note "$count" "$engine" size_store - "$(per "$size" "$text")"
            done
        done
    done
    note "$count" search size_ids - "$(per "$(bytes_in "$work/search.index" ! -name '*.store')" "$text_bytes")"
    sync # writing what was just made would take a core from the queries
    for ((round = 1; round <= asked; round++)); do
        for engine in "${engines[@]}"; do
            say "  $engine: queries, round $round of $asked"
            latencies "$count" "$engine" "$engine"
            [[ $engine != search ]] || latencies "$count" search-plain search --no-highlight
            note "$count" "$engine" fresh_ms - "$(fresh_with "$engine" 21)"
        done
    done
    for engine in "${engines[@]}"; do rm -rf "$work/$engine.index"; done
    rm -f "$work/articles.jsonl"
}
# latencies ARTICLES NAME ENGINE [FLAGS]: the queries of the archive, whose figures over all classes and whose memory are
# noted, and the further ones
latencies() {
    local figures
    figures=$(bench_with "$3" "$queries" 0 "${@:4}")
    note "$1" "$2" search_mib - "$(peak_mib)"
    note_latencies "$1" "$2" <<<"$figures"
    figures=$(bench_with "$3" "$work/further.tsv" 0 "${@:4}")
    note_latencies "$1" "$2" further_ < <(grep -v ^all <<<"$figures")
    [[ -s $work/deep.tsv ]] || return 0
    figures=$(bench_with "$3" "$work/deep.tsv" "$offset" "${@:4}")
    note_latencies "$1" "$2" further_ < <(grep -v ^all <<<"$figures")
}
# note_latencies ARTICLES NAME [PREFIX of the figures] <FIGURES
note_latencies() {
    local name number p50 p90 p99
    while IFS=$'\t' read -r name number p50 p90 p99; do
        note "$1" "$2" "${3-}queries" "$name" "$number"
        note "$1" "$2" "${3-}p50" "$name" "$p50"
        note "$1" "$2" "${3-}p90" "$name" "$p90"
        note "$1" "$2" "${3-}p99" "$name" "$p99"
    done
}

# ---- ranking: every set of the evaluation folder, one scorer for all

# judge SET ENGINE WHERE: every list of queries of a set over the index that ENGINE has made, a line each in ranking.tsv
judge() {
    local set=$1 engine=$2 where=$3 file kind qrels
    for file in "$set"*queries.tsv; do
        kind=${file##*/} kind=${kind%queries.tsv}
        qrels=$set${kind}qrels.tsv
        [[ -f $qrels ]] || qrels=${set}qrels.tsv
        command_line "$engine"
        case $engine in
            search) "$search" eval -i "$work/search.index" --queries "$file" --run-out "$work/run.trec" >/dev/null 2>"$work/log" || die "$(cat "$work/log")" ;;
            *) "${command_line[@]}" run "$work/$engine.index" "$engine" "$file" "$work/run.trec" 100 ;;
        esac
        python3 "$eval_dir/evaluate.py" "$qrels" "$work/run.trec" --qids "$file" |
            awk -v OFS='\t' -v set="$(basename "$set")${kind:+/${kind%.}}, $where" -v engine="$engine" '{ sub("n=", "", $7); print set, engine, $7, $2, $4, $6 }' >>"$out/ranking.tsv"
    done
}
ranking_of() {
    local set engine sets=()
    for set in "$eval_dir"/*/; do
        [[ ! -f ${set}corpus.jsonl || ! -f ${set}queries.tsv || ! -f ${set}qrels.tsv ]] || sets+=("$set")
    done
    # one thread: the order of articles, and with it that of equal scores, is the same every time
    text_bytes=0
    for engine in "${engines[@]}"; do
        [[ $engine != fts5* ]] || continue
        for set in "${sets[@]}"; do
            say "ranking: $(basename "$set"), $engine"
            index_with "$engine" "${set}corpus.jsonl" 1 ids >/dev/null
            judge "$set" "$engine" alone
        done
        say "ranking: all sets in one index, $engine"
        cat "${sets[@]/%/corpus.jsonl}" >"$work/union.jsonl"
        index_with "$engine" "$work/union.jsonl" 1 ids >/dev/null
        for set in "${sets[@]}"; do judge "$set" "$engine" union; done
        rm -rf "$work/$engine.index"
    done
}

# ---- the run

{
    printf 'machine\t%s, %s threads, %s GiB\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" "$(awk '/MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)"
    printf 'load\t%s\n' "$(cut -d ' ' -f 1 /proc/loadavg)"
    printf 'search\t%s, %s\n' "$("$search" --version)" "$built"
    if [[ $lucene_ready == yes ]]; then
        printf 'Lucene\t%s on %s\n' "$(basename "$jars"/lucene-core-*.jar .jar | sed 's/lucene-core-//')" "$(java -version 2>&1 | head -n 1 | cut -d ' ' -f 1-3)"
    fi
    if [[ $fts5_ready == yes ]]; then
        printf 'SQLite\t%s\n' "$(python3 -c 'import sqlite3; print(sqlite3.sqlite_version)')"
    fi
} >"$out/machine.tsv"
rm -f "$out"/{speed,ranking}.tsv "$out"/*.svg # of an earlier run
if [[ -n $speed ]]; then
    for count in ${articles//,/ }; do speed_at "$count"; done
    printf 'articles\t%s\n' "$source_of" >>"$out/machine.tsv"
fi
if [[ -n $ranking ]]; then
    if [[ -n $eval_dir && -f $eval_dir/evaluate.py ]]; then
        ranking_of
    else
        say "ranking: skipped, no evaluation folder; give --eval DIR"
    fi
fi
python3 "$here/report.py" "$out"
say "written: $out/peers.md and its plots"
