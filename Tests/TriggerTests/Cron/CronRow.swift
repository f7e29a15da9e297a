import Apus
import CorpusKit
import Foundation

/// One row of the published cron vectors: an expression of one of three libraries, and what that library made of it.
struct CronRow: Sendable, CustomStringConvertible {
    let json: JSON
    var suite: String { json["suite"]?.string ?? "" }
    var kind: String { json["kind"]?.string ?? "" }
    var text: String { json["spec"]?.string ?? "" }
    var test: String { json["test"]?.string ?? "" }
    var description: String { json.description }

    static let all: [CronRow] = {
        guard Corpus.isExpected, let lines = try? Corpus.lines(of: "vectors/cron.jsonl.gz") else { return [] }
        return lines.compactMap { try? JSON(parsing: $0) }.map { CronRow(json: $0) }
    }()

    func option(_ name: String) -> JSON? { json["options"]?[name] }

    var words: [Substring] { text.split { $0 == " " || $0 == "\t" } }

    /// How this library reads expressions, in our words.
    var options: CronExpression.Options {
        var options = CronExpression.Options()
        guard suite == "croniter" else { return options }
        options.second = option("second_at_beginning") == true ? .first : .last
        options.days = option("day_or") == false ? .both : .either
        return options
    }

    /// The zone whose clock counts, unless the expression names one.
    var zone: TimeZone {
        if let name = json["tz"]?.string { return TimeZone(identifier: name) ?? .gmt }
        let time = json["time"]?.string ?? ""
        if time.hasPrefix("TZ=") { return TimeZone(identifier: String(time.dropFirst(3).prefix { $0 != " " })) ?? .gmt }
        guard let sign = time.last(where: { $0 == "+" || $0 == "-" }), let digits = Int(time.suffix(4)),
            time.contains("T")
        else { return .gmt }
        return TimeZone(secondsFromGMT: (digits / 100 * 3_600 + digits % 100 * 60) * (sign == "-" ? -1 : 1)) ?? .gmt
    }

    /// A moment as the vectors write it: seconds, ISO 8601 with or without an offset, or the words of a date. What is finer than a
    /// millisecond is rounded, up for one that moments before it are asked for.
    func moment(_ json: JSON?, _ rule: FloatingPointRoundingRule = .down) -> WallTime? {
        if let seconds = json?.number { return WallTime(milliseconds: Int64((seconds * 1_000).rounded(rule))) }
        guard var text = json?.string?[...] else { return nil }
        if text.hasPrefix("TZ=") { text = text.drop { $0 != " " }.dropFirst() }
        return text.contains("T") && text.contains("-") ? Self.iso(text, rule) : Self.words(text)
    }

    private static func iso(_ text: Substring, _ rule: FloatingPointRoundingRule) -> WallTime? {
        let parts = text.split(separator: "T")
        let date = parts[0].split(separator: "-").compactMap { Int($0) }
        guard parts.count == 2, date.count == 3 else { return nil }
        let clock = parts[1].prefix { $0 != "+" && $0 != "-" && $0 != "Z" }
        let zone = parts[1].dropFirst(clock.count)
        let numbers = clock.split(separator: ":").compactMap { Double($0) }
        let digits = zone.filter(\.isNumber)
        let ahead = digits.isEmpty ? 0 : (Int(digits.prefix(2)) ?? 0) * 60 + (Int(digits.suffix(2)) ?? 0)
        let seconds = numbers.enumerated().reduce(0.0) { $0 + $1.element * [3_600, 60, 1][$1.offset] }
        let offset = Double(zone.hasPrefix("-") ? -ahead : ahead) * 60
        return at(date[0], date[1], date[2], seconds - offset, rule)
    }

    /// The weekdays of some rows are wrong, which their library did not mind.
    private static func words(_ text: Substring) -> WallTime? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ")
        guard words.count == 5, let month = months.firstIndex(of: String(words[1])), let day = Int(words[2]),
            let year = Int(words[4])
        else { return nil }
        let numbers = words[3].split(separator: ":").compactMap { Double($0) }
        let seconds = numbers.enumerated().reduce(0.0) { $0 + $1.element * [3_600, 60, 1][$1.offset] }
        return at(year, month + 1, day, seconds, .down)
    }

    private static func at(
        _ year: Int, _ month: Int, _ day: Int, _ seconds: Double, _ rule: FloatingPointRoundingRule
    ) -> WallTime {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let date = calendar.date(from: DateComponents(year: year, month: month, day: day))
        let milliseconds = ((seconds * 1_000_000).rounded() / 1_000).rounded(rule)
        return WallTime(milliseconds: Int64(date?.timeIntervalSince1970 ?? 0) * 1_000 + Int64(milliseconds))
    }
}

extension JSON {
    var string: String? { if case .string(let text) = self { text } else { nil } }
    var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
    var list: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
}
