import Foundation

/// A switch for a share of keys, such as customers: which of them have it on stays the same, and a larger share only adds to them.
///
/// As a setting it is `true`, `false`, a percentage such as `25%`, or an object with the members `percent`, `on` and `off`.
public struct FeatureRule: ConfigurationValue, Hashable, Codable {
    /// From 0 to 100.
    public var percent: Double
    /// Keys that have it on, and off, whatever the percentage says.
    public var on: [String] = []
    public var off: [String] = []

    public init(percent: Double, on: [String] = [], off: [String] = []) {
        self.percent = percent
        self.on = on
        self.off = off
    }

    public static let always = FeatureRule(percent: 100)
    public static let never = FeatureRule(percent: 0)

    public init?(setting: JSON) {
        if let isOn = Bool(setting: setting) {
            self = isOn ? .always : .never
        } else if let text = setting.text, text.hasSuffix("%"), let percent = Double(text.dropLast()) {
            self.init(percent: percent)
        } else if let percent = setting.double {
            self.init(percent: percent)
        } else {
            let json = setting.text.flatMap { try? JSON(parsing: $0) } ?? setting
            guard json.members != nil else { return nil }
            guard let percent = Double(setting: json["percent"] ?? 0), let on = [String](setting: json["on"] ?? []),
                let off = [String](setting: json["off"] ?? [])
            else { return nil }
            self.init(percent: percent, on: on, off: off)
        }
        guard (0...100).contains(percent) else { return nil }
    }

    public static var wanted: String {
        "true, false, a percentage from 0% to 100%, or an object with percent, on and off"
    }

    /// Whether the flag of a name is on for a key.
    func isOn(_ name: String, for key: String) -> Bool {
        if off.contains(key) { return false }
        if on.contains(key) || percent >= 100 { return true }
        return Double(StableHash.of(name, key)) < percent / 100 * 0x1p64
    }
}

/// A feature that some have and others have not.
public struct FeatureFlag: Sendable {
    public let key: ConfigurationKey<FeatureRule>

    public init(_ name: String, default rule: FeatureRule = .never) { key = ConfigurationKey(name, default: rule) }

    /// Whether a rule lets `subject` have it, the same one each time.
    public func isOn(for subject: String, under rule: FeatureRule) -> Bool { rule.isOn(key.name, for: subject) }
}

/// A choice between variants by weight: which one a key gets stays the same, and a variant whose weight grows only wins keys.
///
/// As a setting it is an object of weights: `{"old": 80, "new": 20}`.
public struct Split: ConfigurationValue, Hashable, Codable {
    /// Weights of 0 and more, by variant.
    public var weights: [String: Double]

    public init(_ weights: [String: Double]) { self.weights = weights }

    public init(from decoder: any Decoder) throws { weights = try [String: Double](from: decoder) }
    public func encode(to encoder: any Encoder) throws { try weights.encode(to: encoder) }

    public init?(setting: JSON) {
        let json = setting.text.flatMap { try? JSON(parsing: $0) } ?? setting
        guard let weights = try? json.decode(as: [String: Double].self),
            weights.values.allSatisfy({ $0 >= 0 && $0.isFinite }), weights.values.contains(where: { $0 > 0 })
        else { return nil }
        self.weights = weights
    }

    public static var wanted: String { "an object of weights, one of them above 0" }

    /// The variant of a key in the split of a name; `nil` if no weight is above 0.
    public func variant(of name: String, for key: String) -> String? {
        // A race of exponential clocks: a larger weight lets a variant's own clock ring earlier, and touches no other.
        let times = weights.filter { $0.value > 0 }.map { variant, weight in
            let share = (Double(StableHash.of(name, variant, key) >> 11) + 0.5) * 0x1p-53
            return (time: -log(share) / weight, variant: variant)
        }
        return times.min { ($0.time, $0.variant) < ($1.time, $1.variant) }?.variant
    }
}

/// A hash that is the same in every process and on every machine.
enum StableHash {
    static func of(_ parts: String...) -> UInt64 {
        var hash = SHA256()
        for part in parts {
            hash.update(Array(part.utf8))
            hash.update([0])
        }
        return hash.digest().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
