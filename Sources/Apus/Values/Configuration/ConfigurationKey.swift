/// A setting: its name, its type, and what counts where nobody says anything.
///
/// ```swift
/// enum Settings {
///     static let patience = ConfigurationKey("webhook.patience", default: Duration.seconds(5)) { $0 > .zero }
///     static let token = ConfigurationKey("webhook.token", default: Secret(""))
/// }
/// ```
public struct ConfigurationKey<Value: ConfigurationValue>: Sendable {
    /// Parts joined by dots: members of the file, and in capitals with underscores the environment variable.
    public let name: String
    public let initial: Value
    /// Whether its values are masked wherever they are told.
    public let isSecret: Bool
    let wanted: String
    let accepts: @Sendable (Value) -> Bool

    /// `wanted` says in words what a value has to be, if its type does not say all; `accepts` checks it.
    public init(
        _ name: String, default initial: Value, isSecret: Bool = Value.self is Secret.Type, wanted: String? = nil,
        where accepts: @escaping @Sendable (Value) -> Bool = { _ in true }
    ) {
        precondition(accepts(initial), "the default of the setting \(name) is none that it accepts")
        self.name = name
        self.initial = initial
        self.isSecret = isSecret || Value.self is Secret?.Type || Value.self is [Secret].Type
        self.wanted = wanted ?? Value.wanted
        self.accepts = accepts
    }

    /// What the environment variable is called: `APUS_WEBHOOK_PATIENCE` for `webhook.patience`.
    public func variable(_ prefix: String) -> String { ConfigurationName.variable(name, prefix) }
}

enum ConfigurationName {
    static func variable(_ name: String, _ prefix: String) -> String {
        var text = prefix.isEmpty ? "" : prefix + "_"
        var wasLower = false
        for letter in name {
            if wasLower, letter.isUppercase { text += "_" }
            text += letter.isLetter || letter.isNumber ? letter.uppercased() : "_"
            wasLower = letter.isLowercase
        }
        return text
    }

    /// What a JSON object says of a name, part by part.
    static func value(of name: String, in json: JSON) -> JSON? {
        name.split(separator: ".").reduce(json) { json, part in json?[String(part)] }
    }
}

/// Where a value comes from; later ones count more.
public enum ConfigurationLayer: String, Sendable, Hashable, Codable, CaseIterable {
    case defaults, file, environment, storage, override
}

/// What is wrong with a setting.
public struct ConfigurationError: ClassifiedError, Equatable, CustomStringConvertible {
    @nonexhaustive
    public enum Code: String, Sendable, Hashable {
        /// A value is none that the setting accepts. The one before it still counts.
        case badValue
        /// A layer can't be read. What it said before still counts.
        case unreadable
        /// A layer names a setting that nobody has declared.
        case unknownName
        /// A secret is not stored where everybody may read it.
        case secretRefused
    }

    public var code: Code
    public var layer: ConfigurationLayer
    public var name: String?
    /// What the setting wants, in words.
    public var wanted: String?
    /// What is there; dots for a secret.
    public var found: String?

    public init(
        _ code: Code, in layer: ConfigurationLayer, name: String? = nil, wanted: String? = nil, found: String? = nil
    ) {
        self.code = code
        self.layer = layer
        self.name = name
        self.wanted = wanted
        self.found = found
    }

    /// Equal codes for the same name in the same layer.
    public static func == (left: Self, right: Self) -> Bool {
        left.code == right.code && left.layer == right.layer && left.name == right.name
    }

    public var failureKind: FailureKind { .permanent }

    public var description: String {
        let place = (name.map { "The setting \"\($0)\"" } ?? "Settings") + " in the layer \(layer.rawValue)"
        let more = found.map { ", not \($0)" } ?? ""
        switch code {
        case .badValue:
            return "\(place) has to be \(wanted ?? "something else")\(more); the value before it still counts."
        case .unreadable:
            return "\(place) can't be read\(found.map { ": \($0)" } ?? ""); what was read before still counts."
        case .unknownName: return "\(place) has been declared by nobody; mend its spelling or take it away."
        case .secretRefused: return "\(place) is secret; store it where secrets are kept, and say so."
        }
    }
}

/// All that is wrong with the settings, found at once.
public struct ConfigurationErrors: Error, Equatable, CustomStringConvertible {
    public var errors: [ConfigurationError]

    public var description: String { errors.map(\.description).joined(separator: "\n") }
}
