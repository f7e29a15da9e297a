import Apus

/// Why a row of the vectors says nothing about our dialect; the guide lists these with their counts.
enum CronDialect {
    static func reason(_ row: CronRow) -> String? {
        if row.suite == "robfig" { return robfig(row) }
        if row.suite == "cron-parser" { return cronParser(row) }
        return croniter(row)
    }

    /// Rows about the clock being put forward or back, in which robfig/cron goes another way.
    private static func robfig(_ row: CronRow) -> String? {
        let key = "\(row.json["time"]?.string ?? "") \(row.text)"
        if key.contains("2012-03-11T00:00:00-0500"), key.contains("0 30 2 11 Mar ?") || key.contains("0 0 2 * * ?") {
            return skipped
        }
        let isRepeated = key.contains("2012-11-04T01:")
        return isRepeated && (key.contains("0 30 1 04 Nov ?") || key.contains("-0400") && key.contains("0 0 1 * * ?"))
            ? repeatedHour : nil
    }

    private static func cronParser(_ row: CronRow) -> String? {
        if row.kind == "invalid" {
            return row.json["error"]?.string?.contains("duplicate values") ?? false ? duplicates : nil
        }
        if row.text.contains("H") { return hashes }
        if row.words.count < 5 { return "fewer than five fields" }
        if row.text.contains("\\") { return "blanks written as \\t" }
        return row.text.split(separator: " ").contains { $0.hasPrefix(",") || $0.hasSuffix(",") }
            ? "empty list items" : nil
    }

    private static func croniter(_ row: CronRow) -> String? {
        if row.option("hash_id") != nil || row.kind != "invalid" && row.text.contains("R") { return hashes }
        if row.option("expand_from_start_time") == true { return "steps counted from the start" }
        if row.option("implement_cron_bug") == true { return "the day rule of Vixie cron" }
        if row.kind == "invalid" { return mixed.contains(row.text) ? "counted weekdays beside others" : nil }
        if row.text.contains("*,sat#3") { return "counted weekdays beside others" }
        let calls = row.json["calls"]?.list ?? []
        if row.test.contains("match"), calls.first?[0] == "prev" { return "what match() asks for inside" }
        if quirks.contains(row.words.last?.lowercased() ?? "") || row.text.contains("Apr-Mar/2") {
            return "steps and full turns in ranges that go round"
        }
        guard let start = row.json["start"]?.string else { return "no start" }
        if ["+00:09", "+02:20", "-03:06"].contains(where: { start.contains($0) }) {
            return "a start in local mean time"
        }
        let isLimited = row.option("max_years_between_matches") != nil || row.option("day_or") == false
        if isLimited, calls.contains(where: { $0[1]?.string?.hasPrefix("ERR") ?? false }) {
            return "a limit on the years between matches"
        }
        return nil
    }

    private static let mixed = ["0 0 * * 5,6#3", "0 0 * * 5,L6"]
    private static let quirks: Set = ["thu-tue/2", "sun-sun", "7-7", "0-0"]
    static let skipped = "fixed times in a gap"
    static let repeatedHour = "fixed times in a repeated hour"
    static let duplicates = "numbers given twice"
    static let hashes = "hashed and random values"
}
