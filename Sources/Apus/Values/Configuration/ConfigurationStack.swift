/// What each layer says of each setting, and which value counts, as a plain value.
///
/// A layer is read as a whole. A value in it that its setting does not accept is told, and what the layer said before stays.
struct ConfigurationStack: Sendable {
    /// A setting whose type only it knows.
    struct Declaration: Sendable {
        let name: String
        let isSecret: Bool
        let wanted: String
        let initial: any Sendable
        let read: @Sendable (JSON) -> (any Sendable)?
        let setting: @Sendable (any Sendable) -> JSON
    }

    typealias Source = @Sendable (_ name: String) -> JSON?

    private(set) var declarations: [String: Declaration] = [:]
    /// The names in the order in which they were declared.
    private(set) var names: [String] = []
    private var sources: [ConfigurationLayer: Source] = [:]
    /// What counts in each layer: accepted once, and not taken away since.
    private var accepted: [ConfigurationLayer: [String: any Sendable]] = [:]

    /// Lets a setting be known; returns what is wrong with what layers say of it.
    mutating func declare(_ declaration: Declaration) -> [ConfigurationError] {
        guard declarations[declaration.name] == nil else { return [] }
        declarations[declaration.name] = declaration
        names.append(declaration.name)
        return ConfigurationLayer.allCases.compactMap { layer in
            sources[layer].flatMap { read(declaration, from: $0, into: layer) }
        }
    }

    /// Reads a layer anew; returns what is wrong with it.
    mutating func load(_ layer: ConfigurationLayer, _ source: @escaping Source) -> [ConfigurationError] {
        sources[layer] = source
        return names.compactMap { name in declarations[name].flatMap { read($0, from: source, into: layer) } }
    }

    /// Sets one value of a layer, or takes it away.
    mutating func set(_ value: (any Sendable)?, of name: String, in layer: ConfigurationLayer) {
        accepted[layer, default: [:]][name] = value
    }

    private mutating func read(
        _ declaration: Declaration, from source: Source, into layer: ConfigurationLayer
    ) -> ConfigurationError? {
        guard let json = source(declaration.name) else {
            accepted[layer]?[declaration.name] = nil
            return nil
        }
        if let value = declaration.read(json) {
            accepted[layer, default: [:]][declaration.name] = value
            return nil
        }
        let found = declaration.isSecret ? Secret.mask : String("\(json)".prefix(80))
        return ConfigurationError(
            .badValue, in: layer, name: declaration.name, wanted: declaration.wanted, found: found)
    }

    /// The value that counts, and the layer that says so.
    func value(of name: String) -> (value: any Sendable, layer: ConfigurationLayer)? {
        for layer in ConfigurationLayer.allCases.reversed() {
            if let value = accepted[layer]?[name] { return (value, layer) }
        }
        return declarations[name].map { ($0.initial, .defaults) }
    }

    /// The value that counts as JSON, dots for a secret.
    func shown(_ name: String) -> JSON {
        guard let declaration = declarations[name], let value = value(of: name)?.value else { return .null }
        return declaration.isSecret ? .string(Secret.mask) : declaration.setting(value)
    }
}

extension ConfigurationKey {
    var declaration: ConfigurationStack.Declaration {
        ConfigurationStack.Declaration(
            name: name, isSecret: isSecret, wanted: wanted, initial: initial,
            read: { json in Value(setting: json).flatMap { accepts($0) ? $0 : nil } },
            setting: { ($0 as? Value)?.setting ?? .null })
    }
}
