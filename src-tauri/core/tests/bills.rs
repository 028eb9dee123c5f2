//! Bills worked out by hand, to the nano-dollar, and what holds for every bill.
#![allow(
    clippy::expect_used,
    reason = "the lint spares tests, but not what they share"
)]

use jiff::civil::{Date, date};
use proptest::prelude::*;
use rheostat_core::catalog::models::Catalog;
use rheostat_core::money::bill::{Bill, BillLine, Category, bill, billed_tier};
use rheostat_core::money::prices::{PriceBook, Rates, Region, day_of};
use rheostat_core::openai::usage::Usage;

const NOW: Date = date(2026, 11, 22);

fn book() -> &'static PriceBook {
    PriceBook::builtin().expect("the embedded price book is sound")
}

/// Input, cached, written, output, reasoning.
fn tokens(input: u64, cached: u64, written: u64, output: u64, reasoning: u64) -> Usage {
    Usage {
        input_tokens: input,
        cached_tokens: cached,
        cache_write_tokens: written,
        output_tokens: output,
        reasoning_tokens: reasoning,
        ..Usage::default()
    }
}

struct Case {
    what: &'static str,
    model: &'static str,
    tier: Option<&'static str>,
    usage: Usage,
    at: Date,
    region: Region,
    /// (category, count, nano-dollars) of every line, in order.
    lines: Vec<(Category, u64, Option<u64>)>,
    total: Option<u64>,
}

fn case(
    what: &'static str,
    model: &'static str,
    tier: Option<&'static str>,
    usage: Usage,
    lines: Vec<(Category, u64, Option<u64>)>,
    total: Option<u64>,
) -> Case {
    Case {
        what,
        model,
        tier,
        usage,
        at: NOW,
        region: Region::Global,
        lines,
        total,
    }
}

/// The four lines of every bill: uncached, cached, reasoning, visible.
fn four(
    uncached: (u64, Option<u64>),
    cached: (u64, Option<u64>),
    reasoning: (u64, Option<u64>),
    visible: (u64, Option<u64>),
) -> Vec<(Category, u64, Option<u64>)> {
    vec![
        (Category::UncachedInput, uncached.0, uncached.1),
        (Category::CachedInput, cached.0, cached.1),
        (Category::Reasoning, reasoning.0, reasoning.1),
        (Category::VisibleOutput, visible.0, visible.1),
    ]
}

fn with(
    mut lines: Vec<(Category, u64, Option<u64>)>,
    at: usize,
    line: (Category, u64, Option<u64>),
) -> Vec<(Category, u64, Option<u64>)> {
    lines.insert(at, line);
    lines
}

/// At $1 per 1 M tokens a token is 1 000 nano-dollars; every figure below is that by hand.
#[rustfmt::skip] // A table is read by its columns.
fn cases() -> Vec<Case> {
    let small = tokens(1_000, 0, 0, 100, 40);
    let part_cached = tokens(10_000, 4_000, 0, 1_000, 600);
    vec![
        case("the design's run at High: 1 740 x $5 + 3 072 x $0.50 + 3 352 x $30 + 1 search",
            "gpt-5.5", Some("default"), Usage { file_searches: 1, ..tokens(4_812, 3_072, 0, 3_352, 2_610) },
            with(four((1_740, Some(8_700_000)), (3_072, Some(1_536_000)), (2_610, Some(78_300_000)), (742, Some(22_260_000))), 4, (Category::Tools, 1, Some(2_500_000))),
            Some(113_296_000)),
        case("default tier, nothing cached",
            "gpt-5.5", None, small,
            four((1_000, Some(5_000_000)), (0, Some(0)), (40, Some(1_200_000)), (60, Some(1_800_000))),
            Some(8_000_000)),
        case("a snapshot costs what its model costs",
            "gpt-5.5-2026-04-23", Some("auto"), small,
            four((1_000, Some(5_000_000)), (0, Some(0)), (40, Some(1_200_000)), (60, Some(1_800_000))),
            Some(8_000_000)),
        case("no tokens at all cost nothing, and that is known",
            "gpt-5.5", None, Usage::default(),
            four((0, Some(0)), (0, Some(0)), (0, Some(0)), (0, Some(0))),
            Some(0)),
        case("batch is half",
            "gpt-5.5", Some("batch"), part_cached,
            four((6_000, Some(15_000_000)), (4_000, Some(1_000_000)), (600, Some(9_000_000)), (400, Some(6_000_000))),
            Some(31_000_000)),
        case("flex is half",
            "gpt-5.5", Some("flex"), part_cached,
            four((6_000, Some(15_000_000)), (4_000, Some(1_000_000)), (600, Some(9_000_000)), (400, Some(6_000_000))),
            Some(31_000_000)),
        case("priority is 2.5 times",
            "gpt-5.5", Some("priority"), part_cached,
            four((6_000, Some(75_000_000)), (4_000, Some(5_000_000)), (600, Some(45_000_000)), (400, Some(30_000_000))),
            Some(155_000_000)),
        case("fast is another name of priority",
            "gpt-5.5", Some("fast"), part_cached,
            four((6_000, Some(75_000_000)), (4_000, Some(5_000_000)), (600, Some(45_000_000)), (400, Some(30_000_000))),
            Some(155_000_000)),
        case("asked for fast, served as default: the response's tier is billed",
            "gpt-5.5", Some("default"), part_cached,
            four((6_000, Some(30_000_000)), (4_000, Some(2_000_000)), (600, Some(18_000_000)), (400, Some(12_000_000))),
            Some(62_000_000)),
        case("272 000 input tokens are short: 271 000 x $5, 1 000 x $0.50, 10 x $30",
            "gpt-5.5", None, tokens(272_000, 1_000, 0, 10, 0),
            four((271_000, Some(1_355_000_000)), (1_000, Some(500_000)), (0, Some(0)), (10, Some(300_000))),
            Some(1_355_800_000)),
        case("272 001 make all of it long: 271 001 x $10, 1 000 x $1, 10 x $45",
            "gpt-5.5", None, tokens(272_001, 1_000, 0, 10, 0),
            four((271_001, Some(2_710_010_000)), (1_000, Some(1_000_000)), (0, Some(0)), (10, Some(450_000))),
            Some(2_711_460_000)),
        case("long in batch: $5 and $22.50",
            "gpt-5.5", Some("batch"), tokens(300_000, 0, 0, 1_000, 1_000),
            four((300_000, Some(1_500_000_000)), (0, Some(0)), (1_000, Some(22_500_000)), (0, Some(0))),
            Some(1_522_500_000)),
        case("long in flex with cache: $5, $0.50, $22.50",
            "gpt-5.5", Some("flex"), tokens(300_000, 100_000, 0, 1_000, 0),
            four((200_000, Some(1_000_000_000)), (100_000, Some(50_000_000)), (0, Some(0)), (1_000, Some(22_500_000))),
            Some(1_072_500_000)),
        case("priority has no long price: unknown, not free",
            "gpt-5.5", Some("priority"), tokens(272_001, 0, 0, 10, 0),
            four((272_001, None), (0, None), (0, None), (10, None)),
            None),
        case("a tier without a price",
            "gpt-5.5", Some("ultrafast"), small,
            four((1_000, None), (0, None), (40, None), (60, None)),
            None),
        case("gpt-5.5 has no charge for cache writes: they are plain input",
            "gpt-5.5", None, tokens(10_000, 2_000, 3_000, 0, 0),
            four((8_000, Some(40_000_000)), (2_000, Some(1_000_000)), (0, Some(0)), (0, Some(0))),
            Some(41_000_000)),
        case("pro bills cached input in full: 10 000 x $30, 1 000 x $180",
            "gpt-5.5-pro", None, part_cached,
            four((6_000, Some(180_000_000)), (4_000, Some(120_000_000)), (600, Some(108_000_000)), (400, Some(72_000_000))),
            Some(480_000_000)),
        case("pro long: $60 and $270",
            "gpt-5.5-pro-2026-04-23", None, tokens(300_000, 100_000, 0, 100, 100),
            four((200_000, Some(12_000_000_000)), (100_000, Some(6_000_000_000)), (100, Some(27_000_000)), (0, Some(0))),
            Some(18_027_000_000)),
        case("pro in batch: $15 and $90",
            "gpt-5.5-pro", Some("batch"), small,
            four((1_000, Some(15_000_000)), (0, Some(0)), (40, Some(3_600_000)), (60, Some(5_400_000))),
            Some(24_000_000)),
        case("pro in batch over 272 000 has no listed price",
            "gpt-5.5-pro", Some("batch"), tokens(272_001, 0, 0, 10, 0),
            four((272_001, None), (0, None), (0, None), (10, None)),
            None),
        case("pro has no fast tier",
            "gpt-5.5-pro", Some("fast"), small,
            four((1_000, None), (0, None), (40, None), (60, None)),
            None),
        case("gpt-5.4 in batch: cached is $0.13, not half of $0.25",
            "gpt-5.4", Some("batch"), tokens(1_000, 1_000, 0, 0, 0),
            four((0, Some(0)), (1_000, Some(130_000)), (0, Some(0)), (0, Some(0))),
            Some(130_000)),
        case("half a nano goes up: a cached token at 37.5, beside one at 375 and one at 2 250",
            "gpt-5.4-mini", Some("batch"), tokens(2, 1, 0, 1, 0),
            four((1, Some(375)), (1, Some(38)), (0, Some(0)), (1, Some(2_250))),
            Some(2_663)),
        case("three times 37.5 is 112.5, so 113",
            "gpt-5.4-mini", Some("flex"), tokens(3, 3, 0, 0, 0),
            four((0, Some(0)), (3, Some(113)), (0, Some(0)), (0, Some(0))),
            Some(113)),
        case("nano in batch: $0.10 and $0.625",
            "gpt-5.4-nano", Some("batch"), tokens(10, 0, 0, 3, 1),
            four((10, Some(1_000)), (0, Some(0)), (1, Some(625)), (2, Some(1_250))),
            Some(2_875)),
        case("a small model has no long price",
            "gpt-5.4-mini", None, tokens(272_001, 0, 0, 1, 0),
            four((272_001, None), (0, None), (0, None), (1, None)),
            None),
        case("gpt-5.4-pro lists no cached price and no rule for it: only that part is unknown",
            "gpt-5.4-pro", None, tokens(1_000, 400, 0, 0, 0),
            four((600, Some(18_000_000)), (400, None), (0, Some(0)), (0, Some(0))),
            Some(18_000_000)),
        case("gpt-5.6 charges writes: 5 000 x $4, 2 000 x $0.40, 3 000 x $5, 100 x $20",
            "gpt-5.6-sol", None, tokens(10_000, 2_000, 3_000, 100, 0),
            with(four((5_000, Some(20_000_000)), (2_000, Some(800_000)), (0, Some(0)), (100, Some(2_000_000))), 2, (Category::CacheWrite, 3_000, Some(15_000_000))),
            Some(37_800_000)),
        Case { at: date(2026, 8, 20), ..case("the same the day before the price fell: $5, $0.50, $6.25, $30",
            "gpt-5.6", None, tokens(10_000, 2_000, 3_000, 100, 0),
            with(four((5_000, Some(25_000_000)), (2_000, Some(1_000_000)), (0, Some(0)), (100, Some(3_000_000))), 2, (Category::CacheWrite, 3_000, Some(18_750_000))),
            Some(47_750_000)) },
        Case { at: date(2026, 8, 21), ..case("and on the day that it fell",
            "gpt-5.6", None, tokens(1_000, 0, 0, 100, 0),
            four((1_000, Some(4_000_000)), (0, Some(0)), (0, Some(0)), (100, Some(2_000_000))),
            Some(6_000_000)) },
        case("gpt-6-luna in flex: 5 x 50 nano, 3 x 5, a write at 62.5 rounded up, 1 x 250",
            "gpt-6-luna", Some("flex"), tokens(9, 3, 1, 1, 0),
            with(four((5, Some(250)), (3, Some(15)), (0, Some(0)), (1, Some(250))), 2, (Category::CacheWrite, 1, Some(63))),
            Some(578)),
        case("gpt-6.2-astra: what is cached has no known price and is left out",
            "gpt-6.2-astra", None, tokens(1_000, 400, 100, 10, 0),
            with(four((500, Some(4_000_000)), (400, None), (0, Some(0)), (10, Some(400_000))), 2, (Category::CacheWrite, 100, None)),
            Some(4_400_000)),
        case("gpt-6.2-sol with only cached input: nothing counted has a price, so no $0",
            "gpt-6.2-sol", None, tokens(400, 400, 0, 0, 0),
            four((0, Some(0)), (400, None), (0, Some(0)), (0, Some(0))),
            None),
        case("tools: 3 web searches at $10 and 2 file searches at $2.50 per 1 000",
            "gpt-5.5", None, Usage { web_searches: 3, file_searches: 2, ..small },
            with(with(four((1_000, Some(5_000_000)), (0, Some(0)), (40, Some(1_200_000)), (60, Some(1_800_000))), 4, (Category::Tools, 3, Some(30_000_000))), 5, (Category::Tools, 2, Some(5_000_000))),
            Some(43_000_000)),
        case("an unknown model: its searches have a price, its tokens have none, so no total",
            "my-own-model", None, Usage { web_searches: 1, ..tokens(300_000, 5, 2, 10, 4) },
            with(with(four((299_993, None), (5, None), (4, None), (6, None)), 2, (Category::CacheWrite, 2, None)), 5, (Category::Tools, 1, Some(10_000_000))),
            None),
        Case { region: Region::Resident, ..case("a data-residency host adds 10%: $5.50, $0.55, $33",
            "gpt-5.5", None, part_cached,
            four((6_000, Some(33_000_000)), (4_000, Some(2_200_000)), (600, Some(19_800_000)), (400, Some(13_200_000))),
            Some(68_200_000)) },
        Case { region: Region::Resident, ..case("10% on a fraction: 41.25 nano and 412.5 nano, rounded once",
            "gpt-5.4-mini", Some("batch"), tokens(2, 1, 0, 0, 0),
            four((1, Some(413)), (1, Some(41)), (0, Some(0)), (0, Some(0))),
            Some(454)) },
        case("usage that contradicts itself is cut to fit",
            "gpt-5.5", None, tokens(100, 250, 50, 10, 99),
            four((0, Some(0)), (100, Some(50_000)), (10, Some(300_000)), (0, Some(0))),
            Some(350_000)),
        case("more written than there is input",
            "gpt-5.6-luna", None, tokens(100, 40, 900, 0, 0),
            with(four((0, Some(0)), (40, Some(800)), (0, Some(0)), (0, Some(0))), 2, (Category::CacheWrite, 60, Some(15_000))),
            Some(15_800)),
    ]
}

fn billed(case: &Case) -> Bill {
    bill(
        book(),
        case.model,
        case.tier,
        &case.usage,
        case.at,
        case.region,
    )
}

#[test]
fn bills_are_exact_to_the_nano_dollar() {
    let cases = cases();
    assert!(cases.len() >= 25);
    for case in &cases {
        let bill = billed(case);
        let lines: Vec<_> = bill
            .lines
            .iter()
            .map(|line| (line.category, line.count, line.amount))
            .collect();
        assert_eq!(
            (lines, bill.total),
            (case.lines.clone(), case.total),
            "{}",
            case.what
        );
        let unknown = |line: &BillLine| line.count > 0 && line.amount.is_none();
        assert_eq!(
            bill.partly_unpriced,
            bill.lines.iter().any(unknown),
            "{}",
            case.what
        );
        assert_eq!(bill.price_date, "2026-11-12");
    }
}

#[test]
fn a_whole_bill_says_its_rates_its_tier_and_its_day() {
    let usage = Usage {
        file_searches: 1,
        ..tokens(4_812, 3_072, 0, 3_352, 2_610)
    };
    let line = |category, label: Option<&str>, count, rate, per, amount| BillLine {
        category,
        label: label.map(Into::into),
        count,
        rate: Some(rate),
        per,
        amount: Some(amount),
    };
    let million = 1_000_000;
    assert_eq!(
        bill(
            book(),
            "gpt-5.5",
            Some("default"),
            &usage,
            NOW,
            Region::Global
        ),
        Bill {
            lines: vec![
                line(
                    Category::UncachedInput,
                    None,
                    1_740,
                    5_000_000_000,
                    million,
                    8_700_000
                ),
                line(
                    Category::CachedInput,
                    None,
                    3_072,
                    500_000_000,
                    million,
                    1_536_000
                ),
                line(
                    Category::Reasoning,
                    None,
                    2_610,
                    30_000_000_000,
                    million,
                    78_300_000
                ),
                line(
                    Category::VisibleOutput,
                    None,
                    742,
                    30_000_000_000,
                    million,
                    22_260_000
                ),
                line(
                    Category::Tools,
                    Some("file_search"),
                    1,
                    2_500_000_000,
                    1_000,
                    2_500_000
                ),
            ],
            total: Some(113_296_000),
            partly_unpriced: false,
            tier: "default".into(),
            long_context: false,
            price_date: "2026-11-12".into(),
        }
    );
}

#[test]
fn long_context_is_said_only_of_models_that_the_book_knows() {
    let long = |model, tier, input| {
        bill(
            book(),
            model,
            tier,
            &tokens(input, 0, 0, 0, 0),
            NOW,
            Region::Global,
        )
        .long_context
    };
    assert!(!long("gpt-5.5", None, 272_000));
    assert!(long("gpt-5.5", None, 272_001));
    assert!(long("gpt-5.5", Some("fast"), 272_001));
    assert!(!long("my-own-model", None, 272_001));
}

#[test]
fn tiers_have_one_name_each() {
    let tiers = [
        None,
        Some(""),
        Some("auto"),
        Some("default"),
        Some("fast"),
        Some("priority"),
        Some("flex"),
        Some("scale"),
    ];
    assert_eq!(
        tiers.map(billed_tier),
        [
            "default", "default", "default", "default", "priority", "priority", "flex", "scale"
        ]
    );
}

#[test]
fn the_regional_rate_stands_in_the_line() {
    let bill = bill(
        book(),
        "gpt-5.5",
        None,
        &tokens(1, 0, 0, 0, 0),
        NOW,
        Region::Resident,
    );
    assert_eq!(bill.lines[0].rate, Some(5_500_000_000));
}

#[test]
fn regions_are_told_by_the_host_alone() {
    for host in ["us", "eu", "ae", "au", "in", "jp"] {
        let url = format!("https://{host}.api.openai.com/v1");
        assert_eq!(book().region(&url), Region::Resident, "{url}");
    }
    for url in [
        "https://api.openai.com/v1",
        "http://127.0.0.1:4010/v1?to=eu.api.openai.com",
        "https://eu.api.openai.com.example.org/v1",
        "https://ch.api.openai.com/v1",
        "eu.api.openai.com",
        "",
    ] {
        assert_eq!(book().region(url), Region::Global, "{url}");
    }
    assert_eq!(
        book().region("HTTPS://EU.API.OPENAI.COM:443"),
        Region::Resident
    );
}

#[test]
fn days_are_in_utc() {
    assert_eq!(day_of(0), date(1970, 1, 1));
    assert_eq!(day_of(1_787_270_399_999), date(2026, 8, 20));
    assert_eq!(day_of(1_787_270_400_000), date(2026, 8, 21));
    assert_eq!(day_of(i64::MAX).year(), 9999);
    assert_eq!(day_of(i64::MIN).year(), -9999);
}

/// The prices of the family in nano-dollars per 1 M tokens, typed from API.md 1.2.
#[test]
fn the_book_holds_the_published_prices_of_the_family() {
    let rates = |input, cached_input, output| Rates {
        input: Some(input),
        cached_input: Some(cached_input),
        cache_write: None,
        output: Some(output),
    };
    let find = |model, tier| book().price(model, tier, NOW).map(|p| (p.short, p.long));
    let half = (
        rates(2_500_000_000, 250_000_000, 15_000_000_000),
        Some(rates(5_000_000_000, 500_000_000, 22_500_000_000)),
    );
    assert_eq!(
        find("gpt-5.5", "default"),
        Some((
            rates(5_000_000_000, 500_000_000, 30_000_000_000),
            Some(rates(10_000_000_000, 1_000_000_000, 45_000_000_000)),
        ))
    );
    assert_eq!(find("gpt-5.5", "batch"), Some(half));
    assert_eq!(find("gpt-5.5", "flex"), Some(half));
    assert_eq!(
        find("gpt-5.5", "priority"),
        Some((rates(12_500_000_000, 1_250_000_000, 75_000_000_000), None))
    );
    // Pro: cached input at the full rate of input.
    let pro_half = rates(15_000_000_000, 15_000_000_000, 90_000_000_000);
    assert_eq!(
        find("gpt-5.5-pro", "default"),
        Some((
            rates(30_000_000_000, 30_000_000_000, 180_000_000_000),
            Some(rates(60_000_000_000, 60_000_000_000, 270_000_000_000)),
        ))
    );
    assert_eq!(find("gpt-5.5-pro", "batch"), Some((pro_half, None)));
    assert_eq!(find("gpt-5.5-pro", "flex"), Some((pro_half, None)));
    assert_eq!(find("gpt-5.5-pro", "priority"), None);
    assert_eq!(book().tools().web_search, 10_000_000_000);
    assert_eq!(book().tools().file_search, 2_500_000_000);
    assert_eq!(book().regional_percent(), 10);
    assert_eq!(book().date(), "2026-11-12");
}

/// Standard prices of the other rows of API.md 1.2, in thousandths of a cent per 1 M tokens:
/// input, cached, write, output, and the same for long context. 0 stands for no price.
#[test]
fn the_book_holds_the_standard_prices_of_the_other_models() {
    let rows: &[(&str, [u64; 4], [u64; 4])] = &[
        (
            "gpt-5.4",
            [250_000, 25_000, 0, 1_500_000],
            [500_000, 50_000, 0, 2_250_000],
        ),
        (
            "gpt-5.4-pro",
            [3_000_000, 0, 0, 18_000_000],
            [6_000_000, 0, 0, 27_000_000],
        ),
        ("gpt-5.4-mini", [75_000, 7_500, 0, 450_000], [0; 4]),
        ("gpt-5.4-nano", [20_000, 2_000, 0, 125_000], [0; 4]),
        (
            "gpt-5.6-sol",
            [400_000, 40_000, 500_000, 2_000_000],
            [800_000, 80_000, 1_000_000, 3_000_000],
        ),
        (
            "gpt-5.6-terra",
            [200_000, 20_000, 250_000, 1_200_000],
            [400_000, 40_000, 500_000, 1_800_000],
        ),
        (
            "gpt-5.6-luna",
            [20_000, 2_000, 25_000, 120_000],
            [40_000, 4_000, 50_000, 180_000],
        ),
        (
            "gpt-6-astra",
            [1_000_000, 100_000, 1_250_000, 5_000_000],
            [2_000_000, 200_000, 2_500_000, 7_500_000],
        ),
        (
            "gpt-6-sol",
            [200_000, 20_000, 250_000, 1_000_000],
            [400_000, 40_000, 500_000, 1_500_000],
        ),
        (
            "gpt-6-luna",
            [10_000, 1_000, 12_500, 50_000],
            [20_000, 2_000, 25_000, 75_000],
        ),
        (
            "gpt-6.1-sol",
            [200_000, 10_000, 250_000, 1_000_000],
            [400_000, 20_000, 500_000, 1_500_000],
        ),
        (
            "gpt-6.1-terra",
            [100_000, 5_000, 125_000, 500_000],
            [200_000, 10_000, 250_000, 750_000],
        ),
        ("gpt-6.2-astra", [800_000, 0, 0, 4_000_000], [0; 4]),
        ("gpt-6.2-sol", [200_000, 0, 0, 1_000_000], [0; 4]),
    ];
    let rates = |cells: [u64; 4]| {
        let [input, cached_input, cache_write, output] =
            cells.map(|cell| (cell > 0).then_some(cell * 10_000));
        Rates {
            input,
            cached_input,
            cache_write,
            output,
        }
    };
    for (model, short, long) in rows {
        let price = book().price(model, "default", NOW).expect(model);
        assert_eq!(price.short, rates(*short), "{model}");
        assert_eq!(
            price.long,
            (long[0] > 0).then(|| rates(*long)),
            "{model} long"
        );
        assert!(!price.source.is_empty(), "{model} has a source");
    }
}

#[test]
fn catalog_and_price_book_know_the_same_models_by_the_same_names() {
    let catalog = Catalog::builtin().expect("the embedded catalog is sound");
    for id in book().models() {
        let known = catalog.model(id).map(|model| model.id.as_str());
        assert_eq!(known, Some(id), "the catalog has {id} under its own name");
    }
    for model in catalog.models() {
        let price = book().price(&model.id, "default", NOW);
        assert!(price.is_some(), "{} has a price", model.id);
        for name in &catalog.notes(&model.id).expect("notes").snapshots {
            assert_eq!(book().price(name, "default", NOW), price, "{name}");
        }
    }
}

#[test]
fn a_broken_book_is_an_error_with_its_cause() {
    let whole = include_str!("../data/prices.json");
    for (text, cause) in [
        ("", "EOF"),
        (&whole.replace("\"2026-11-12\",", "\"November\","), "year"),
        (&whole.replace("2026-08-21\",", "2026-13-40\","), "month"),
        (&whole.replacen("\"output\"", "\"outptu\"", 1), "outptu"),
        (&whole.replacen(": 5000000000", ": -5", 1), "-5"),
    ] {
        let error = PriceBook::parse(text).expect_err("a broken book is refused");
        assert_eq!(error.message, "The price book cannot be read");
        let detail = error.detail.expect("a cause");
        assert!(detail.contains(cause), "{detail:?} names {cause:?}");
    }
}

fn any_usage() -> impl Strategy<Value = Usage> {
    let count = || prop_oneof![0u64..50, 0u64..400_000, any::<u32>().prop_map(u64::from)];
    (
        count(),
        count(),
        count(),
        count(),
        count(),
        0u64..5,
        0u64..5,
    )
        .prop_map(
            |(input, cached, written, output, reasoning, web, file)| Usage {
                web_searches: web,
                file_searches: file,
                ..tokens(input, cached, written, output, reasoning)
            },
        )
}

fn any_model() -> impl Strategy<Value = &'static str> {
    let mut models: Vec<&'static str> = book().models().collect();
    models.push("my-own-model");
    prop::sample::select(models)
}

fn any_tier() -> impl Strategy<Value = Option<&'static str>> {
    prop::sample::select(vec![
        None,
        Some("batch"),
        Some("flex"),
        Some("fast"),
        Some("scale"),
    ])
}

fn any_region() -> impl Strategy<Value = Region> {
    prop::sample::select(vec![Region::Global, Region::Resident])
}

proptest! {
    #[test]
    fn the_lines_add_up_and_nothing_unknown_is_free(
        usage in any_usage(), model in any_model(), tier in any_tier(), region in any_region()
    ) {
        let bill = bill(book(), model, tier, &usage, NOW, region);
        let sum: u64 = bill.lines.iter().filter_map(|line| line.amount).sum();
        prop_assert!(bill.total.is_none_or(|total| total == sum));
        for line in &bill.lines {
            prop_assert_eq!(line.rate.is_none(), line.amount.is_none());
            prop_assert!(line.count == 0 || line.amount != Some(0) || line.rate.is_some());
        }
        let token_lines = || bill.lines.iter().filter(|line| line.category != Category::Tools);
        let counted: u64 = token_lines().map(|line| line.count).sum();
        prop_assert_eq!(counted, usage.input_tokens + usage.output_tokens, "every token once");
        if token_lines().all(|line| line.amount.is_none()) {
            prop_assert_eq!(bill.total, None);
        }
        if bill.total == Some(0) {
            prop_assert!(token_lines().all(|line| line.count == 0 || line.amount.is_some()));
        }
    }

    #[test]
    fn more_tokens_never_cost_less_within_a_bracket(
        usage in any_usage(), model in any_model(), tier in any_tier(), region in any_region(),
        more in 0u64..10_000, field in 0usize..3
    ) {
        let mut larger = usage;
        match field {
            0 => larger.input_tokens += more,
            1 => larger.output_tokens += more,
            _ => larger.web_searches += more,
        }
        let low = bill(book(), model, tier, &usage, NOW, region);
        let high = bill(book(), model, tier, &larger, NOW, region);
        // Cut-off parts grow into room that appears, so only usage that fits is comparable.
        let fits = usage.cached_tokens + usage.cache_write_tokens <= usage.input_tokens
            && usage.reasoning_tokens <= usage.output_tokens;
        if fits
            && low.long_context == high.long_context
            && let (Some(low), Some(high)) = (low.total, high.total)
        {
            prop_assert!(low <= high, "{low} <= {high}");
        }
    }

    #[test]
    fn crossing_the_threshold_never_costs_less(output in 0u64..10_000, cached in 0u64..272_000) {
        let at = |input| {
            bill(book(), "gpt-5.5", None, &tokens(input, cached, 0, output, 0), NOW, Region::Global).total
        };
        prop_assert!(at(272_000) < at(272_001));
    }
}
