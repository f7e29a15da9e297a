import ApusAgents
import Foundation

/// How long a vendor asks to wait.
enum RetryAfter {
    /// From `retry-after-ms`, from `retry-after` as seconds or as a date beside the answer's own, or, where the limit is used up, from the
    /// time until a rate limit is fresh again.
    static func of(_ headers: HTTPHeaders) -> Duration? {
        if let text = headers["retry-after-ms"], let time = Double(text), time > 0, time < 1e12 {
            return .milliseconds(time)
        }
        if let text = headers["retry-after"] {
            if let time = parse(text) { return time }
            if let then = date(text), let now = headers["date"].flatMap(date) {
                return .seconds(max(0, then.timeIntervalSince(now)))
            }
        }
        for kind in ["requests", "tokens"] where headers["x-ratelimit-remaining-\(kind)"] == "0" {
            if let time = headers["x-ratelimit-reset-\(kind)"].flatMap(parse) { return time }
        }
        return nil
    }

    /// Reads "20", "1.5s", "120ms" and "6m0s".
    static func parse(_ text: String) -> Duration? {
        var total = 0.0
        var rest = Substring(text.trimmingPrefix(" "))
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard let number = Double(digits), number < 1e9 else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let seconds = ["": 1, "ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400][unit] else { return nil }
            total += number * seconds
        }
        return .seconds(total)
    }

    private static func date(_ text: String) -> Date? {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text)
    }
}
